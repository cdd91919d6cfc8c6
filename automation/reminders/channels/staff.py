"""
Sending to one person's channels, the Apprise URLs of the tab `Petugas`. The only importer of apprise.

The URLs hold passwords and tokens: nothing here logs them, and apprise's own log is kept silent. What apprise would
write there is read instead, as it alone tells a refusal from an answer that never came.
"""

import logging
import re
from collections.abc import Sequence
from typing import Any

import apprise
from apprise.plugins import url_to_dict
from apprise.result import AppriseResultStatus, NotifyResult

from automation.channels.outcome import Outcome, Result
from automation.reminders.channels.addresses import HOSTLESS, READS_FILES, address_problem
from automation.reminders.channels.local_hosts import leads_inside

SEND_SECONDS = 20
"""How long all channels of a person together may take; they are tried at the same time."""
CONNECT_SECONDS = 8
READ_SECONDS = 10

_NEVER_THERE = re.compile(
    r"NewConnectionError|ConnectTimeout|NameResolution|getaddrinfo|refused|unreachable|no route|certificate",
    re.IGNORECASE,
)
"""In the text of an HTTP error: the server was never reached."""
_EXCEPTION = "Socket Exception:"
_BEFORE_THE_MAIL = "Connection error while submitting email"
"""How apprise's log begins where something was raised, and where a mail server failed before it was handed the mail."""
_INSIDE = "Kept outside"
"""What is written to apprise's log where a name leads inside."""
_HTTP_CODE = re.compile(r"\berror[=:] ?(\d{3})\b")
_MAIL_CODE = re.compile(r"\((\d{3}), ")
_WAIT = re.compile(r"retry_after\W{1,4}(\d{1,6})")

_silent = logging.getLogger("apprise")
_silent.setLevel(logging.DEBUG)  # for `_logs`; it goes nowhere else
_silent.propagate = False
_silent.addHandler(logging.NullHandler())


def send(urls: Sequence[str], title: str, text: str, *, local: bool = False) -> Outcome:
    """
    Send to every channel at once; one that fails does not stop the others, and one that accepts is enough.

    Args:
        local: Whether servers on this machine and in its network are allowed.
    """
    services = {
        place: None if address_problem(url, local=local) else _service(url, local=local)
        for place, url in enumerate(urls, start=1)
    }
    usable = {place: service for place, service in services.items() if service is not None}
    results = dict(zip(usable, _notify(list(usable.values()), title, text), strict=True))
    problems = dict.fromkeys(services.keys() - usable.keys(), "alamat tidak dapat dipakai")
    problems |= {place: reason for place, result in results.items() if (reason := _reason(result))}
    problem = "; ".join(f"kanal ke-{place}: {reason}" for place, reason in sorted(problems.items()))
    if any(_accepted(result) for result in results.values()):
        return Outcome(Result.SENT, problem)
    if any(_unsure(result) for result in results.values()):
        return Outcome(Result.UNSURE, problem)
    return Outcome(Result.REFUSED, problem or "tidak ada kanal", max(map(_wait, results.values()), default=0))


def understood(url: str) -> bool:
    """Whether a channel's URL means one to apprise. Nothing is sent or looked up."""
    return _service(url, local=True) is not None


def _service(url: str, *, local: bool) -> apprise.NotifyBase | None:
    """The channel, bounded in time and never trying again by itself; None if the URL means none."""
    parts = url_to_dict(url, secure_logging=True)  # type: ignore[no-untyped-call]  # apprise has no types there
    if not parts or READS_FILES & {name.casefold() for name in (*parts, *parts.get("qsd", ()))}:
        return None
    if "discovery" in parts:
        parts["discovery"] = False  # a Matrix server could name another one, inside
    service = apprise.Apprise.instantiate(parts)
    if service is not None:
        service.socket_connect_timeout, service.socket_read_timeout = CONNECT_SECONDS, READ_SECONDS
        service.retry, service.optional = 0, False
        service.overflow_mode = apprise.OverflowMode.SPLIT  # a long digest, where messages may be only so long
        service.redirects = False  # it could lead inside
        _keep_outside(service, local=local)
    return service


def _keep_outside(service: apprise.NotifyBase, *, local: bool) -> None:
    """Where a name leads inside, nothing is sent. It is looked up in apprise's own thread, which is bounded in time."""
    asked = _server(service)
    deliver = service.send

    def send_outside(*args: Any, **kwargs: Any) -> bool:
        if asked and leads_inside(asked, allowed=local):
            _silent.warning(_INSIDE)
            return False
        return bool(deliver(*args, **kwargs))

    vars(service)["send"] = send_outside


def _server(service: apprise.NotifyBase) -> str:
    """The server that a channel will connect to; empty if that is the service's own."""
    if str(service.schema).casefold() in HOSTLESS or getattr(service, "mode", "") == "cloud":  # ntfy.sh: a topic
        return ""
    if organization := getattr(service, "organization", ""):  # Zulip
        return f"{organization}.{getattr(service, 'hostname', '')}"
    return str(getattr(service, "smtp_host", "") or getattr(service, "host", "") or "")


def _notify(services: Sequence[apprise.NotifyBase], title: str, text: str) -> list[NotifyResult]:
    if not services:
        return []
    box = apprise.Apprise(list(services))
    return list(box.notify(text, title=title, body_format="text", timeout=SEND_SECONDS, log_level=logging.DEBUG))


def _accepted(result: NotifyResult) -> bool:
    """Whether the channel accepted it, perhaps for some only of those whom its address names."""
    return result.status is AppriseResultStatus.SUCCESS or any(log.startswith("Sent ") for log in _logs(result))


def _unsure(result: NotifyResult) -> bool:
    """Whether a server may have accepted it although we did not hear so."""
    if result.status is AppriseResultStatus.TIMEOUT:
        return True
    logs = _logs(result)
    if any(log.startswith(_BEFORE_THE_MAIL) for log in logs):
        return False
    raised = [log for log in logs if log.startswith(_EXCEPTION)]
    return any(not _NEVER_THERE.search(log) and not _MAIL_CODE.search(log) for log in raised)


def _reason(result: NotifyResult) -> str:
    """Why a channel failed, without its address; empty if it did not."""
    if result.status is AppriseResultStatus.SUCCESS:
        return ""
    if _unsure(result):
        return "server tidak menjawab"
    logs = _logs(result)
    if _INSIDE in logs:
        return "server di jaringan sendiri tidak diizinkan"
    codes = [match[1] for log in logs if not log.startswith(_EXCEPTION) and (match := _HTTP_CODE.search(log))]
    codes += [match[1] for log in logs if log.startswith(_EXCEPTION) and (match := _MAIL_CODE.search(log))]
    if codes:
        return f"ditolak server (kode {codes[0]})"
    return "server tidak terhubung" if any(log.startswith(_EXCEPTION) for log in logs) else "ditolak"


def _wait(result: NotifyResult) -> int:
    """For how many seconds the server asked not to be asked again; 0 if it did not say."""
    answers = (log for log in _logs(result) if log.startswith("Response Details"))
    return max((int(match[1]) for log in answers if (match := _WAIT.search(log))), default=0)


def _logs(result: NotifyResult) -> list[str]:
    return [entry.message for entry in result.logs()]
