"""
Asking the office's mailbox for new mail (IMAP), and keeping each as a delivery before the server is told it was read.

Killed between the two, the mail is fetched again and recognised by its Message-ID. New is what nobody has read, and
since the first time also what somebody read before we asked: the highest number seen is remembered.
"""

import hashlib
import imaplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import structlog
from imap_tools.errors import (
    ImapToolsError,
    MailboxFetchError,
    MailboxFolderSelectError,
    MailboxFolderStatusError,
    MailboxLoginError,
)
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.message import MailMessage

from automation.channels.inbound.email import TOO_LARGE, message_id
from automation.channels.mailbox_troubles import MailboxError, Trouble
from register.inbound import Source

READ_EVERY_SECONDS = 60
TIMEOUT_SECONDS = 20
"""For the server to answer one command."""
LARGEST = 30_000_000
"""Bytes; of a larger mail only the header is kept."""
MOST_AT_ONCE = 100
"""Mails in one run; the next one goes on."""
REMEMBERED = "mailbox"
"""The setting of the store in which the highest number seen is remembered."""
_PLAIN_PORT, _TLS_PORT = 143, 993

_TROUBLES: Mapping[type[Exception], Trouble] = {
    ssl.SSLCertVerificationError: Trouble.UNTRUSTED,
    MailboxLoginError: Trouble.LOGIN,
    MailboxFolderSelectError: Trouble.FOLDER,
    MailboxFolderStatusError: Trouble.FOLDER,
    OSError: Trouble.UNREACHABLE,
    imaplib.IMAP4.error: Trouble.UNREACHABLE,
    ImapToolsError: Trouble.UNREACHABLE,
    UnicodeError: Trouble.UNREACHABLE,
}
"""What the libraries raise, and what it means: the first that fits."""

log = structlog.get_logger()


class Keeps(Protocol):
    """What the job needs of the store."""

    def keep_delivery(self, source: Source, key: str, body: bytes, now: datetime) -> bool: ...
    def setting(self, name: str) -> Any: ...
    def put_setting(self, name: str, value: Any) -> None: ...


@dataclass(frozen=True)
class ImapAccount:
    """A mailbox to read."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str

    def __repr__(self) -> str:
        """Without user and password."""
        return f"ImapAccount({self.host!r}, {self.port})"

    @property
    def address(self) -> str:
        """The e-mail address of its owner, in small letters: the user's name if it is one."""
        return (self.user if "@" in self.user else f"{self.user}@{self.host}").casefold()


@dataclass(frozen=True)
class _Folder:
    """A selected folder, and when it was: its UIDVALIDITY, and the highest number in it if the server told."""

    box: BaseMailBox
    validity: int
    highest: int | None


