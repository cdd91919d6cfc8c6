"""`aduan archive`, `restore`, `hold`, `erase`: what leaves the register, comes back, must stay, or must be gone."""

from collections import Counter
from datetime import datetime

import click

from automation.archive.erasing import doomed_lines, forget_outside, outdated
from automation.archive.job import ASKED
from automation.archive.moving import judge
from automation.archive.plan import Verdict, archived_before
from automation.calendars.explaining_due import rules_for
from automation.configuration.in_force import Configuration
from commands.asking import named_complaint
from commands.present import clock
from register.complaint import WITA
from register.erasing import REASONS, check_erasable
from register.errors import ErasedError
from register.opening import Opened, check_data, open_data
from register.settings import Settings
from register.store import Store

ACTOR = "administrator"
"""Whoever runs commands on the office's machine, as the trail calls them."""
_MOST_SHOWN = 200


@click.command("archive", help="Pindahkan pengaduan lama dari Register ke arsip tahunnya.")
@click.option("--dry-run", is_flag=True, help="Tampilkan saja apa yang akan dipindahkan, dan mengapa yang lain tidak.")
@click.pass_obj
def archive(settings: Settings, dry_run: bool) -> None:
    """Ask the worker, which alone writes to the register, to move now what it would move at night; or list it."""
    store, now = _opened(settings).store, clock()
    rules = _rules(store, now)
    active = list(store.active_complaints().values())
    judged = judge(store, active, archived_before(rules, now))
    counts = Counter(judged.values())
    if dry_run:
        shown = [each for each in active if judged[each.ticket] is not Verdict.OPEN]
        for each in shown[:_MOST_SHOWN]:
            click.echo(f"{each.ticket}  {each.register_number}  {judged[each.ticket]}")
        if len(shown) > _MOST_SHOWN:
            click.echo(f"… dan {len(shown) - _MOST_SHOWN} lainnya.")
    for verdict in Verdict:
        click.echo(f"{counts[verdict]:>7,} {verdict}".replace(",", "."))
    if due := outdated(store, rules, now):
        click.echo(
            f"{len(due):>7} di arsip melewati masa simpan; identitasnya dihapus malam ini menurut setelan retensi."
        )
    if not dry_run and counts[Verdict.MOVES]:
        store.put_setting(ASKED, now.isoformat())
        click.echo("Pekerja (aduan serve) memindahkannya mulai sekarang, sebagian demi sebagian.")


@click.command("restore", help="Kembalikan pengaduan dari arsip ke Register, dengan isian petugas.")
@click.argument("ticket")
@click.pass_obj
def restore(settings: Settings, ticket: str) -> None:
    """Have a complaint stand in the working register again; its row comes with the worker's next tick."""
    store = _opened(settings).store
    back = store.move_back(named_complaint(store, ticket).ticket, clock(), actor=ACTOR)
    if not back:
        click.echo("Pengaduan ini tidak di arsip; barisnya ada di Register.")
    else:
        click.echo(f"Dikembalikan: {', '.join(sorted(back))}. Barisnya muncul di Register dalam beberapa detik.")


@click.command("hold", help="Tahan pengaduan agar tidak diarsipkan atau dihapus, atau lepaskan.")
@click.argument("ticket")
@click.option("--reason", help="Alasan penahanan, misalnya nomor perkara; disimpan tersegel.")
@click.option("--release", is_flag=True, help="Lepaskan penahanan.")
@click.pass_obj
def hold(settings: Settings, ticket: str, reason: str | None, release: bool) -> None:
    """Keep a complaint from moving and erasing for as long as a matter of law needs it."""
    if bool(reason) == release:
        raise click.ClickException("Sebutkan --reason untuk menahan, atau --release untuk melepaskan; salah satu saja.")
    store = _opened(settings).store
    wanted = named_complaint(store, ticket).ticket
    if reason:
        store.hold(wanted, reason, clock(), actor=ACTOR)
        click.echo(f"Tiket {wanted} ditahan: tidak dipindahkan dan tidak dihapus sampai dilepaskan.")
    else:
        released = store.release(wanted, clock(), actor=ACTOR)
        click.echo(f"Tiket {wanted} dilepaskan." if released else f"Tiket {wanted} tidak sedang ditahan.")


