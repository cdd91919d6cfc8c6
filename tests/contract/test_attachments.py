"""Reporters' files on both databases: kept once, sealed, handed over, erased, and never more than there may be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from register import attachments as kept
from register import tables
from register.attachment import Checked, Kind
from register.attachment_sweep import DRAFTS_KEPT, ORPHANS_KEPT, Swept
from register.attachments import MOST_FOR_TICKET, MOST_IN_DRAFT, Attachments, StorageFullError, TooManyAttachmentsError
from register.complaint import Channel, EventKind
from register.drafts import Draft
from register.errors import ErasedError, TicketNotFoundError
from register.holdings import ADDED_LABEL, DraftFiledError, QuarantinedError
from register.sealed_files import FileLostError
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.contract.conftest import KEYRING
from tests.contract.test_store import at_once, erase

PICTURE = Checked(Kind.JPEG, "foto rumah.jpg", b"gambar rumah")
DRAFT = "draft:kunci-rahasia"


@pytest.fixture
def attachments(engine: sa.Engine, tmp_path: Path) -> Attachments:
    return Attachments(engine, KEYRING, tmp_path / "lampiran")


def filed(store: Store, key: str = "kunci-rahasia") -> str:
    """A ticket whose form was the draft of that key."""
    return store.accept(an_intake(), channel=Channel.WEB, now=MOMENT, submission_key=f"web:{key}").complaint.ticket


def numbered(count: int) -> list[Checked]:
    return [replace(PICTURE, name=f"{number}.jpg", content=b"%d" % number) for number in range(count)]


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def told(store: Store, ticket: str) -> list[tuple[EventKind, dict[str, str]]]:
    kinds = (EventKind.EVIDENCE_ADDED, EventKind.EVIDENCE_REMOVED)
    return [(event.kind, dict(event.data)) for event in store.events(ticket) if event.kind in kinds]


def test_a_file_comes_back_as_it_was_kept(attachments: Attachments) -> None:
    made = attachments.add(DRAFT, PICTURE, now=MOMENT)
    assert attachments.of(DRAFT) == [made]
    assert (made.kind, made.name, made.size, made.added_at) == (Kind.JPEG, "foto rumah.jpg", 12, MOMENT)
    assert attachments.open(made) == b"gambar rumah"
    assert attachments.of("draft:lain") == []


def test_neither_the_folder_nor_the_database_tells_anything(
    attachments: Attachments, engine: sa.Engine, tmp_path: Path
) -> None:
    attachments.add(DRAFT, PICTURE, now=MOMENT)
    attachments.add("draft:lain", PICTURE, now=MOMENT)
    one, other = files_in(tmp_path / "lampiran")
    assert one.read_bytes() != other.read_bytes(), "equal files must not be recognised"
    assert b"rumah" not in one.read_bytes() + other.read_bytes()
    with engine.connect() as connection:
        rows = str([tuple(row) for table in (tables.attachments, tables.attachment_holders)
                    for row in connection.execute(sa.select(table))])  # fmt: skip
        digests = list(connection.execute(sa.select(tables.attachments.c.content_digest)).scalars())
    assert "rumah" not in rows
    assert "kunci-rahasia" not in rows
    assert len(set(digests)) == 2
    assert "rumah" not in repr(PICTURE) + repr(attachments.of(DRAFT))


def test_the_same_file_sent_again_is_the_same_attachment(attachments: Attachments, tmp_path: Path) -> None:
    made = [attachments.add(DRAFT, PICTURE, now=MOMENT) for _ in range(3)]
    assert len({each.id for each in made}) == 1
    assert len(files_in(tmp_path / "lampiran")) == 1


def test_a_draft_takes_five_also_when_more_come_at_once(
    engine: sa.Engine, attachments: Attachments, tmp_path: Path
) -> None:
    def add(number: int) -> bool:
        try:
            attachments.add(DRAFT, numbered(9)[number], now=MOMENT)
        except TooManyAttachmentsError as error:
            return error.facts["most"] != MOST_IN_DRAFT
        return True

    assert sum(at_once(9, add)) == MOST_IN_DRAFT
    assert len(attachments.of(DRAFT)) == len(files_in(tmp_path / "lampiran")) == MOST_IN_DRAFT
    attachments.remove(DRAFT, attachments.of(DRAFT)[0].id, now=MOMENT)
    attachments.add(DRAFT, PICTURE, now=MOMENT)


def test_files_stay_in_the_order_of_coming(attachments: Attachments) -> None:
    for each in numbered(5):
        attachments.add(DRAFT, each, now=MOMENT)
    assert [each.name for each in attachments.of(DRAFT)] == [f"{number}.jpg" for number in range(5)]


def test_only_the_holder_can_remove(attachments: Attachments, tmp_path: Path) -> None:
    made = attachments.add(DRAFT, PICTURE, now=MOMENT)
    assert not attachments.remove("draft:lain", made.id, now=MOMENT)
    assert not attachments.remove(DRAFT, "x", now=MOMENT)
    assert attachments.remove(DRAFT, made.id, now=MOMENT)
    assert files_in(tmp_path / "lampiran") == []
    with pytest.raises(ErasedError):
        attachments.open(made)


def test_filing_hands_the_files_over_once(store: Store, attachments: Attachments) -> None:
    for each in numbered(2):
        attachments.add(DRAFT, each, now=MOMENT)
    ticket = filed(store)
    assert [attachments.hand_over(DRAFT, f"ticket:{ticket}", now=MOMENT) for _ in range(2)] == [2, 0]
    assert attachments.of(DRAFT) == []
    assert [attachments.open(each) for each in attachments.of(f"ticket:{ticket}")] == [b"0", b"1"]
    assert store.complaint(ticket).evidence_count == 2
    assert told(store, ticket) == [(EventKind.EVIDENCE_ADDED, {"count": "2"})]
    assert [event.public_label for event in store.timeline(ticket)][-1] == ADDED_LABEL
    assert store.verify().findings == []


def test_a_file_that_comes_after_filing_is_refused(store: Store, attachments: Attachments, tmp_path: Path) -> None:
    ticket = filed(store)
    attachments.hand_over(DRAFT, f"ticket:{ticket}", now=MOMENT)
    with pytest.raises(DraftFiledError):
        attachments.add(DRAFT, PICTURE, now=MOMENT)
    assert files_in(tmp_path / "lampiran") == []
    assert told(store, ticket) == []


def test_two_who_hand_over_at_once_do_it_once(store: Store, attachments: Attachments) -> None:
    attachments.add(DRAFT, PICTURE, now=MOMENT)
    ticket = filed(store)
    assert sum(at_once(4, lambda _: attachments.hand_over(DRAFT, f"ticket:{ticket}", now=MOMENT))) == 1
    assert store.complaint(ticket).evidence_count == 1


def test_evidence_can_be_added_to_a_ticket_later(store: Store, attachments: Attachments) -> None:
    holder = f"ticket:{filed(store)}"
    for each in numbered(MOST_FOR_TICKET):
        attachments.add(holder, each, now=MOMENT)
    with pytest.raises(TooManyAttachmentsError):
        attachments.add(holder, PICTURE, now=MOMENT)
    ticket = holder.removeprefix("ticket:")
    assert store.complaint(ticket).evidence_count == len(told(store, ticket)) == MOST_FOR_TICKET
    attachments.remove(holder, attachments.of(holder)[0].id, now=MOMENT, actor="Kabid")
    assert told(store, ticket)[-1][0] is EventKind.EVIDENCE_REMOVED
    assert store.complaint(ticket).evidence_count == MOST_FOR_TICKET - 1


def test_nobody_adds_to_a_ticket_that_is_not_there(attachments: Attachments, tmp_path: Path) -> None:
    with pytest.raises(TicketNotFoundError):
        attachments.add("ticket:7K3M-Q9TX-2", PICTURE, now=MOMENT)
    with pytest.raises(ValueError, match="a holder is"):
        attachments.add("7K3M-Q9TX-2", PICTURE, now=MOMENT)
    assert files_in(tmp_path / "lampiran") == []


def test_destroying_the_key_erases_the_files(
    store: Store, attachments: Attachments, engine: sa.Engine, tmp_path: Path
) -> None:
    ticket = filed(store)
    made = attachments.add(f"ticket:{ticket}", PICTURE, now=MOMENT)
    erase(engine, ticket)
    with pytest.raises(ErasedError):
        attachments.open(made)
    with pytest.raises(ErasedError):
        attachments.add(f"ticket:{ticket}", PICTURE, now=MOMENT)
    assert attachments.of(f"ticket:{ticket}") == []
    assert attachments.sweep(MOMENT).erased == 1
    assert files_in(tmp_path / "lampiran") == []


def test_a_sweep_finishes_a_filing_that_was_cut_off(store: Store, attachments: Attachments) -> None:
    """The complaint was accepted, and the program was killed before it handed the files over."""
    attachments.add(DRAFT, PICTURE, now=MOMENT)
    ticket = filed(store)
    assert attachments.sweep(MOMENT) == Swept(handed_over=1)
    assert attachments.sweep(MOMENT) == Swept()
    assert [each.name for each in attachments.of(f"ticket:{ticket}")] == ["foto rumah.jpg"]


def test_forgotten_drafts_lose_their_files(attachments: Attachments, tmp_path: Path) -> None:
    attachments.add(DRAFT, PICTURE, now=MOMENT)
    assert attachments.sweep(MOMENT + DRAFTS_KEPT) == Swept()
    assert attachments.sweep(MOMENT + DRAFTS_KEPT + timedelta(seconds=1)) == Swept(expired=1)
    assert files_in(tmp_path / "lampiran") == []
    assert attachments.of(DRAFT) == []


def test_files_stay_as_long_as_somebody_writes_on(store: Store, attachments: Attachments) -> None:
    """The files came first; the text was saved later, and lives as long as it is written in."""
    attachments.add(DRAFT, PICTURE, now=MOMENT)
    attachments.add("draft:lain", PICTURE, now=MOMENT)
    later = MOMENT + DRAFTS_KEPT - timedelta(days=1)
    store.drafts.save(Draft("rahasia", DRAFT.removeprefix("draft:"), {}, "kejadian"), now=later)
    assert attachments.sweep(MOMENT + DRAFTS_KEPT + timedelta(seconds=1)) == Swept(expired=1)
    assert [each.name for each in attachments.of(DRAFT)] == ["foto rumah.jpg"]
    assert attachments.of("draft:lain") == []
    store.drafts.expire(later + DRAFTS_KEPT)
    assert attachments.sweep(later + DRAFTS_KEPT) == Swept(expired=1)
    assert attachments.of(DRAFT) == []


def test_a_form_that_was_given_up_leaves_nothing(attachments: Attachments, tmp_path: Path) -> None:
    for each in numbered(3):
        attachments.add(DRAFT, each, now=MOMENT)
    attachments.discard(DRAFT, now=MOMENT)
    assert files_in(tmp_path / "lampiran") == []


def test_files_that_nobody_refers_to_go_after_a_while(attachments: Attachments, tmp_path: Path) -> None:
    made = attachments.add(DRAFT, PICTURE, now=MOMENT)
    folder = files_in(tmp_path / "lampiran")[0].parent
    for left in (folder / ".baru-00", folder.parent / "00" / ("0" * 64)):
        left.parent.mkdir(exist_ok=True)
        left.write_bytes(b"?")
    assert attachments.sweep(MOMENT).orphans == 0, "its row may be about to be committed"
    assert attachments.sweep(MOMENT + ORPHANS_KEPT).orphans == 2
    assert len(files_in(tmp_path / "lampiran")) == 1
    assert attachments.open(made) == b"gambar rumah"


def test_a_lost_or_changed_file_is_noticed(attachments: Attachments, tmp_path: Path) -> None:
    made = attachments.add(DRAFT, PICTURE, now=MOMENT)
    assert attachments.lost() == 0
    (file,) = files_in(tmp_path / "lampiran")
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(FileLostError, match="berubah"):
        attachments.open(made)
    file.unlink()
    with pytest.raises(FileLostError, match="tidak ada"):
        attachments.open(made)
    assert attachments.lost() == 1
    assert attachments.remove(DRAFT, made.id, now=MOMENT)


def test_the_quarantine_opens_to_the_scanner_alone(store: Store, attachments: Attachments, tmp_path: Path) -> None:
    holder = f"ticket:{filed(store)}"
    made = [attachments.add(holder, each, now=MOMENT, quarantined=True) for each in numbered(2)]
    with pytest.raises(QuarantinedError):
        attachments.open(made[0])
    assert attachments.quarantined() == [each.id for each in sorted(made, key=lambda each: each.id)]
    assert attachments.quarantined_content(made[0].id) == b"0"
    attachments.release(made[0].id)
    attachments.condemn(made[1].id, now=MOMENT)
    attachments.condemn("tidak ada", now=MOMENT)
    assert attachments.open(made[0]) == b"0"
    assert [each.id for each in attachments.of(holder)] == [made[0].id]
    removed = (EventKind.EVIDENCE_REMOVED, {"count": "1", "reason": "virus"})
    assert told(store, holder.removeprefix("ticket:"))[-1] == removed
    assert len(files_in(tmp_path / "lampiran")) == 1


def test_files_leave_room_for_complaints(
    attachments: Attachments, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kept, "LEAST_FREE_BYTES", 10**18)
    with pytest.raises(StorageFullError):
        attachments.add(DRAFT, PICTURE, now=MOMENT)
    assert files_in(tmp_path / "lampiran") == []


@pytest.mark.parametrize("act", ["add", "remove", "hand_over", "sweep", "condemn"])
def test_naive_instants_are_refused(attachments: Attachments, act: str) -> None:
    naive = MOMENT.replace(tzinfo=None)
    acts: dict[str, Callable[[], object]] = {
        "add": lambda: attachments.add(DRAFT, PICTURE, now=naive),
        "remove": lambda: attachments.remove(DRAFT, "x", now=naive),
        "hand_over": lambda: attachments.hand_over(DRAFT, "ticket:7K3M-Q9TX-2", now=naive),
        "sweep": lambda: attachments.sweep(naive),
        "condemn": lambda: attachments.condemn("x", now=naive),
    }
    with pytest.raises(ValueError, match="aware"):
        acts[act]()
