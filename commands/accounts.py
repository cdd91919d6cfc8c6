"""The command that takes an account away; `aduan password` gives one."""

import click

from register.accounts import ADMIN
from register.opening import check_data, open_data
from register.settings import Settings


@click.command("remove-account", help="Cabut akun petugas, misalnya yang pindah tugas.")
@click.argument("username")
@click.pass_obj
def remove_account(settings: Settings, username: str) -> None:
    """Take an account away; whoever uses it just now is out at once."""
    if username.strip() == ADMIN:
        raise click.ClickException(f"Akun {ADMIN} tidak dapat dicabut; ganti kata sandinya dengan: aduan password")
    check_data(settings)
    if not open_data(settings).accounts.remove(username):
        raise click.ClickException(f"Tidak ada akun bernama {username}.")
    click.echo(f"Akun {username.strip()} sudah dicabut.")


COMMANDS = (remove_account,)
