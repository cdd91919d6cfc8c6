"""A complaint recorded at the desk has the clocks of SOP A, from its arrival, as one that was typed as a row has."""

from datetime import UTC, datetime
from typing import Any

import pytest

from register.complaint import Channel, Procedure
from tests.builders import an_intake
from tests.office import Office

ARRIVED = datetime(2026, 11, 20, 1, 15, tzinfo=UTC)
"""Friday, 20 November 2026, 09.15 WITA; the office records on Monday."""


@pytest.mark.parametrize(
    ("channel", "label"), [(Channel.DESK, "Loket"), (Channel.PHONE, "Telepon"), (Channel.LETTER, "Surat")]
)
def test_the_desk_and_a_typed_row_have_the_same_clocks(office: Office, channel: Channel, label: str) -> None:
    said = an_intake(description="Bantuan sembako PKH belum kami terima.")
    office.tick()
    desk = office.store.accept(
        said,
        channel=channel,
        now=office.now,
        received_at=ARRIVED,
        actor="sari@aduan.invalid",
        noted={"notice": "told", "paper": "K-0007"},
    ).complaint.ticket
    office.type_row(
        description=said.description, name=said.name, contact=said.phone, channel=label, received_at="2026-11-20 09:15"
    )
    office.tick(4)
    (typed,) = set(office.store.complaints()) - {desk}
    assert office.store.complaint(desk).procedure is Procedure.LANGSUNG
    assert limits(office, desk) == limits(office, typed)
    assert {clock.key for clock in office.store.clocks([desk])[desk]} >= {f"langkah.{no}" for no in range(1, 6)}
    first = next(clock for clock in office.store.clocks([desk])[desk] if clock.key == "langkah.1")
    assert (first.begun_at, first.norm) == (ARRIVED, "10 menit")
    assert first.due_at == datetime(2026, 11, 20, 1, 25, tzinfo=UTC)
    due = office.store.complaint(desk).due_at
    assert due == datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "two working days after the arrival"


def limits(office: Office, ticket: str) -> dict[str, Any]:
    """By the minute: a typed row waits a tick longer, until it is at rest."""
    clocks = office.store.clocks([ticket])[ticket]
    found: dict[str, Any] = {
        clock.key: (clock.due_at.replace(second=0) if clock.due_at else None, clock.norm) for clock in clocks
    }
    return found | {"answer": office.store.complaint(ticket).due_at}
