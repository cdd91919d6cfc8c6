"""What anybody who knows a ticket may see of a complaint; the status page and the API show the same."""

from dataclasses import dataclass
from datetime import datetime

from register.brought_over import brought_over
from register.complaint import WITA, Reply, Status
from register.errors import ErasedError
from register.store import Store
from webhooks.context import here
from webhooks.language import gettext
from webhooks.limit_words import limit_words
from webhooks.reporter_time import Turn, turn_of
from webhooks.what_next import SAID_TO_REPORTERS, was_reopened_after_reply


@dataclass(frozen=True)
class Moment:
    """A line of the timeline."""

    at: datetime
    label: str
    told: str = ""
    """What the office wrote to the reporter with it: a reason, or where to turn to."""

    def as_line(self) -> str:
        """Both in one line."""
        return f"{self.label}: {self.told}" if self.told else self.label


@dataclass(frozen=True)
class PublicView:
    """
    A complaint without personal data. Instants are aware, in WITA; `bidang` is empty where it is not to be told.

    `reply_outdated` tells whether the complaint was reopened after the reply, `unanswered` whether `due_at` still
    lies ahead of the office, `waiting` whether it stands still meanwhile; `brought_over` whether it came from an
    earlier register, and `closed_at` when it was closed there.
    """

    ticket: str
    status: Status
    status_label: str
    stage: str
    received_at: datetime
    due_at: datetime | None
    updated_at: datetime
    bidang: str
    bidang_name: str
    timeline: tuple[Moment, ...]
    reply: str | None
    reply_at: datetime | None
    reply_outdated: bool
    unanswered: bool
    waiting: bool
    basis: str
    turn: Turn | None
    brought_over: bool
    closed_at: datetime | None

    def as_json(self) -> dict[str, object]:
        """The status JSON of the API's contract."""
        return {
            "ticket": self.ticket,
            "status": self.status.value,
            "status_label": self.status_label,
            "stage": self.stage,
            "received_at": _rfc3339(self.received_at),
            "due_at": _rfc3339(self.due_at) if self.due_at else None,
            "updated_at": _rfc3339(self.updated_at),
            "bidang": self.bidang or None,
            "timeline": [{"at": _rfc3339(moment.at), "label": moment.as_line()} for moment in self.timeline],
            "reply": self.reply,
        }


def public_view(ticket: str) -> PublicView:
    """
    The public side of a complaint, in the running request's language.

    Raises: TicketNotFoundError.
    """
    store, settings = here().store, here().settings
    complaint = store.complaint(ticket)
    clocks = store.clocks([complaint.ticket])[complaint.ticket]
    timeline, reply = store.timeline(ticket), reply_of(store, ticket)
    origin = brought_over(store.events(ticket, opened=False))
    # Who handles a restricted complaint would tell what it is about.
    bidang = "" if complaint.restricted else complaint.bidang
    return PublicView(
        ticket=complaint.ticket,
        status=complaint.status,
        status_label=gettext(complaint.status_label),
        stage=gettext(settings.stage_label(complaint)),
        received_at=complaint.received_at.astimezone(WITA),
        due_at=complaint.due_at.astimezone(WITA) if complaint.due_at else None,
        updated_at=complaint.updated_at.astimezone(WITA),
        bidang=bidang,
        bidang_name=settings.bidang_name(bidang),
        timeline=tuple(
            Moment(
                event.at.astimezone(WITA),
                gettext(SAID_TO_REPORTERS.get(event.public_label, event.public_label)),
                event.secret.get("public", ""),
            )
            for event in timeline
        ),
        reply=reply.text if reply else None,
        reply_at=reply.at.astimezone(WITA) if reply else None,
        reply_outdated=was_reopened_after_reply(timeline),
        unanswered=complaint.unanswered,
        waiting=complaint.waiting,
        basis=limit_words(complaint, clocks),
        turn=turn_of(complaint, clocks, here().clock()),
        brought_over=origin is not None,
        closed_at=origin.closed_at.astimezone(WITA) if origin and origin.closed_at and complaint.closed else None,
    )


def reply_of(store: Store, ticket: str) -> Reply | None:
    """The published answer. An erased complaint has lost its reply too; its status stays."""
    try:
        return store.reply(ticket)
    except ErasedError:
        return None


def _rfc3339(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
