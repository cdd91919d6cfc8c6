"""A published edition as a document, on paper: it says what was published, and counts nothing. Pure."""

from collections.abc import Sequence

from automation.reports.definitions import how_counted
from automation.reports.document import Chart, ChartKind, Document, Section, Series, Table, whole
from register.complaint import WITA
from register.editions import PublicEdition, PublicShare, PublicTable
from register.indonesian_dates import letter_date
from register.periods import MONTH, Period

TITLE = "Laporan Pengelolaan Pengaduan untuk Publik"
SOURCE = "Undang-Undang Nomor 14 Tahun 2008 tentang Keterbukaan Informasi Publik"
FEW = "Terlalu sedikit untuk ditampilkan"


def public_document(edition: PublicEdition) -> Document:
    """What was published of a period."""
    sections = [
        _received(edition),
        *([Section("Janji dan kenyataan", tables=[_shares(edition.shares)])] if edition.shares else []),
        how_counted("public"),
    ]
    subtitle = f"{edition.period.label}, terbit {letter_date(edition.published_at.astimezone(WITA))}"
    return Document(TITLE, subtitle, sections, edition.published_at, edition.period, public=True, source=SOURCE)


def _received(edition: PublicEdition) -> Section:
    waiting = ", ".join(Period(first, MONTH).label for first in edition.waiting)
    said = [
        f"Diterima {whole(edition.received)} pengaduan."
        if edition.received is not None
        else "Jumlahnya terlalu sedikit untuk ditampilkan tersendiri.",
        *([f"Dihitung bersama bulan-bulan berikutnya: {waiting}."] if waiting else []),
    ]
    months = Table(
        "bulan",
        "Pengaduan yang diterima menurut bulan",
        ("Bulan", "Jumlah"),
        [(span.label, span.received) for span in edition.spans],
    )
    shown = [months] if len(edition.spans) > 1 else []
    return Section(
        "Pengaduan yang diterima",
        said,
        [*shown, *map(_table, edition.tables)],
        [_chart(table) for table in edition.tables],
    )


def _table(table: PublicTable) -> Table:
    return Table(
        table.key,
        f"Menurut {table.label.lower()}",
        (table.label, "Jumlah"),
        [(row.label, row.count) for row in table.rows],
    )


def _chart(table: PublicTable) -> Chart:
    return Chart(
        ChartKind.BARS,
        f"Menurut {table.label.lower()}",
        [row.label for row in table.rows],
        [Series("Pengaduan", [row.count for row in table.rows])],
    )


def _shares(shares: Sequence[PublicShare]) -> Table:
    return Table(
        "janji",
        "Berapa dari sepuluh yang sesuai",
        ("Hal", "Janji", "Kenyataan"),
        [
            (share.label, share.promise or None, FEW if share.tenths is None else f"{share.tenths} dari 10")
            for share in shares
        ],
    )
