"""Tickets: what is understood, what is refused, and which slips of the pen the check letter catches."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from register.errors import InvalidTicketError
from register.tickets import ALPHABET, LENGTH, new_ticket, parse_ticket


def ticket_of(body: str) -> str:
    compact = body + mod_37_36.calc_check_digit(body, alphabet=ALPHABET)
    return f"{compact[:4]}-{compact[4:8]}-{compact[8:]}"


BODIES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)
TICKETS = BODIES.map(ticket_of)


def is_caught(text: str) -> bool:
    try:
        parse_ticket(text)
    except InvalidTicketError:
        return True
    return False


def test_new_tickets_have_the_shown_form_and_differ() -> None:
    tickets = [new_ticket() for _ in range(200)]
    assert len(set(tickets)) == 200
    assert [parse_ticket(ticket) for ticket in tickets] == tickets
    assert {len(ticket) for ticket in tickets} == {11}
    assert {letter for ticket in tickets for letter in ticket} == {*ALPHABET, "-"}


UNDERSTOOD = {
    "as shown": "7K3M-Q9TX-2",
    "lower case": "7k3m-q9tx-2",
    "no dashes": "7K3MQ9TX2",
    "spaces": " 7K3M Q9TX 2 ",
    "letter by letter": "7 K 3 M Q 9 T X 2",
    "tabs and no-break spaces": "\t7K3M\u00a0Q9TX\u00a02",
    "dashes of a word processor": "7K3M–Q9TX—2",
    "dots": "7K3M.Q9TX.2",
    "underscores": "7K3M_Q9TX_2",
    "line end": "7K3M-Q9TX-2\r\n",
}


@pytest.mark.parametrize("text", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_ticket_is_understood(text: str) -> None:
    assert parse_ticket(text) == "7K3M-Q9TX-2"


LOOKALIKES = {"O": "0", "o": "0", "I": "1", "i": "1", "L": "1", "l": "1"}


@given(ticket=st.text("01O2", min_size=LENGTH, max_size=LENGTH).map(lambda body: ticket_of(body.replace("O", "0"))))
def test_lookalikes_are_read_as_the_digits_they_stand_for(ticket: str) -> None:
    for typed, meant in LOOKALIKES.items():
        assert parse_ticket(ticket.replace(meant, typed)) == ticket


REFUSED = {
    "nothing": ("", "length"),
    "spaces only": ("   ", "length"),
    "a letter short": ("7K3M-Q9TX", "length"),
    "a letter more": ("7K3M-Q9TX-22", "length"),
    "U is not used": ("7K3M-Q9TU-2", "letters"),
    "punctuation": ("7K3M-Q9T!-2", "letters"),
    "other script": ("7К3М-Q9ТХ-2", "letters"),
    "other digits": ("٧K3M-Q9TX-2", "letters"),
    "wrong check": ("7K3M-Q9TX-3", "check"),
    "trailing words": ("7K3M-Q9TX-2" + " " * 40 + "terima kasih", "length"),
    "very long": ("7" * 100_000, "length"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_ticket_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidTicketError) as refused:
        parse_ticket(text)
    assert refused.value.facts == {"reason": reason}
    assert "Mohon periksa kembali" in refused.value.message


@given(body=BODIES)
@example(body="0" * LENGTH)
def test_every_single_wrong_letter_is_caught(body: str) -> None:
    ticket = ticket_of(body)
    compact = ticket.replace("-", "")
    for place, right in enumerate(compact):
        for wrong in ALPHABET.replace(right, ""):
            assert is_caught(compact[:place] + wrong + compact[place + 1 :]), (ticket, place, wrong)


def swapped(compact: str, place: int) -> str:
    return compact[:place] + compact[place + 1] + compact[place] + compact[place + 2 :]


def missed_swaps(compact: str) -> list[tuple[str, str]]:
    """Neighbours whose exchange the check letter does not notice."""
    return [
        (compact[place], compact[place + 1])
        for place in range(LENGTH)
        if compact[place] != compact[place + 1] and not is_caught(swapped(compact, place))
    ]


def test_swapped_neighbours_are_caught_but_for_two_pairs_in_992() -> None:
    """
    ISO 7064's hybrid systems catch nearly all exchanges of neighbours, not all of them.

    Whatever stands before two letters, exactly one pair of alphabet neighbours of 496 may change places unseen: 1 in
    496 exchanges, against 1 in 32 if the check letter knew nothing.
    """
    for before in ("", "7", "A0", "ZZZ", "7K3MQ"):
        tail = "0" * (LENGTH - 2 - len(before))
        pairs = [(one, other) for one in ALPHABET for other in ALPHABET if one != other]
        compacts = [ticket_of(f"{before}{one}{other}{tail}").replace("-", "") for one, other in pairs]
        missed = [compact for compact in compacts if not is_caught(swapped(compact, len(before)))]
        assert len(missed) == 2, before
        assert swapped(missed[0], len(before)) == missed[1]


@given(ticket=TICKETS)
def test_swapped_letters_that_go_unseen_are_next_to_each_other_in_the_alphabet(ticket: str) -> None:
    apart = {abs(ALPHABET.index(one) - ALPHABET.index(other)) for one, other in missed_swaps(ticket.replace("-", ""))}
    assert apart <= {1, len(ALPHABET) - 1}  # the alphabet as a ring: 0 stands beside Z


@given(text=st.text(max_size=60) | st.text(ALPHABET + "-oilu ", max_size=14))
@example(text="\ud800" * 9)
@example(text="ß" * 5)
@example(text="ŉ" * 9)
@example(text="\x00" * 9)
def test_junk_is_an_invalid_ticket_or_a_ticket_and_nothing_else(text: str) -> None:
    if not is_caught(text):
        shown = parse_ticket(text)
        assert len(shown) == 11
        assert parse_ticket(shown) == shown


@given(ticket=TICKETS, data=st.data())
def test_ticket_typed_carelessly_is_still_found(ticket: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.sampled_from(["", "-", " ", ".", "\t"]), min_size=9, max_size=9))
    upper = data.draw(st.lists(st.booleans(), min_size=9, max_size=9))
    compact = ticket.replace("-", "")
    typed = (gap + (letter if loud else letter.lower()) for gap, letter, loud in zip(gaps, compact, upper, strict=True))
    assert parse_ticket("".join(typed)) == ticket
