"""Preparing an office: its data folder, the first account, and who may say who may open what."""

import sys

import click

from commands.doctor import STAFF_DOMAIN
from commands.present import clock
from register.accounts import ADMIN
from register.opening import open_data, prepare, prepare_admin
from register.settings import Settings
from register.sheet_access import SheetAccess


def prepare_office(settings: Settings) -> None:
    """Make the folder, bring the store up to date, and tell the password that was made, if one was."""
    if saved := prepare(settings, clock()):
        click.echo(f"Cadangan basis data sebelum pembaruan: {saved}")
    if made := prepare_admin(open_data(settings).accounts, settings, clock()):
        click.echo(f"Masuk ke register    : pengguna {ADMIN}, kata sandi {made}")
        click.echo(f"                       (hanya ditampilkan sekali; ganti dengan: {sys.argv[0]} password)")


def admins_of(access: SheetAccess) -> list[str]:
    """Who may say who may open Register Terbatas; at Google that is the owner, whom nothing is closed to."""
    return [ADMIN + STAFF_DOMAIN] if access.url else []
