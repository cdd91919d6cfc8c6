"""Whose row is whose: by ticket, else by fingerprint, never by guess."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.sync.matching import MASS_LOSS_ROWS, Matching, match, people_mark, steady
from automation.sync.rows import Row, cell_digests, fingerprint
from register.changes import MirrorRow
from register.sealing import Keyring
from register.tickets import new_ticket
from sheets_schema.layout import locate
from sheets_schema.register_tab import REGISTER

DIGEST = Keyring(b"0" * 32).digest
LAYOUT = locate(REGISTER, [column.header for column in REGISTER.columns])
A, B, C = "7K3M-Q9TX-2", "0WNK-2N77-K", "FKPM-1S34-V"


def row(index: int, *, ticket: str = "", story: str = "", note: str = "", **more: str) -> Row:
    cells = [""] * LAYOUT.width
    for key, text in {"ticket": ticket, "description": story, "note": note, **more}.items():
        cells[LAYOUT.positions[key]] = text
    return Row(index, tuple(cells), LAYOUT)


def mirrored(story: str, *, seen: bool = True) -> MirrorRow:
    cells = cell_digests({"description": story} if story else {}, DIGEST)
    return MirrorRow(fingerprint({"description": story}, DIGEST), "d" if seen else "", cells, seen)


def matched(rows: list[Row], mirror: dict[str, MirrorRow]) -> Matching:
    return match(rows, mirror, mirror, DIGEST)


def test_rows_are_found_by_ticket_in_any_order() -> None:
    found = matched([row(1, ticket=B, story="b"), row(2, ticket=A, story="a")], {A: mirrored("a"), B: mirrored("b")})
    assert {ticket: r.index for ticket, r in found.rows.items()} == {A: 2, B: 1}
    assert (found.missing, found.found_again, found.loose) == ([], {}, [])


def test_a_lost_ticket_is_given_back_by_fingerprint() -> None:
    found = matched([row(1, story="a"), row(2, ticket=B, story="b")], {A: mirrored("a"), B: mirrored("b")})
    assert found.found_again.keys() == {A}
    assert not found.loose


def test_a_row_that_was_filled_since_it_got_its_ticket_is_no_stranger_to_a_copy_without_one() -> None:
    """A clerk copied the row just before; the copy is a row of its own, not the one that lost its ticket."""
    filled = row(1, ticket=A, story="a", received_at="2026-11-23 10:30", channel="Loket")
    found = matched([filled, row(2, story="a")], {A: mirrored("a", seen=False)})
    assert {ticket: r.index for ticket, r in found.rows.items()} == {A: 1}
    assert [r.index for r in found.loose] == [2]
    assert not found.stray


def test_two_complaints_alike_that_lost_their_tickets_are_doubtful() -> None:
    found = matched([row(1, story="x"), row(2, story="x")], {A: mirrored("x"), B: mirrored("x")})
    assert len(found.doubtful) == 2
    assert not found.found_again
    assert not found.loose


def test_of_two_alike_one_row_without_ticket_is_not_given_to_either() -> None:
    found = matched([row(1, story="x")], {A: mirrored("x"), B: mirrored("x")})
    assert len(found.doubtful) == 1


def test_two_typed_rows_alike_get_their_two_fresh_tickets_back() -> None:
    fresh = {A: mirrored("x", seen=False), B: mirrored("x", seen=False)}
    found = matched([row(1, story="x"), row(2, story="x")], fresh)
    assert found.found_again.keys() == {A, B}
    assert {r.index for r in found.found_again.values()} == {1, 2}


def test_a_ticket_that_landed_in_another_row_is_undone_and_both_are_found() -> None:
    """B's ticket was written over A's; B's own row is still without one."""
    found = matched([row(1, ticket=B, story="a"), row(2, story="b")], {A: mirrored("a"), B: mirrored("b", seen=False)})
    assert {ticket: r.index for ticket, r in found.rows.items()} == {A: 1, B: 2}
    assert found.found_again.keys() == {A, B}
    assert not found.missing
    assert not found.loose


def test_rows_sorted_without_their_tickets_are_set_aside() -> None:
    found = matched([row(1, ticket=A, story="b"), row(2, ticket=B, story="a")], {A: mirrored("a"), B: mirrored("b")})
    assert found.exchanged.keys() == {A, B}
    assert not found.rows
    assert not found.missing


def test_a_correction_is_not_taken_for_a_mishap() -> None:
    found = matched([row(1, ticket=A, story="a, dikoreksi")], {A: mirrored("a")})
    assert found.rows[A].index == 1
    assert not found.found_again


