"""Links that prove who reads a mailbox: for one complaint, for half an hour, and made by nobody else."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.proof_links import GOOD_FOR, is_proof, proof_token
from register.sealing import Keyring
from tests.builders import MOMENT

DIGEST = Keyring(bytes(range(32))).digest
TICKET = "7K3M-Q9TX-2"


@pytest.mark.parametrize(
    ("ticket", "after", "good"),
    [
        (TICKET, timedelta(0), True),
        (TICKET, GOOD_FOR - timedelta(seconds=1), True),
        (TICKET, GOOD_FOR, False),
        ("47P1-Q7PX-E", timedelta(0), False),
    ],
    ids=["at once", "just in time", "too late", "another complaint"],
)
def test_a_link_is_good_for_its_complaint_and_its_time(ticket: str, after: timedelta, good: bool) -> None:
    token = proof_token(DIGEST, TICKET, MOMENT)
    assert is_proof(DIGEST, ticket, token, MOMENT + after) is good


def test_another_office_cannot_make_it() -> None:
    assert not is_proof(DIGEST, TICKET, proof_token(Keyring(bytes(32)).digest, TICKET, MOMENT), MOMENT)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_passes(text: str) -> None:
    assert not is_proof(DIGEST, TICKET, text, MOMENT)


def test_its_end_cannot_be_put_off() -> None:
    ends, _, mac = proof_token(DIGEST, TICKET, MOMENT).partition("-")
    later = f"{int(ends, 16) + 3600:x}-{mac}"
    assert not is_proof(DIGEST, TICKET, later, MOMENT)
