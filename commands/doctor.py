"""`aduan doctor`: whether settings, store and register are in order, and how to mend what is not."""

from collections.abc import Iterator
from datetime import datetime

import click

from automation.calendars.explaining_due import rules_for
from automation.checkup import findings, store_lines
from automation.sync.tick_report import Kind
from commands.doctor_channels import channel_lines
from commands.present import clock
from forms.attachments.scanning import Scanner, ScannerError
from register.attachments import Attachments
from register.complaint import WITA
from register.errors import SheetUnavailableError
from register.opening import check_data, open_data, prepare, register_file, sheet_access
from register.settings import Settings
from register.sheet import Sheet
from register.store import Store

STAFF_DOMAIN = "@aduan.invalid"
"""Staff have usernames; protections in the register name addresses."""


def examine(settings: Settings) -> None:
    """Print what is found. Raises: ClickException naming what must be mended; NoDataError."""
    if not settings.public_url:
        click.echo(
            "Perhatian: ADUAN_PUBLIC_URL belum diisi. Alamat pada tanda terima dan kode QR diambil dari permintaan "
            "pengunjung; isi dengan alamat resmi sebelum formulir dibuka untuk umum."
        )
    check_data(settings)
    prepare(settings, clock())
    opened = open_data(settings)
    store = opened.store
    click.echo("\n".join(store_lines(store)))
    problems = []
    for line in _evidence(opened.attachments, scanner_of(settings)):
        click.echo(line)
    for line in channel_lines(settings):
        click.echo(line)
    try:
        for sentence in _registers(settings):
            click.echo(sentence)
    except SheetUnavailableError:
        problems.append(_nobody_there(settings))
    rules = rules_for(clock().astimezone(WITA).year, store.setting("configuration"))
    for sentence in findings(store, rules, clock()):
        click.echo(sentence)
    problems += _told_by_the_worker(store, answers=not problems)
    if problems:
        raise click.ClickException("\n".join(problems))


def scanner_of(settings: Settings) -> Scanner | None:
    """The virus scanner that the office has set, if any."""
    return Scanner(settings.clamav) if settings.clamav else None


def _evidence(attachments: Attachments, scanner: Scanner | None) -> Iterator[str]:
    if lost := attachments.lost():
        yield f"Perhatian: {lost} lampiran tidak ada di folder lampiran. Pulihkan folder itu dari cadangan."
    if scanner is not None:
        try:
            yield f"Pemindai virus: menjawab, {scanner.version()}."
        except ScannerError as error:
            yield f"Perhatian: {error.message}"
    if waiting := len(attachments.quarantined()):
        yield f"Perhatian: {waiting} lampiran menunggu pemindai virus dan belum dapat dibuka."
        if scanner is None:
            yield "Perhatian: ADUAN_CLAMAV kosong, jadi lampiran itu akan dibuka tanpa dipindai. Isi lagi bila keliru."


def _registers(settings: Settings) -> Iterator[str]:
    access = sheet_access(settings)
    yield f"Register: menjawab, tab {', '.join(Sheet(access).titles())}."
    if access.restricted:
        sheet = Sheet(access.restricted)
        shared = (
            [name.removesuffix(STAFF_DOMAIN) for name in sheet.shared_with()] if access.url else ["diatur di Google"]
        )
        people = ", ".join(shared)
        yield f"Register Terbatas: menjawab, tab {', '.join(sheet.titles())}; dapat dibuka oleh: {people}."
    else:
        yield (
            "Perhatian: ADUAN_GOOGLE_RESTRICTED_SHEET_ID belum diisi. Pengaduan terbatas hanya tampil sebagai "
            "ringkasan. Buat spreadsheet kedua, bagikan dengan akun layanan dan yang berhak saja, lalu isi id-nya."
        )


def _nobody_there(settings: Settings) -> str:
    if settings.google_sheet_id:
        return "Register tidak menjawab: Google tidak dapat dihubungi dari mesin ini. Periksa jaringannya."
    where = register_file(settings).url
    if not settings.embedded:
        return f"Register di {where} tidak menjawab. Periksa server itu dan ADUAN_SHEETS_URL."
    return (
        f"Register di {where} tidak menjawab. Apakah 'aduan serve' sedang berjalan, dengan PORT {settings.port} dan "
        f"ADUAN_REGISTER_PORT {settings.register_port}? Jalankan, lalu periksa kembali dengan: aduan doctor"
    )


def _told_by_the_worker(store: Store, *, answers: bool) -> list[str]:
    """What the last tick found wrong, a fault a line; not again that nobody answers, which is known better now."""
    last = store.setting("register") or {}
    if not last.get("problem"):
        return []
    if last.get("kind") != Kind.UNREACHABLE:
        return [str(last["problem"])]
    read_at = last.get("read_at")
    since = f" sejak {datetime.fromisoformat(read_at).astimezone(WITA):%Y-%m-%d %H.%M} WITA" if read_at else ""
    return [f"Pekerja belum dapat membaca register{since}."] if answers else []
