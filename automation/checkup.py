"""What `aduan doctor` says about the office's rules and work, besides settings, store and register; in sentences."""

from datetime import date, datetime, timedelta

from automation.calendars.calendar_source import skb_warning_for
from automation.configuration.in_force import Configuration
from automation.job_health import failing_jobs
from automation.news import news_lines
from automation.reminders.people import gaps
from automation.sop import timers
from automation.sync.rows import shown_instant
from register.complaint import WITA
from register.indonesian_dates import long_date
from register.notices import STATE_LABELS
from register.reporter_messages import MESSAGE_LABELS
from register.store import Store

LOOKED_BACK = timedelta(days=7)
MOST_SHOWN = 20


ILLEGIBLE_LINE = "Data pengaduan {ticket} tidak dapat dibaca; diubah di luar program ini. Periksa dengan: aduan verify"


def store_lines(store: Store) -> list[str]:
    """How many complaints there are, and which of them somebody changed so that they cannot be read."""
    count, illegible = store.illegible()
    lines = [f"Basis data: {'rusak' if illegible else 'baik'}, {count} pengaduan."]
    if len(illegible) > MOST_SHOWN:
        lines.append(f"{len(illegible)} pengaduan tidak dapat dibaca, di antaranya:")
    return lines + [ILLEGIBLE_LINE.format(ticket=ticket) for ticket in illegible[:MOST_SHOWN]]


def findings(store: Store, rules: Configuration, now: datetime) -> list[str]:
    """Formal Indonesian sentences, the ones to act on first; none if everything is as it should be."""
    today = now.astimezone(WITA).date()
    warning = skb_warning_for(today, rules.calendar)
    return [
        *([warning] if warning else []),
        *failing_jobs(store),
        *_clock_was_ahead(store, today),
        *gaps(rules, today),
        *_troubles(store, now),
        *_undelivered(store, now),
        *news_lines(store, now),
        *_unread(store),
        *_moved(store),
    ]


def _clock_was_ahead(store: Store, today: date) -> list[str]:
    """A digest that was made for a date to come."""
    last = max(store.digests_made(), default=today)
    if last <= today:
        return []
    said = f"Ringkasan pagi tercatat untuk {long_date(last)}, yang belum tiba: jam komputer pernah maju."
    return [f"{said} Periksa tanggal dan jam komputer ini, lalu jalankan: aduan verify"]


def _troubles(store: Store, now: datetime) -> list[str]:
    found = store.troubles(now - LOOKED_BACK)
    return [
        f"Pesan kepada {each.person}, {shown_instant(each.at)} WITA: {STATE_LABELS[each.state]} ({each.problem})."
        for each in found[-MOST_SHOWN:]
    ]


def _undelivered(store: Store, now: datetime) -> list[str]:
    """Messages to reporters that did not arrive for certain; by their tickets, never by an address."""
    found = store.undelivered_messages(now - LOOKED_BACK)
    return [
        f"Pesan kepada pelapor {message.ticket} ({MESSAGE_LABELS[message.kind]}), {shown_instant(at)} WITA: "
        f"{STATE_LABELS[state]} ({problem})."
        for message, state, at, problem in found[-MOST_SHOWN:]
    ]


def _unread(store: Store) -> list[str]:
    """What channels delivered and nobody could read; only its number, for it may be somebody's complaint."""
    return [
        f"Kiriman {each.id} dari {each.source}, {shown_instant(each.received_at)} WITA, tidak dapat dibaca "
        f"({each.problem}). Kiriman itu disimpan; sebutkan nomor dan kode itu kepada pengelola program."
        for each in store.failed_deliveries()[-MOST_SHOWN:]
    ]


def _moved(store: Store) -> list[str]:
    """The deadlines that the last change of norms, hours or holidays moved."""
    last = store.setting(timers.MOVED)
    if not last:
        return []
    at = shown_instant(datetime.fromisoformat(last["at"]))
    lines = [
        f"  {item['ticket']}: {item['limit']} dari {item['before']} ke {item['after']}"
        for item in last["moved"][:MOST_SHOWN]
    ]
    return [f"Perubahan aturan terakhir ({at} WITA) menggeser {last['count']} batas waktu:", *lines]
