"""Sending to one reporter by the office's own mailbox, which an administrator names as an Apprise URL."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from automation.channels.outbound.post import Post, Send
from automation.channels.outcome import Outcome


def sender_of(mailbox: str) -> Send:
    """Sends posts to addresses from that mailbox."""

    def send(post: Post) -> Outcome:
        return send_mail(mailbox, post.to.person, post.subject, post.text)

    return send


def send_mail(mailbox: str, address: str, title: str, text: str) -> Outcome:
    """
    Send a text to an address; takes half a minute at the most.

    Args:
        mailbox: `mailto://…` or `mailtos://…` with server, account and sender; whom it names as `to` is replaced. The
            administrator chose it, so it may be in this network.
    """
    from automation.reminders.channels.staff import send  # loads apprise

    return send([addressed(mailbox, address)], title, text, local=True)


def addressed(mailbox: str, address: str) -> str:
    """The mailbox's URL with that address as its only recipient."""
    parts = urlsplit(mailbox)
    options = [(name, value) for name, value in parse_qsl(parts.query) if name.casefold() not in ("to", "cc", "bcc")]
    return urlunsplit(parts._replace(query=urlencode([*options, ("to", address)])))
