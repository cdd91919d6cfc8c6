"""Values for tests: each builder fills in what the test at hand does not care about. All of it is invented."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from register.complaint import Channel, Complaint, Identity, Intake, Procedure

MOMENT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
"""Monday, 23 November 2026, 10.30 WITA: a working morning."""


def an_intake(**changes: Any) -> Intake:
    """What a reporter said."""
    return replace(
        Intake(
            description="Bantuan sembako belum kami terima selama tiga bulan.",
            name="Ibu Contoh",
            phone="+6281200000000",
        ),
        **changes,
    )


def a_complaint(**changes: Any) -> Complaint:
    """A complaint just received on the web."""
    return replace(
        Complaint(
            ticket="7K3M-Q9TX-2",
            number=42,
            channel=Channel.WEB,
            procedure=Procedure.ONLINE,
            identity=Identity.OPEN,
            received_at=MOMENT,
            recorded_at=MOMENT,
            updated_at=MOMENT,
        ),
        **changes,
    )


def some_data(**changes: object) -> dict[str, object]:
    """A complaint as it arrives at the API, before it is checked."""
    return {
        "description": "Bantuan sembako belum kami terima selama tiga bulan.",
        "name": "Ibu Contoh",
        "phone": "0812-0000-0000",
    } | changes
