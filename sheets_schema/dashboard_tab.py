"""
The tab `Dasbor` as data: what it counts over the tab `Register`, by which formulas, and which charts stand beside.

Everything is counted by formulas that Google and the embedded register both know, so that it is right the moment a row
changes. A formula names whole columns, as a range with a first row would lose what is put in above it. Instants in
`Register` are text (`2026-11-23 09:15`, docs/decisions/0009), so a day is what such a text begins with. Arguments are
parted by semicolons, which every locale takes.

In a formula `{received_at}` stands for the column of that key in `Register`, `{Bidang.code}` for one of the tab
`Bidang`, `{day}` for the cell with today's date, `{label}` for the cell left of the formula, `{above}` for the counts
above it, `{history}` for the rows of the block `Riwayat`.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from sheets_schema.register_tab import CHANNEL_CHOICES, URGENCY_CHOICES

TITLE = "Dasbor"
HEADING = "Dasbor Pengaduan"
NOTE = (
    "Angka dihitung langsung dari tab Register; Riwayat, dan angka bulan ini yang diambil darinya, ditulis oleh sistem "
    "setiap jam menurut tanggal pencatatan. Blok boleh dipindahkan, dan tab ini boleh "
    "ditambahi; bila tab dihapus, sistem membuatnya kembali dalam satu jam."
)
TODAY = '=TEXT(TODAY();"yyyy-mm-dd")'
STATUSES = (
    "Diterima",
    "Menunggu Kelengkapan",
    "Didisposisi",
    "Dalam Proses",
    "Menunggu Tanggapan Pelapor",
    "Ditunda",
    "Selesai",
    "Dialihkan",
    "Bukan Kewenangan",
    "Dicabut",
    "Dianggap Dicabut",
    "Digabung",
    "Diarsipkan",
)
"""In the order in which a complaint passes through them."""
DISTRICTS = (
    "Anggana",
    "Kembang Janggut",
    "Kenohan",
    "Kota Bangun",
    "Kota Bangun Darat",
    "Loa Janan",
    "Loa Kulu",
    "Marang Kayu",
    "Muara Badak",
    "Muara Jawa",
    "Muara Kaman",
    "Muara Muntai",
    "Muara Wis",
    "Samboja",
    "Samboja Barat",
    "Sanga Sanga",
    "Sebulu",
    "Tabang",
    "Tenggarong",
    "Tenggarong Seberang",
)
"""The kecamatan of Kutai Kartanegara (Kemendagri, codes 64.02.01 to 64.02.20)."""
CATEGORIES = tuple(
    str(row["code"])
    for row in tomllib.loads(files("sheets_schema.seeds").joinpath("kategori.toml").read_text("utf-8"))["rows"]
    if not row["restricted"]
)
RESTRICTED = "(terbatas)"
"""What the rows of restricted complaints say instead of category and kecamatan."""
BIDANG_ROWS = 10
"""So many bidang are shown by themselves; staff may list more, which count as others."""
HISTORY_MONTHS = 24
HISTORY_HEAD = ("Bulan", "Masuk", "Ditutup", "Terlambat", "Belum selesai")
OTHERS = "Lainnya / kosong"
LACKING = "?"
"""Stands for a number whose column `Register` lacks."""
_NAMED = re.compile(r"{([a-zA-Z_.]+)}")


class ChartKind(StrEnum):
    """How a chart is drawn, as the API names it."""

    COLUMN = "COLUMN"
    BAR = "BAR"
    LINE = "LINE"
    PIE = "PIE"


@dataclass(frozen=True)
class Line:
    """
    A line of a block.

    Args:
        label: A text, or a formula where it begins with `=`.
        count: The formula beside it.
    """

    label: str
    count: str


@dataclass(frozen=True)
class Chart:
    """A chart beside a block; it shows the block's lines, or those of the block `Riwayat`."""

    kind: ChartKind
    title: str
    of_history: bool = False


@dataclass(frozen=True)
class Block:
    """
    A heading with lines of a label and a number below.

    Args:
        key: Ends the name of the range that it is, by which it is found wherever staff moved it.
    """

    key: str
    heading: str
    lines: Sequence[Line]
    chart: Chart | None = None

    @property
    def range_name(self) -> str:
        """The name of its range in the spreadsheet."""
        return f"Dasbor_{self.key}"