def imap_account(url: str) -> ImapAccount:
    """
    An account by `imaps://user:password@server:port/folder`, the user and the password with per cent codes.

    Raises: ValueError if its port is no number.
    """
    parts = urlsplit(url)
    tls = parts.scheme == "imaps"
    return ImapAccount(
        host=parts.hostname or "",
        port=parts.port or (_TLS_PORT if tls else _PLAIN_PORT),
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


class MailReading:
    """
    The job.

    Args:
        url: The setting `ADUAN_IMAP`. `imap://` is STARTTLS, but for a server on this machine.
        timeout: Seconds for the server to answer a command.
    """

    def __init__(self, store: Keeps, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._store, self._account, self._timeout = store, imap_account(url), timeout

    def __call__(self, now: datetime) -> int:
        """Keep what is new. Returns: how many mails were kept that were not before. Raises: MailboxError."""
        new = 0
        with _opened(self._account, self._timeout) as folder:
            seen = self._seen(folder)
            uids = _new_uids(folder.box, seen)
            troubles = []
            for uid in uids[:MOST_AT_ONCE]:
                try:
                    new += self._keep(folder, uid, now)
                    _mark_read(folder.box, uid)
                except (MailboxError, MailboxFetchError) as error:  # of this mail: those after it go on
                    troubles.append(error if isinstance(error, MailboxError) else MailboxError(Trouble.MAIL))
                if seen is not None and uid > seen and not troubles:
                    self._remember(folder, uid)
            if seen is None and len(uids) <= MOST_AT_ONCE and not troubles and folder.highest is not None:
                self._remember(folder, folder.highest)
        if new:
            log.info("mail_kept", count=new)
        if troubles:
            raise troubles[0]
        return new

    def _keep(self, folder: _Folder, uid: int, now: datetime) -> bool:
        """Whether it is new. A mail that was deleted meanwhile is nothing."""
        head = _fetched(folder.box, uid, headers_only=True)
        if head is None:
            return False
        if head.size_rfc822 > LARGEST:
            body = f"{TOO_LARGE}: {head.size_rfc822}\r\n".encode() + head.raw
        else:
            whole = _fetched(folder.box, uid, headers_only=False)
            if whole is None:
                return False
            body = whole.raw
        key = message_id(head.raw) or f"{folder.validity}:{uid}"
        return self._store.keep_delivery(Source.EMAIL, key, body, now)

    def _seen(self, folder: _Folder) -> int | None:
        """The highest number of which all below were kept; None if it is not known for this folder as it is now."""
        said = self._store.setting(REMEMBERED)
        return said["uid"] if said and said["folder"] == self._named(folder) else None

    def _remember(self, folder: _Folder, uid: int) -> None:
        self._store.put_setting(REMEMBERED, {"folder": self._named(folder), "uid": uid})

    def _named(self, folder: _Folder) -> str:
        """Tells it from another mailbox, and from one whose numbers the server gave anew."""
        account = self._account
        said = f"{account.host}\n{account.user}\n{account.folder}\n{folder.validity}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def mailbox_problem(url: str, *, timeout: float = TIMEOUT_SECONDS) -> str:
    """What is wrong with the mailbox now, as a sentence for `aduan doctor`; empty if it can be read."""
    try:
        with _opened(imap_account(url), timeout):
            return ""
    except MailboxError as error:
        return error.message


class _RawMail(MailMessage):
    """A mail as its bytes: imap-tools would parse it, in vain, and be stopped by one that cannot be parsed."""

    def __init__(self, fetch_data: list[Any]) -> None:
        self.raw, self._raw_uid_data, self._raw_flag_data = self._get_message_data_parts(fetch_data)


@contextmanager
def _opened(account: ImapAccount, timeout: float) -> Iterator[_Folder]:
    """The folder, selected. Raises: MailboxError, also for what fails inside."""
    box = None
    try:
        box = _connected(account, timeout)
        yield _entered(box, account)
    except tuple(_TROUBLES) as error:
        log.info("mailbox_failed", kind=type(error).__name__)
        raise MailboxError(next(said for kind, said in _TROUBLES.items() if isinstance(error, kind))) from None
    finally:
        if box is not None:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.logout()
            with suppress(OSError):
                box.client.shutdown()  # imaplib leaves the socket open if the server does not answer to the logout


def _connected(account: ImapAccount, timeout: float) -> BaseMailBox:
    """imaplib's own TLS would believe any certificate, so it gets a context."""
    if account.tls:
        context = ssl.create_default_context()
        return MailBox(account.host, account.port, timeout, ssl_context=context)
    if _is_this_machine(account.host):
        return MailBoxUnencrypted(account.host, account.port, timeout)
    return MailBoxStartTls(account.host, account.port, timeout, ssl_context=ssl.create_default_context())


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _entered(box: BaseMailBox, account: ImapAccount) -> _Folder:
    box.email_message_class = _RawMail
    if (account.user + account.password).isascii():
        box.login(account.user, account.password, initial_folder=None)
    else:
        _login_by_utf8(box, account)
    status = box.folder.status(account.folder, ["UIDVALIDITY", "UIDNEXT"])
    box.folder.set(account.folder)
    highest = status["UIDNEXT"] - 1 if "UIDNEXT" in status else None
    return _Folder(box, status.get("UIDVALIDITY", 0), highest)


def _login_by_utf8(box: BaseMailBox, account: ImapAccount) -> None:
    try:
        box.login_utf8(account.user, account.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:  # a refusal, which imaplib raises here before imap-tools can
        raise MailboxError(Trouble.LOGIN) from None


def _new_uids(box: BaseMailBox, seen: int | None) -> list[int]:
    """Those not read, and those above the number seen, the lowest first; `n:*` always names the last one too."""
    found = {int(uid) for uid in box.uids("UNSEEN", charset=None)}
    if seen is not None:
        found |= {uid for uid in map(int, box.uids(f"UID {seen + 1}:*", charset=None)) if uid > seen}
    return sorted(found)


def _fetched(box: BaseMailBox, uid: int, *, headers_only: bool) -> _RawMail | None:
    mails = box.fetch(uid_list=[str(uid)], mark_seen=False, headers_only=headers_only)
    return next((mail for mail in mails if isinstance(mail, _RawMail)), None)


def _mark_read(box: BaseMailBox, uid: int) -> None:
    """Not by imap-tools, which then also expunges: what staff marked as deleted would be gone for good."""
    if box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")[0] != "OK":
        raise MailboxError(Trouble.MARKING)
