"""Complaints in every status, brought there by what staff type in their row, over a real store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from automation.configuration.checked import check
from automation.configuration.in_force import Configuration
from automation.sop.decision import decide_new, decide_row
from automation.sop.reporter_desk import ReporterDesk
from register.complaint import Channel, Complaint, Status
from register.store import Store
from tests.automation.configuration.test_checked import all_tabs
from tests.builders import MOMENT, an_intake

RULES: Configuration = check(all_tabs(), last_good={}, year=2026).configuration
DESK = ReporterDesk(lambda _: RULES)
REPLY = {"act": "Proses", "reply": "Bantuan Anda sudah kami salurkan.", "send_reply": "TRUE"}
WAYS: Mapping[Status, Sequence[Mapping[str, str]]] = {
    Status.RECEIVED: (),
    Status.NEEDS_INFO: ({"act": "Minta Kelengkapan", "reason": "Mohon kirim foto kartu keluarga."},),
    Status.DISPOSED: (),
    Status.IN_PROGRESS: ({"act": "Proses"},),
    Status.AWAITING_REPORTER: ({"act": "Proses"}, REPLY),
    Status.RESOLVED: ({"act": "Proses"}, REPLY, {"act": "Selesai"}),
    Status.ON_HOLD: ({"act": "Tunda", "reason": "Menunggu pencairan tahap berikutnya."},),
    Status.TRANSFERRED: ({"act": "Alihkan", "reason": "Silakan menghubungi BPJS Kesehatan."},),
    Status.OUT_OF_AUTHORITY: ({"act": "Bukan Kewenangan", "reason": "Jalan ditangani Dinas Pekerjaan Umum."},),
    Status.WITHDRAWN: ({"act": "Cabut"},),
    Status.MERGED: ({"act": "Gabungkan"},),
    Status.ARCHIVED: ({"act": "Proses"}, REPLY, {"act": "Selesai"}, {"act": "Arsipkan"}),
}
"""What staff type, one row after another, until a complaint is there."""


@dataclass
class Handled:
    """The office's side of one store."""

    store: Store
    now: datetime = MOMENT
    cells: dict[str, dict[str, str]] = field(default_factory=dict)

    def file(self, *, at: datetime | None = None, **said: Any) -> str:
        """A complaint that was looked at once; its ticket."""
        intake = an_intake(**said)
        complaint = self.store.accept(intake, channel=Channel.WEB, now=at or self.now).complaint
        self.store.commit([decide_new(complaint, intake, RULES, at or self.now)])
        return complaint.ticket

    def type(self, ticket: str, **cells: str) -> Complaint:
        """Staff type into the row of a complaint."""
        row = self.cells.setdefault(ticket, {})
        row |= cells
        change = decide_row(
            self.store.complaint(ticket),
            texts=row,
            changed=list(cells),
            intake=lambda: self.store.intake(ticket),
            rules=RULES,
            now=self.now,
            clocks=lambda: self.store.clocks([ticket])[ticket],
            find=lambda other: self.store.complaints_of([other]).get(other),
        )
        if change is not None:
            self.store.commit([change])
        return self.store.complaint(ticket)

    def bring_to(self, status: Status, **said: Any) -> str:
        """The ticket of a complaint in that status; one that nobody has looked at yet is received."""
        if status is Status.RECEIVED:
            return self.store.accept(an_intake(**said), channel=Channel.WEB, now=self.now).complaint.ticket
        ticket = self.file(**said)
        for cells in WAYS[status]:
            more = {"merge_into": self.file()} if status is Status.MERGED else {}
            self.type(ticket, **cells, **more)
        found = self.store.complaint(ticket)
        assert found.status is status, found.note
        return ticket
