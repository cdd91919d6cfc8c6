"""
Sending e-mail by the office's own mailbox: answers stand in their thread, and no program answers them (RFC 3834).

What became of a mail is only unsure from when the server said that the text may come (354) until it said that it took
it. Whatever ends before that, nobody accepted; a refusal afterwards is one too (RFC 5321, section 4.2.5).
"""

import re
import secrets
import smtplib
import ssl
from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import formatdate
from time import monotonic
from typing import Any

from automation.channels.inbound.email_words import ADDRESS, one_line
from automation.channels.outbound.mail_account import MailAccount, Security, mail_account
from automation.channels.outbound.post import Post, Send
from automation.channels.outcome import Outcome, Result

TIMEOUT_SECONDS = 20
"""For one mail altogether, from connecting on."""
MOST_IDS = 20
"""Of a thread, the newest."""
LONGEST_SUBJECT = 200
WAIT_AFTER_4XX = 300
"""Seconds: who refuses for now often asks for a few minutes (greylisting)."""
NO_SUBJECT = "Pengaduan"
_THREADED = ("in-reply-to", "references", "message-id")


def mail_sender(mailbox: str, *, timeout: float = TIMEOUT_SECONDS) -> Send:
    """
    A function that sends one letter to `to.person`, as an answer in the thread `to.thread` if there is one.

    Its outcome's proof is the Message-ID without brackets, as `Report.message` names it.

    Args:
        mailbox: The setting `ADUAN_MAILBOX`.
        timeout: Seconds for a letter altogether.
    """

    def send(letter: Post) -> Outcome:
        try:
            account = mail_account(mailbox)
        except ValueError:
            return Outcome(Result.REFUSED, "ADUAN_MAILBOX tidak dapat dipakai; periksa dengan aduan doctor")
        own_id = f"{secrets.token_hex(16)}@{account.domain}"
        try:
            mail = _mail(account, letter, own_id)
        except (ValueError, LookupError, MessageError):  # an address that only looks like one
            return Outcome(Result.REFUSED, _NOT_AN_ADDRESS, hopeless=True)
        return _sent(account, letter.to.person, mail, own_id, timeout)

    return send


def titled(ticket: str, subject: str) -> str:
    """A subject with its ticket in front, once: `[ABCD-EFGH-J] Pengaduan Anda diterima`."""
    mark = f"[{ticket}]"
    rest = one_line(subject.replace(mark, " "))
    return f"{mark} {rest}".strip()


class _Wire(EmailPolicy):
    """Ids as they are: Python would break long ones and write them as encoded words, which no mailer reads as ids."""

    def fold(self, name: str, value: Any) -> str:
        if name.casefold() in _THREADED:
            return f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.casefold() in _THREADED:
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


_WIRE = _Wire() + SMTP
_NOT_AN_ADDRESS = "alamat e-mail penerima tidak dapat dipakai; hubungi pelapor dengan cara lain"


def _mail(account: MailAccount, letter: Post, own_id: str) -> EmailMessage:
    """Raises: ValueError or LookupError if the recipient's address is none."""
    thread = [each for each in letter.to.thread.split() if re.fullmatch(r"[!-;=?-~]{3,250}", each)][-MOST_IDS:]
    mail = EmailMessage(policy=_WIRE)
    mail["From"] = Mailbox(one_line(account.name), addr_spec=account.sender)
    mail["To"] = Mailbox(addr_spec=_one_address(letter.to.person))
    mail["Subject"] = one_line(letter.subject)[:LONGEST_SUBJECT] or NO_SUBJECT
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = f"<{own_id}>"
    if thread:
        mail["In-Reply-To"] = f"<{thread[-1]}>"
        mail["References"] = " ".join(f"<{each}>" for each in thread)
    mail["Auto-Submitted"] = "auto-replied" if thread else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text.encode("utf-8", "replace").decode("utf-8"), cte="quoted-printable")
    return mail


def _one_address(text: str) -> str:
    if not (ADDRESS.fullmatch(text) and text.isascii()):
        raise ValueError("not an address")
    return text


class _Timed:
    """What remains of the time for all commands together is the time for the next."""

    sock: Any

    def __init__(self, ends_at: float, *arguments: Any, **options: Any) -> None:
        self._ends_at = ends_at
        super().__init__(*arguments, **options)

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None:
            self.sock.settimeout(max(0.01, self._ends_at - monotonic()))
        return super().getreply()  # type: ignore[misc,no-any-return]  # of smtplib.SMTP, with which it is mixed