@click.command("erase", help="Musnahkan identitas dan isi satu pengaduan untuk selamanya, dengan bukti.")
@click.argument("ticket")
@click.option(
    "--reason",
    type=click.Choice(list(REASONS)),
    help="; ".join(f"{code}: {words}" for code, words in REASONS.items()) + ".",
)
@click.option("--check", is_flag=True, help="Periksa saja bahwa tidak ada yang masih dapat dibuka.")
@click.option("--yes", is_flag=True, help="Tanpa bertanya.")
@click.pass_obj
def erase(settings: Settings, ticket: str, reason: str | None, check: bool, yes: bool) -> None:
    """Show what will be destroyed, ask, destroy it, and print the proof; or look whether anything still opens."""
    opened = _opened(settings)
    wanted = named_complaint(opened.store, ticket).ticket
    if check:
        _check(opened, wanted)
        return
    complaint = opened.store.complaint(wanted)
    if complaint.erased_at is not None:
        click.echo(f"Tiket {wanted} sudah dimusnahkan pada {_said(complaint.erased_at)}; tidak ada yang dilakukan.")
        click.echo(f"Lihat buktinya dengan: aduan erase --check {wanted}")
        return
    if reason is None:
        raise click.ClickException(f"Sebutkan --reason: {', '.join(REASONS)}.")
    check_erasable(complaint)
    click.echo("\n".join(doomed_lines(opened.store.doomed(wanted))))
    if not yes and click.prompt("Musnahkan sekarang? Ketik ya", default="tidak").strip().casefold() not in ("y", "ya"):
        raise click.ClickException("Tidak ada yang dimusnahkan.")
    now = clock()
    opened.store.erase(wanted, reason, now, actor=ACTOR)
    forget_outside(opened.store, opened, [opened.store.complaint(wanted)], now)
    click.echo(f"Dimusnahkan {_said(now)}. Dasar: {REASONS[reason]}.")
    click.echo(f"Spreadsheet dibersihkan oleh pekerja. Periksa dengan: aduan erase --check {wanted}")


def _check(opened: Opened, ticket: str) -> None:
    """Raises: ClickException naming what is left."""
    left = opened.store.erasure_left(ticket)
    try:
        opened.store.intake(ticket)
        left.append("Isi pengaduan masih dapat dibuka.")
    except ErasedError:
        pass
    if left:
        raise click.ClickException("\n".join(left))
    last = opened.store.last_root()
    event = next(e for e in reversed(opened.store.events(ticket, opened=False)) if "intake" in e.data)
    click.echo(f"BUKTI PENGHAPUSAN, tiket {ticket}, {_said(event.at)} oleh {event.actor}.")
    click.echo(f"Dasar: {REASONS[event.data['reason']]}.")
    for name, digest in event.data.items():
        if name != "reason":
            click.echo(f"  {name:8} {digest}")
    click.echo("Tidak ada lagi yang dapat dibuka: kunci, indeks kontak, lampiran, percakapan, dan lembar kerja bersih.")
    if last is not None:
        click.echo(f"Akar jejak audit terakhir ({last.day}): {last.printed}")


def _said(at: datetime) -> str:
    return f"{at.astimezone(WITA):%d-%m-%Y %H.%M} WITA"


def _opened(settings: Settings) -> Opened:
    check_data(settings)
    return open_data(settings)


def _rules(store: Store, now: datetime) -> Configuration:
    return rules_for(now.astimezone(WITA).year, store.setting("configuration"))


COMMANDS = (archive, restore, hold, erase)
