"""The office's mailbox for sending, as `ADUAN_MAILBOX` names it: Apprise's `mailto://` or `mailtos://` URL."""

from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from automation.channels.inbound.email_words import ADDRESS


class Security(StrEnum):
    """How the connection is kept from being read; the values of `mode=`."""

    INSECURE = "insecure"
    STARTTLS = "starttls"
    SSL = "ssl"


PORTS = {Security.INSECURE: 25, Security.STARTTLS: 587, Security.SSL: 465}
_PROVIDERS = {
    "gmail.com": ("smtp.gmail.com", Security.STARTTLS),
    "yahoo.com": ("smtp.mail.yahoo.com", Security.SSL),
    "yahoo.co.id": ("smtp.mail.yahoo.com", Security.SSL),
    "hotmail.com": ("smtp-mail.outlook.com", Security.STARTTLS),
    "live.com": ("smtp-mail.outlook.com", Security.STARTTLS),
    "outlook.com": ("smtp-mail.outlook.com", Security.STARTTLS),
    "office365.com": ("smtp.office365.com", Security.STARTTLS),
}
"""Who may be named by their domain alone, as in `mailtos://user:password@gmail.com`, like Apprise does it."""
_NO = ("no", "tidak", "false", "0")


@dataclass(frozen=True)
class MailAccount:
    """
    Whose server sends our mail, and as whom.

    Args:
        user: Empty where the server asks for nobody's name.
        sender: The address in From.
        name: The name before it; may be empty.
        bounces: Whether the sender hears of mail that did not arrive. If not, the envelope names nobody.
        verify: Whether the server's certificate must be good.
    """

    host: str
    port: int
    security: Security
    user: str
    password: str
    sender: str
    name: str = ""
    bounces: bool = True
    verify: bool = True

    def __repr__(self) -> str:
        """Without user and password."""
        return f"MailAccount({self.host!r}, {self.port})"

    @property
    def domain(self) -> str:
        """Of the sender's address."""
        return self.sender.rpartition("@")[2]


def mail_account(url: str) -> MailAccount:
    """
    An account by its URL: `mailtos://user:password@server:port?from=address&name=…&smtp=server&mode=ssl`.

    `mailtos` is STARTTLS on port 587, or TLS from the beginning on port 465 or by `mode=ssl`; `mailto` is neither, on
    port 25. Without `from` the sender is the user at that server. `bounces=no` leaves the envelope's sender empty.

    Raises: ValueError if it names no server, no sender, or an unknown mode.
    """
    parts = urlsplit(url)
    given = {key.casefold(): value for key, value in parse_qsl(parts.query)}
    host = parts.hostname or ""
    user, sender = unquote(parts.username or ""), parseaddr(given.get("from", ""))
    if "@" not in sender[1]:  # only a name, or nothing
        own = user if "@" in user else f"{user}@{host}" if user else ""
        sender = (given.get("from", ""), own)
    server, mode = _PROVIDERS.get(host, (host, Security.STARTTLS))
    security = _security(parts, given.get("mode", ""), mode)
    if not (host and sender[1].isascii() and ADDRESS.fullmatch(sender[1])):
        raise ValueError("no server or no sender")
    return MailAccount(
        host=given.get("smtp", "") or server,
        port=parts.port or PORTS[security],
        security=security,
        user=f"{user}@{host}" if host in _PROVIDERS and user and "@" not in user else user,
        password=unquote(parts.password or ""),
        sender=sender[1],
        name=given.get("name", "") or sender[0],
        bounces=given.get("bounces", "") not in _NO,
        verify=given.get("verify", "") not in _NO,
    )


def _security(parts: SplitResult, mode: str, usual: Security) -> Security:
    if mode:
        return Security(mode.casefold())
    if parts.scheme == "mailto" and usual is Security.STARTTLS and parts.hostname not in _PROVIDERS:
        return Security.INSECURE
    if parts.port:
        return Security.SSL if parts.port == PORTS[Security.SSL] else Security.STARTTLS
    return usual