def test_doubled_foreign_stray_and_loose_rows_are_told_apart() -> None:
    rows = [
        row(1, ticket=A, story="a"),
        row(2, ticket=A, story="a"),
        row(3, ticket=C, story="c"),
        row(4, note="sisa"),
        row(5, story="baru"),
        row(6, ticket="bukan tiket", story="x"),
    ]
    found = matched(rows, {A: mirrored("a")})
    assert [r.index for r in found.doubled[A]] == [1, 2]
    assert [r.index for r in found.foreign] == [3, 6]
    assert [r.index for r in found.stray] == [4]
    assert [r.index for r in found.loose] == [5]
    assert not found.missing


@pytest.mark.parametrize(
    ("known", "gone", "stops"),
    [
        (MASS_LOSS_ROWS, MASS_LOSS_ROWS, False),
        (MASS_LOSS_ROWS + 1, MASS_LOSS_ROWS + 1, True),
        (99, 6, False),
        (100, 5, False),
        (100, 6, True),
        (1000, 20, False),
    ],
)
def test_a_mass_loss_is_more_than_20_rows_or_5_percent_of_100(known: int, gone: int, stops: bool) -> None:
    tickets = [new_ticket() for _ in range(known)]
    rows = [row(i, ticket=ticket, story=ticket) for i, ticket in enumerate(tickets[gone:], start=1)]
    assert matched(rows, {ticket: mirrored(ticket) for ticket in tickets}).mass_loss is stops


def test_complaints_that_never_had_a_row_are_missing_but_not_vanished() -> None:
    tickets = [new_ticket() for _ in range(200)]
    found = match([], tickets, {}, DIGEST)
    assert found.missing == tickets
    assert not found.mass_loss


def test_a_row_is_at_rest_once_it_is_the_same_in_two_ticks() -> None:
    typed = row(1, story="a")
    same, marks = steady([typed], Counter(), DIGEST)
    assert not same
    assert steady([typed], marks, DIGEST)[0] == [typed]
    assert not steady([row(1, story="ab")], marks, DIGEST)[0]
    twins = [row(1, story="a"), row(2, story="a")]
    assert steady(twins, marks, DIGEST)[0] == twins[:1], "only one of them stood there before"
    assert people_mark(twins[0], DIGEST) == people_mark(twins[1], DIGEST)


STORIES = st.sampled_from(["a", "b", "c", ""])


@given(
    st.lists(st.tuples(st.sampled_from([A, B, C, ""]), STORIES), max_size=6),
    st.dictionaries(st.sampled_from([A, B, C]), st.tuples(STORIES, st.booleans())),
)
def test_no_row_is_given_to_two_and_no_complaint_two_rows(
    cells: list[tuple[str, str]], known: dict[str, tuple[str, bool]]
) -> None:
    rows = [row(i, ticket=ticket, story=story) for i, (ticket, story) in enumerate(cells, start=1)]
    found = matched(rows, {ticket: mirrored(story, seen=seen) for ticket, (story, seen) in known.items()})
    given_away = [r.index for r in [*found.rows.values(), *found.exchanged.values()]]
    rest = [*found.loose, *found.doubtful, *found.foreign, *found.stray]
    rest += [r for doubled in found.doubled.values() for r in doubled]
    places = given_away + [r.index for r in rest]
    assert len(places) == len(set(places))
    placed = found.rows.keys() | found.doubled.keys() | found.exchanged.keys()
    assert placed | set(found.missing) == known.keys()
    assert not found.rows.keys() & set(found.missing)


def test_tickets_of_typed_rows_that_all_landed_one_row_too_high_are_each_found() -> None:
    """A row was put in above three typed ones between read and write: nobody is without a ticket, and all are wrong."""
    fresh = {ticket: mirrored(story, seen=False) for ticket, story in ((A, "a"), (B, "b"), (C, "c"))}
    rows = [row(1, ticket=A, note="x"), row(2, ticket=B, story="a"), row(3, ticket=C, story="b"), row(4, story="c")]
    found = matched(rows, fresh)
    assert {ticket: r.index for ticket, r in found.rows.items()} == {A: 2, B: 3, C: 4}
    assert [r.index for r in found.stray] == [1], "its ticket is taken out again"
    assert not found.loose


def test_a_ticket_that_was_read_in_its_row_does_not_follow_contents_that_moved() -> None:
    found = matched([row(1, ticket=A, story="x"), row(2, story="a")], {A: mirrored("a")})
    assert found.rows[A].index == 1


def test_a_ticket_whose_row_moved_twice_while_it_was_given_is_still_found() -> None:
    """Given back once already, and gone astray again: it was seen, but never read back in its own row."""
    read = replace(mirrored("a", seen=False), seen=True)
    found = matched([row(6, ticket=A, note="x"), row(7, story="a")], {A: read})
    assert found.rows[A].index == 7
