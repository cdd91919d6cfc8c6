"""
A year of an office in a real store, quickly: the program's own decisions on a clock in hand, without the spreadsheet.

Chance comes from one seeded generator. Whatever is done goes through the same functions as in a tick.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from automation.configuration.in_force import Configuration
from automation.sop.decision import decide_by_reporter, decide_new, decide_row, decide_time_is_over
from forms.regions import districts
from register.changes import Change
from register.complaint import WITA, Channel, Complaint, Identity, Intake
from register.store import Store
from tests.year.people import texts

STARTS = datetime(2026, 1, 1, tzinfo=WITA)
MINUTES = 365 * 24 * 60
CHANNELS = (*[Channel.WEB] * 4, *[Channel.DESK] * 3, Channel.PHONE, Channel.WHATSAPP, Channel.EMAIL)
DAY = 24 * 60
STAFF: Sequence[tuple[int, Mapping[str, str]]] = (
    (30, {"act": "Proses"}),
    (18, {"reply": "Bantuan disalurkan bulan depan.", "send_reply": "TRUE"}),
    (10, {"act": "Selesai"}),
    (6, {"act": "Minta Kelengkapan", "reason": "Mohon sebutkan alamat lengkap."}),
    (5, {"follow_up": "Sudah dikunjungi."}),
    (4, {"act": "Arsipkan"}),
    (3, {"act": "Tunda", "reason": "Menunggu data."}),
    (3, {"act": "Lanjutkan"}),
    (3, {"act": "Alihkan", "reason": "Ditangani instansi lain."}),
    (3, {"act": "Bukan Kewenangan", "reason": "Bukan wewenang dinas."}),
    (3, {"act": "Gabungkan"}),
    (2, {"act": "Buka Kembali"}),
    (2, {"act": "Perpanjang", "reason": "Perlu pemeriksaan lapangan."}),
    (2, {"corrected_category": "PKH"}),
    (2, {"corrected_bidang": "Rehsos"}),
    (2, {"corrected_urgency": "Darurat"}),
    (2, {"corrected_urgency": "Sedang"}),
    (2, {"channel": "Surat"}),
    (1, {"act": "Cabut", "reason": "Diminta pelapor."}),
)
REPORTER = ("lengkapi", "nyatakan_puas", "buka_kembali", "beri_nilai", "beri_nilai", "cabut", "tambah_keterangan")


@dataclass
class OfficeYear:
    """See the module. `done` counts what was committed, `refused` what might not be done then."""

    store: Store
    rules: Configuration
    seed: int = 2026
    done: int = 0
    refused: int = 0
    _order: int = 0
    _todo: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.tickets: list[str] = []

    def run(self, count: int) -> None:
        """So many complaints, and what becomes of them until the end of the year."""
        said, places = texts(), [*[each.name for each in districts()], ""]
        for _ in range(count):
            self._later(self.rng.randrange(MINUTES), "")
        while self._todo:
            at, _, ticket = heappop(self._todo)
            now = (STARTS + timedelta(minutes=at)).astimezone(UTC)
            if ticket:
                self._happens(ticket, at, now)
            else:
                self._arrives(at, now, self.rng.choice(said), self.rng.choice(places))

    def _later(self, at: int, ticket: str) -> None:
        self._order += 1
        if at < MINUTES:
            heappush(self._todo, (at, self._order, ticket))

    def _arrives(self, at: int, now: datetime, text: str, district: str) -> None:
        urgent = "Mendesak, anak saya dipukuli dan terancam nyawanya. " if self.rng.random() < 0.05 else ""
        intake = Intake(urgent + text, name="Warga Contoh", phone="+6281200000000", district=district)
        if self.rng.random() < 0.1:
            intake = Intake(text, identity=Identity.ANONYMOUS, district=district)
        received = now - timedelta(minutes=self.rng.choice((0, 0, 0, 45, 2 * DAY)))
        accepted = self.store.accept(
            intake, channel=self.rng.choice(CHANNELS), now=now, received_at=max(received, STARTS.astimezone(UTC))
        )
        ticket = accepted.complaint.ticket
        self.store.commit([decide_new(accepted.complaint, intake, self.rules, now)])
        self.tickets.append(ticket)
        self._later(at + self._pause(), ticket)

    def _pause(self) -> int:
        return 1 + round(self.rng.expovariate(1 / self.rng.choice((20, 300, 3 * DAY, 10 * DAY))))

    def _happens(self, ticket: str, at: int, now: datetime) -> None:
        complaint = self.store.complaint(ticket)
        change = self._change(complaint, now)
        if change is None or not change.fields:
            self.refused += 1
        else:
            self.done += 1
            self.store.commit([change])
        if self.rng.random() < 0.93:
            self._later(at + self._pause(), ticket)

    def _change(self, complaint: Complaint, now: datetime) -> Change | None:
        clocks = self.store.clocks([complaint.ticket])[complaint.ticket]
        if over := decide_time_is_over(complaint, clocks, self.rules, now):
            return over
        if self.rng.random() < 0.3:
            act, rating = self.rng.choice(REPORTER), self.rng.randint(1, 5)
            rated = rating if act == "beri_nilai" else 0
            change = decide_by_reporter(complaint, act, clocks, self.rules, now, said="Begitu.", rating=rated)
            return change if isinstance(change, Change) else None
        (cells,) = self.rng.choices([cells for _, cells in STAFF], [weight for weight, _ in STAFF])
        texts = dict(cells)
        if cells.get("act") == "Gabungkan":
            texts["merge_into"] = self.rng.choice(self.tickets[-30:])
        return decide_row(
            complaint,
            texts=texts,
            changed=list(texts),
            intake=lambda: self.store.intake(complaint.ticket),
            rules=self.rules,
            now=now,
            clocks=lambda: clocks,
            find=lambda other: self.store.complaints_of([other]).get(other),
        )
