"""Figures put together by hand: of an empty office, a small one, and one with long labels and a thousand complaints."""

from collections.abc import Mapping, Sequence

from forms.categories import categories
from register.complaint import Channel
from register.figures import Dimension, Emergencies, Figures, Outcome, Timing, Verdicts
from register.periods import MONTH, Period

BIDANG = {
    "REHSOS": "Bidang Rehabilitasi Sosial",
    "LINJAMSOS": "Bidang Perlindungan dan Jaminan Sosial",
    "DAYASOS": "Bidang Pemberdayaan Sosial dan Penanganan Fakir Miskin bagi Keluarga Rentan di Wilayah Pesisir",
}
DISTRICTS = (
    "Tenggarong", "Tenggarong Seberang", "Loa Kulu", "Loa Janan", "Anggana", "Sanga-Sanga", "Samboja", "Muara Jawa",
    "Samboja Barat", "Muara Badak", "Marang Kayu", "Sebulu", "Muara Kaman", "Kota Bangun", "Kota Bangun Darat",
    "Muara Muntai", "Muara Wis", "Kenohan", "Kembang Janggut", "Tabang",
)  # fmt: skip
STEPS = (
    ("langsung", "langkah.1", "1. Menerima dan mencatat pengaduan masyarakat di loket pelayanan", "10 menit"),
    ("langsung", "langkah.5", "5. Menindaklanjuti pengaduan dan memberikan jawaban kepada masyarakat", "2 hari kerja"),
    ("langsung", "jawaban", "Jawaban kepada pelapor", "2 hari kerja 40 menit"),
    ("langsung", "uu25.keputusan", "UU 25/2009: keputusan", "60 hari"),
    ("online", "langkah.3", "3. Memverifikasi dan menyalurkan pengaduan kepada bidang yang berwenang", "1 jam"),
    ("online", "langkah.8", "8. Menjawab pelapor", "3 hari kerja"),
    ("online", "jawaban", "Jawaban kepada pelapor", "3 hari kerja"),
    ("online", "sp4n.penyelesaian", "SP4N-LAPOR: pengaduan tidak berkadar pengawasan", "14 hari kerja"),
)


def spread(total: int, names: Sequence[str]) -> Mapping[str, int]:
    """A total parted among names, each less than the one before; none with nothing."""
    found, rest = {}, total
    for name in names[:-1]:
        found[name] = rest * 3 // 10
        rest -= found[name]
    found[names[-1]] = rest
    return {name: count for name, count in found.items() if count}


def figures(key: str, received: int = 0, pending_before: int = 0) -> Figures:
    """Everything in proportion to how many were received."""
    period = Period.parse(key)
    closed = received * 4 // 5
    outcomes = {Outcome(name): count for name, count in spread(closed, list(Outcome)).items()}
    settled = sum(outcomes.get(each, 0) for each in list(Outcome)[:3])
    parts = period.parts(MONTH)
    each = [received // len(parts) + (1 if place < received % len(parts) else 0) for place in range(len(parts))]
    months, pending = [], pending_before
    for month, count in zip(parts, each, strict=True):
        pending += count - count * 4 // 5
        months.append((month, count, count * 4 // 5, pending))
    return Figures(
        period=period,
        until=period.until,
        received=received,
        received_by={
            Dimension.CHANNEL: spread(received, [channel.value for channel in Channel]),
            Dimension.CATEGORY: spread(received, [*(item.code for item in categories()), ""]),
            Dimension.BIDANG: spread(received, [*BIDANG, ""]),
            Dimension.DISTRICT: spread(received, [*DISTRICTS, ""]),
            Dimension.URGENCY: spread(received, ["Normal", "Tinggi", "Darurat", ""]),
        },
        closed=closed,
        outcomes=outcomes,
        pending_before=pending_before,
        pending_after=pending_before + received - closed,
        reopened=received // 40,
        timings=[
            Timing(
                procedure,
                name,
                label,
                norm,
                received * 7 // 20,
                received // 20,
                received // 50,
                None if not received else 37 * place + 8,
                None if not received else 460 * place + 19,
            )
            for place, (procedure, name, label, norm) in enumerate(STEPS)
        ],
        verdicts=Verdicts(settled, settled // 2, settled // 10, settled - settled // 2 - settled // 10),
        ratings={number: received * number // 60 for number in range(1, 6)},
        emergencies=Emergencies(
            received // 20, received // 20 - received // 100, received // 100, 0, 13 if received >= 20 else None
        ),
        months=months,
    )
