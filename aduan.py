"""The `aduan` command: wires the rooms together, passes to each what it needs, and holds no logic of its own."""

import os
import sys
from pathlib import Path

import click
import structlog
from sqlalchemy.exc import SQLAlchemyError

import localsheets
from automation.errors import QuestionError
from commands import accounts, archive, exchange, papers, processes, replay, report
from commands.asking import COMMANDS
from commands.channel_test import channel_test
from commands.doctor import examine
from commands.preparing import admins_of, prepare_office
from commands.present import clock
from commands.usage import Context, usage_problem
from commands.webhook_send import webhook_send
from register.accounts import ADMIN
from register.errors import AduanError, SheetUnavailableError
from register.laying_out import provision, provision_restricted
from register.opening import (
    check_data,
    in_url,
    open_data,
    prepare,
    reachable,
    register_file,
    sheet_access,
)
from register.settings import Settings, load_settings, shown_settings
from register.sheet import Sheet
from register.sheet_access import SheetAccess

SETTINGS_FILE = Path("aduan.toml")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aduan")
@click.option("--data", help="Folder untuk semua data (ADUAN_DATA).")
@click.pass_context
def cli(context: click.Context, data: str | None) -> None:
    """Pengaduan masyarakat: formulir, register, SOP, dan status, dalam satu program."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    if data:
        os.environ["ADUAN_DATA"] = data
    context.obj = load_settings(os.environ, SETTINGS_FILE)


@cli.command(help="Siapkan folder data dan spreadsheet.")
@click.pass_obj
def init(settings: Settings) -> None:
    """Prepare the data folder and the spreadsheet; run twice it changes nothing."""
    prepare_office(settings)
    access, store = sheet_access(settings), open_data(settings).store
    count = provision(Sheet(access), store, {}, admins=admins_of(access))
    if access.restricted:
        count += provision_restricted(Sheet(access.restricted), store, {})
    click.echo(f"{count} perubahan pada spreadsheet." if count else "Spreadsheet sudah lengkap; tidak ada perubahan.")


@cli.command("demo", help="Kirim 24 pengaduan contoh ke server yang sedang berjalan.")
@click.option("--url", help="Alamat server itu; bila tidak disebut, mesin ini.")
@click.pass_obj
def demo_command(settings: Settings, url: str | None) -> None:
    """File the 24 sample complaints through the public API of a running server."""
    from automation import demo  # asks over HTTP, which no other command does here

    address = url or settings.public_url or f"http://{in_url(reachable(settings.host))}:{settings.port}"
    agreed = demo.run(address, lambda: _sheets(_made_by_now(settings)), echo=click.echo, bar=click.progressbar)
    click.echo(agreed)


@cli.command(help="Ganti kata sandi petugas untuk register, atau buat akunnya.")
@click.argument("username", default=ADMIN)
@click.password_option(
    prompt="Kata sandi baru", confirmation_prompt="Ulangi", help="Kata sandi baru; bila tidak disebut, ditanyakan."
)
@click.pass_obj
def password(settings: Settings, username: str, password: str) -> None:
    """Give somebody of the staff a (new) password for the register; an account that is not there is made."""
    check_data(settings)
    prepare(settings, clock())
    known_accounts = open_data(settings).accounts
    known = known_accounts.state(username) is not None
    known_accounts.set_password(username, password, now=clock())
    click.echo(f"Kata sandi {username} sudah diganti." if known else f"Akun baru {username} dibuat.")
    if username.strip() == ADMIN and settings.admin_password not in ("", password):
        click.echo(
            "Perhatian: ADUAN_ADMIN_PASSWORD masih disetel, dan saat program dijalankan kembali kata sandi itulah "
            "yang berlaku lagi. Ubah atau kosongkan pengaturan itu.",
            err=True,
        )


@cli.command(help="Periksa pengaturan, basis data, dan register.")
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Check settings, store and register, and say how to mend each."""
    for name, value in shown_settings(os.environ, SETTINGS_FILE).items():
        click.echo(f"{name:27} {value or '-'}")
    examine(settings)


for command in (
    *processes.COMMANDS,
    *COMMANDS,
    *papers.COMMANDS,
    *accounts.COMMANDS,
    *archive.COMMANDS,
    *report.COMMANDS,
    *exchange.COMMANDS,
    *replay.COMMANDS,
    channel_test,
    webhook_send,
):
    cli.add_command(command)
for command in (cli, *cli.commands.values()):
    command.context_class = Context


def main() -> None:
    """Entry of the command; an error for people is a sentence, not a stack trace."""
    try:
        cli.main(prog_name="aduan", standalone_mode=False)
    except AduanError as error:
        click.echo(error.message, err=True)
        sys.exit(2 if isinstance(error, QuestionError) else 1)
    except localsheets.StorageError as error:
        click.echo(f"Berkas lembar register tidak dapat dipakai. {error}", err=True)
        sys.exit(1)
    except SQLAlchemyError as error:  # its text may quote what people wrote
        click.echo(f"Basis data tidak dapat dipakai ({type(error).__name__}). Periksa dengan: aduan doctor", err=True)
        sys.exit(1)
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        click.echo(
            f"Berkas atau folder{place} tidak dapat dipakai ({error.strerror or type(error).__name__}). "
            "Periksa tempat dan izinnya, lalu jalankan kembali.",
            err=True,
        )
        sys.exit(1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(usage_problem(error) if isinstance(error, click.UsageError) else error.format_message(), err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


def _made_by_now(settings: Settings) -> SheetAccess:
    """As the worker made them. Raises: SheetUnavailableError while it has not: made by two, there would be two."""
    if settings.embedded and not register_file(settings).spreadsheet_id:
        raise SheetUnavailableError("Register belum dibuat.")
    return sheet_access(settings)


def _sheets(access: SheetAccess) -> list[Sheet]:
    """The shared spreadsheet, and that of restricted complaints if there is one."""
    return [Sheet(each) for each in (access, access.restricted) if each is not None]


if __name__ == "__main__":
    main()
