"""
The gallery in docs/gallery: every page on a telephone and on a desk's screen, and every paper, taken of the real thing.

`make screenshots` takes them anew: an office in a temporary folder, filled with what tests file, in headless Chromium.
"""

import io
import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from automation.reports.document import Document
from automation.reports.findings import findings
from automation.reports.pdf import TEMPLATE
from automation.reports.pdf import sheet_of as sheet_of_report
from automation.reports.periodic import Labels, periodic_report
from automation.reports.public_document import public_document
from forms.papers import Facts, Paper, book_of, facts_of
from forms.papers.book import book_data
from forms.papers.kinds import definitions
from forms.papers.layout import sheet_of
from forms.papers.typesetting import set_pictures
from register.complaint import Status
from register.periods import YEAR
from tests.automation.reports.made_up import BIDANG, figures
from tests.builders import MOMENT
from tests.evidence_files import jpeg
from tests.forms.papers.paper_facts import OFFICE
from tests.webhooks.busy import keep_busy
from tests.webhooks.conftest import PASSWORD
from tests.webhooks.shelf import fill
from tests.webhooks.whole_site import STORY, Office, office

CHROMIUM = "/usr/bin/chromium"
GALLERY = Path(__file__).parent / "gallery"
PHONE, SCREEN = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
TAKEN = ((PHONE, "id"), (PHONE, "en"), (SCREEN, "id"))
"""Window and language."""
COLOURS = 64
Step = Callable[[Page], None]


@dataclass(frozen=True)
class Shot:
    """A page: how to get there from the one before, and whether the office's staff alone see it."""

    name: str
    title: str
    go: Step
    staff: bool = False


def press(page: Page) -> None:
    """The page's main button."""
    page.locator("main .main-button").first.click()
    page.wait_for_load_state()


