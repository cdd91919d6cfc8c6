"""Trying somebody's channels before they are needed."""

from functools import partial

import click

from automation.reminders.channel_test import officer_named, try_channels
from automation.reminders.delivery import remembered_rules
from commands.present import clock
from register.opening import check_data, open_data
from register.settings import Settings


@click.command("channel-test", help="Kirim pesan uji ke setiap kanal seseorang pada tab Petugas.")
@click.argument("name")
@click.pass_obj
def channel_test(settings: Settings, name: str) -> None:
    """Send a test message to each channel of somebody in the tab Petugas, and tell what became of it."""
    check_data(settings)
    officer = officer_named(remembered_rules(open_data(settings).store)(clock()), name)
    from automation.reminders.channels.staff import send  # loads apprise, which few commands need

    failed = 0
    for tried in try_channels(officer, partial(send, local=settings.allow_local_channels)):
        click.echo(tried.sentence)
        failed += not tried.sent
    if failed:
        raise click.ClickException(f"{failed} dari {len(officer.channels)} kanal belum terbukti sampai.")