HISTORY_RANGE = "Dasbor_Riwayat"
DAY_RANGE = "Dasbor_Tanggal"


def _each(labels: Sequence[str], column: str) -> list[Line]:
    """A line for each label, and one for whatever else there is."""
    return [*(Line(label, f"=COUNTIF({{{column}}};{{label}})") for label in labels), _OTHERS]


def _bidang(row: int) -> Line:
    """The bidang in that row of the tab `Bidang` (from 1, below its header), which staff may change."""
    return Line(f'=IFERROR(INDEX({{Bidang.code}};{row + 1})&"";"")', '=IF({label}="";"";COUNTIF({bidang};{label}))')


def _of_remaining(*counted: str, without: Sequence[str]) -> str:
    """How many rows have one of these in `Sisa Waktu`, less those that were counted twice or count elsewhere."""
    terms = [*(("+", text) for text in counted), *(("-", text) for text in without)]
    return "=" + "".join(f'{sign}COUNTIF({{remaining}};"{text}")' for sign, text in terms).removeprefix("+")


_EMERGENCY_TODAY = "Darurat: sebelum ??.?? WITA*"  # another day's limit has its date before the time
_DUE_TODAY = _of_remaining(
    "*hari ini*",
    _EMERGENCY_TODAY,
    without=(
        "laporan: hari ini*",
        f"{_EMERGENCY_TODAY}hari ini*",
        f"{_EMERGENCY_TODAY}terlambat*",
        "Darurat: lewat*hari ini*",
    ),
)
_LATE = _of_remaining("*terlambat*", "Darurat: lewat*", without=("laporan: terlambat*", "Darurat: lewat*terlambat*"))
"""As the wall board counts: by the first of a complaint's limits, a Darurat that nobody has handled among them."""
_OTHERS = Line(OTHERS, "=MAX(0;COUNTA({ticket})-1-SUM({above}))")

BLOCKS: tuple[Block, ...] = (
    Block(
        "Ringkasan",
        "Ringkasan",
        (
            Line("Pengaduan di register", "=COUNTA({ticket})-1"),
            Line("Jatuh tempo hari ini", _DUE_TODAY),
            Line("Terlambat", _LATE),
            Line("Darurat yang lewat batas", '=COUNTIF({remaining};"Darurat: lewat*")'),
            Line(
                "Menunggu pelapor",
                '=COUNTIF({status};"Menunggu Kelengkapan")+COUNTIF({status};"Menunggu Tanggapan Pelapor")',
            ),
            Line("Masuk bulan ini", "=IFERROR(VLOOKUP(LEFT({day};7);{history};2;FALSE);0)"),
            Line("Ditutup bulan ini", "=IFERROR(VLOOKUP(LEFT({day};7);{history};3;FALSE);0)"),
        ),
        Chart(ChartKind.LINE, "Pengaduan per bulan", of_history=True),
    ),
    Block("Status", "Menurut status", _each(STATUSES, "status"), Chart(ChartKind.COLUMN, "Menurut status")),
    Block("Urgensi", "Menurut urgensi", _each(URGENCY_CHOICES, "urgency"), Chart(ChartKind.COLUMN, "Menurut urgensi")),
    Block("Kanal", "Menurut kanal", _each(CHANNEL_CHOICES, "channel"), Chart(ChartKind.PIE, "Menurut kanal")),
    Block(
        "Bidang",
        "Menurut bidang",
        (*(_bidang(row) for row in range(1, BIDANG_ROWS + 1)), _OTHERS),
        Chart(ChartKind.BAR, "Menurut bidang"),
    ),
    Block(
        "Kategori",
        "Menurut kategori",
        _each((*CATEGORIES, RESTRICTED), "classified"),
        Chart(ChartKind.BAR, "Menurut kategori"),
    ),
    Block(
        "Kecamatan",
        "Menurut kecamatan",
        _each((*DISTRICTS, RESTRICTED), "district"),
        Chart(ChartKind.BAR, "Menurut kecamatan"),
    ),
)


def named_in(formula: str) -> list[str]:
    """What a formula names in braces."""
    return _NAMED.findall(formula)