def shots(at: Office) -> list[Shot]:
    """Everything, in the order in which one browser can come to it."""

    def to(path: str) -> Step:
        return lambda page: page.goto(at.url + path) and None

    def matter(page: Page) -> None:
        page.goto(at.url)
        page.fill("#description", STORY)
        press(page)

    def place(page: Page) -> None:
        page.select_option("#district", label="Loa Kulu")
        page.fill("#village", "Rempanga")
        press(page)

    def person(page: Page) -> None:
        page.locator("[name=identity]").first.check()
        page.fill("#name", "Ibu Contoh")
        page.fill("#phone", "0812-0000-0000")
        press(page)

    def evidence(page: Page) -> None:
        person(page)
        page.set_input_files("#evidence", {"name": "foto-kartu.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
        page.locator(".files li").wait_for()

    def sign_in(page: Page) -> None:
        page.goto(f"{at.url}/petugas/masuk")
        page.fill("[name=pengguna]", "ketua")
        page.fill("[name=sandi]", PASSWORD)

    def home(page: Page) -> None:
        press(page)
        page.goto(f"{at.url}/petugas")

    awaiting, incomplete = at.tickets[Status.AWAITING_REPORTER], at.tickets[Status.NEEDS_INFO]
    return [
        Shot("1-kejadian", "Langkah 1, apa yang terjadi", to("/")),
        Shot("1-kesalahan", "Langkah 1 dengan kesalahan", press),
        Shot("2-tempat", "Langkah 2, di mana dan kapan", matter),
        Shot("3-pelapor", "Langkah 3, siapa Anda", place),
        Shot("4-bukti", "Langkah 4, bukti", evidence),
        Shot("5-periksa", "Langkah 5, periksa jawaban", press),
        Shot("6-tanda-terima", "Tanda terima", press),
        Shot("statistik", "Statistik untuk masyarakat", to("/statistik")),
        Shot("data", "Data terbuka", to("/data/")),
        Shot("kamus", "Kamus data", to("/data/kamus")),
        Shot("privasi", "Pemberitahuan data pribadi", to("/privasi")),
        Shot("lacak", "Lacak status", to("/status")),
        Shot("lupa", "Lupa nomor tiket", to("/lupa-tiket")),
        *(Shot(f"status-{each.value}", f"Status: {each.value}", to(f"/status/{at.tickets[each]}")) for each in Status),
        Shot("lengkapi", "Pelapor melengkapi", to(f"/pengaduan/{incomplete}/tanggapi/lengkapi")),
        Shot("puas", "Pelapor menilai", to(f"/pengaduan/{awaiting}/tanggapi/nyatakan_puas")),
        Shot("keberatan", "Pelapor berkeberatan", to(f"/pengaduan/{awaiting}/tanggapi/buka_kembali")),
        Shot("cabut", "Pelapor mencabut", to(f"/pengaduan/{incomplete}/tanggapi/cabut")),
        Shot("petugas-masuk", "Petugas masuk", sign_in, staff=True),
        Shot("petugas", "Halaman petugas", home, staff=True),
        Shot("loket", "Loket", to("/loket"), staff=True),
        Shot("loket-kesalahan", "Loket dengan kesalahan", press, staff=True),
        Shot("loket-kertas", "Formulir kertas", to("/loket/kertas"), staff=True),
        Shot("loket-tercatat", "Tercatat di loket", to(f"/loket/{awaiting}"), staff=True),
        Shot("loket-bukti", "Bukti di loket", to(f"/loket/{awaiting}/bukti"), staff=True),
        Shot("loket-dokumen", "Dokumen dan buku", to("/loket/dokumen"), staff=True),
        Shot("loket-cari", "Cari di loket", to("/loket/cari"), staff=True),
        Shot("dasbor", "Dasbor petugas", to(f"/petugas/dasbor?masa={MOMENT:%Y-%m}"), staff=True),
        Shot(
            "dasbor-daftar", "Pengaduan di balik angka", to(f"/petugas/dasbor/daftar?masa={MOMENT:%Y-%m}"), staff=True
        ),
        Shot("papan", "Papan hari ini", to("/petugas/papan"), staff=True),
        Shot("papan-layar", "Papan untuk layar dinding", to("/petugas/papan/layar"), staff=True),
    ]


def photograph(browser: Browser, at: Office, size: Mapping[str, int], language: str) -> None:
    """All pages in one browser, in the order of `shots`; the staff's in Indonesian only."""
    page = browser.new_context(viewport=dict(size), has_touch=size is PHONE).new_page()
    page.goto(f"{at.url}/?lang={language}")
    for shot in shots(at):
        if shot.staff and language == "en":
            continue
        shot.go(page)
        name = f"{shot.name}-{size['width']}-{language}.png"
        keep(GALLERY / name, page.screenshot(full_page=True))
    page.context.close()


def keep(path: Path, png: bytes) -> None:
    """With few colours: a gallery is looked at, and carried in every clone."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def print_papers(at: Office) -> list[str]:
    """The first page of every paper, filled in and blank."""
    names = []
    ticket = at.tickets[Status.ARCHIVED]
    for paper in Paper:
        for blank in (False, True):
            facts = Facts(OFFICE) if blank else facts_of(at.store, ticket, OFFICE, now=MOMENT)
            sheet = sheet_of(paper, facts, blank=blank).plain()
            pages = set_pictures(definitions()[paper].template, sheet, OFFICE, ppi=70)
            names.append(f"{paper.value}{'-kosong' if blank else ''}.png")
            keep(GALLERY / names[-1], pages[0])
    edition = next(each for each in reversed(list(at.store.editions())) if each.period.months == YEAR)
    for name, document in (("laporan-berkala", year_report()), ("statistik-cetak", public_document(edition))):
        for number, page in enumerate(set_pictures(TEMPLATE, sheet_of_report(document, OFFICE), OFFICE, ppi=70), 1):
            names.append(f"{name}-{number}.png")
            keep(GALLERY / names[-1], page)
    book = book_of(at.store, OFFICE, MOMENT.year, now=MOMENT)
    names.append("buku-registrasi.png")
    keep(GALLERY / names[-1], set_pictures("book.typ", book_data(book), OFFICE, ppi=70)[0])
    return names


def year_report() -> Document:
    """A yearly report on invented figures."""
    earlier = [figures(str(year), 700 + 40 * (year % 3), 30) for year in range(2022, 2026)]
    year = figures("2026", 1000, 45)
    return periodic_report(year, earlier, Labels(BIDANG), found=findings(year, earlier), root_line="Akar jejak: contoh")


def written(at: Office, papers: list[str]) -> str:
    """The page that shows them all."""
    lines = [
        "# Galeri",
        "",
        "Dibuat oleh `make screenshots`: telepon 360 piksel (Indonesia, Inggris), layar 1280 piksel.",
    ]
    for shot in shots(at):
        wanted = TAKEN[:1] + TAKEN[2:] if shot.staff else TAKEN
        lines += ["", f"## {shot.title}", ""]
        lines += [
            _image(f"{shot.name}-{size['width']}-{tongue}.png", 200 if size is PHONE else 480)
            for size, tongue in wanted
        ]
    return "\n".join([*lines, "", "## Dokumen", "", *(_image(name, 280) for name in papers)]) + "\n"


def _image(name: str, width: int) -> str:
    return f'<img src="{name}" width="{width}" alt="{name.removesuffix(".png")}">'


def main() -> None:
    """Take them all, and write docs/gallery/README.md."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir()
    with tempfile.TemporaryDirectory() as folder, office(Path(folder)) as at, sync_playwright() as playwright:
        fill(at.store)
        keep_busy(at.store)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for size, language in TAKEN:
            photograph(browser, at, size, language)
        browser.close()
        (GALLERY / "README.md").write_text(written(at, print_papers(at)), "utf-8")


if __name__ == "__main__":
    main()