class _Smtp(_Timed, smtplib.SMTP):
    pass


class _SmtpTls(_Timed, smtplib.SMTP_SSL):
    pass


def _sent(account: MailAccount, recipient: str, mail: EmailMessage, own_id: str, timeout: float) -> Outcome:
    try:
        server = _connected(account, timeout)
    except (OSError, ValueError) as error:  # ValueError: a name that cannot be one, or letters outside ASCII
        return _not_connected(error)
    try:
        return _announced(server, account, recipient) or _handed_over(server, mail.as_bytes(), own_id)
    finally:
        server.close()


def _connected(account: MailAccount, timeout: float) -> smtplib.SMTP:
    """Greeted and logged in. Raises: OSError, of which smtplib's errors are, or ValueError."""
    context = ssl.create_default_context()  # smtplib's own would believe any certificate
    if not account.verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    server: _Smtp | _SmtpTls
    if account.security is Security.SSL:
        server = _SmtpTls(monotonic() + timeout, account.host, account.port, timeout=timeout, context=context)
    else:
        server = _Smtp(monotonic() + timeout, account.host, account.port, timeout=timeout)
    try:
        if account.security is Security.STARTTLS:
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if account.user:
            server.login(account.user, account.password)
    except BaseException:
        server.close()
        raise
    return server


def _not_connected(error: Exception) -> Outcome:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        problem = "server e-mail menolak nama pengguna atau kata sandi; periksa ADUAN_MAILBOX"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        problem = "server e-mail tidak menyediakan sambungan aman atau cara masuk itu; periksa ADUAN_MAILBOX"
    elif isinstance(error, ssl.SSLCertVerificationError):
        problem = "sertifikat server e-mail tidak dapat dipercaya; periksa nama server pada ADUAN_MAILBOX"
    elif isinstance(error, smtplib.SMTPResponseException):
        problem = f"server e-mail menolak sambungan (kode {error.smtp_code}); periksa ADUAN_MAILBOX"
    else:
        problem = "server e-mail tidak terhubung; periksa jaringan dan ADUAN_MAILBOX"
    return Outcome(Result.REFUSED, problem)


def _announced(server: smtplib.SMTP, account: MailAccount, recipient: str) -> Outcome | None:
    """None if the server now waits for the text; before it does, nobody accepted anything for certain."""
    steps: tuple[tuple[Callable[[], int], range, Callable[[int], Outcome]], ...] = (
        (lambda: server.mail(account.sender if account.bounces else "")[0], range(200, 300), _refused_sender),
        (lambda: server.rcpt(recipient)[0], range(200, 300), _refused_recipient),
        (lambda: server.docmd("DATA")[0], range(300, 400), _refused_text),
    )
    try:
        for ask, good, refused in steps:
            if (code := ask()) not in good:
                return refused(code)
    except (OSError, ValueError):
        return Outcome(Result.REFUSED, "sambungan ke server e-mail putus sebelum surat diserahkan")
    return None


def _handed_over(server: smtplib.SMTP, raw: bytes, own_id: str) -> Outcome:
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", raw).rstrip(b"\r\n") + b"\r\n.\r\n")
        code = server.getreply()[0]
    except OSError:
        code = 0
    if code >= 400:
        return _refused_text(code)
    if 200 <= code < 300:
        return Outcome(Result.SENT, proof=own_id)
    return Outcome(Result.UNSURE, "server e-mail tidak menjawab sesudah menerima surat", proof=own_id)


def _refused_sender(code: int) -> Outcome:
    return _refused(code, f"server e-mail menolak pengirim (kode {code}); periksa from= pada ADUAN_MAILBOX")


def _refused_recipient(code: int) -> Outcome:
    problem = f"alamat e-mail pelapor tidak dikenal atau menolak surat (kode {code}); hubungi dengan cara lain"
    return _refused(code, problem, hopeless=True)


def _refused_text(code: int) -> Outcome:
    return _refused(code, f"server e-mail menolak isi surat (kode {code})", hopeless=True)


def _refused(code: int, problem: str, *, hopeless: bool = False) -> Outcome:
    """A refusal for good (5xx), or for now (4xx)."""
    if code < 500:
        return Outcome(Result.REFUSED, f"server e-mail belum mau menerima surat (kode {code})", WAIT_AFTER_4XX)
    return Outcome(Result.REFUSED, problem, hopeless=hopeless)
