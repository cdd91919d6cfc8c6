"""Sending a stored payload to a webhook as its channel would, for trying out what happens with it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.present import clock
from register.inbound import Source
from register.opening import in_url, reachable
from register.settings import Settings

if TYPE_CHECKING:
    from webhooks import InboundSecrets

DELIVERED = tuple(source.value for source in Source if source is not Source.EMAIL)
"""The mailbox is asked; all others deliver."""
TIMEOUT_SECONDS = 30
_LONG_AGO = timedelta(hours=1)
_WRONG_SECRET = "bukan rahasia yang sebenarnya"  # noqa: S105 - wrong on purpose

Headers = dict[str, str]


def inbound_secrets(settings: Settings) -> "InboundSecrets":
    """By what the settings say that deliveries are known."""
    from webhooks import InboundSecrets  # of most commands nobody needs it, and it takes a while to load

    return InboundSecrets(
        meta=settings.meta_app_secrets,
        meta_verify_token=settings.meta_verify_token,
        telegram=settings.telegram_secrets,
        scripts=settings.script_secrets,
        drive=(settings.drive_token,) if settings.drive_token else (),
    )


@click.command("webhook-send", help="Kirim berkas contoh ke webhook, ditandatangani seperti oleh kanalnya.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", type=click.Choice(DELIVERED), required=True, help="Asal kiriman.")
@click.option("--url", help="Alamat server itu; bila tidak disebut, mesin ini.")
@click.option("--secret", default="", help="Rahasia penanda tangan; bila tidak disebut, dari pengaturan.")
@click.option("--wrong", "mistake", flag_value="wrong", help="Tandatangani dengan rahasia yang salah.")
@click.option("--stale", "mistake", flag_value="stale", help="Tandatangani seperti satu jam yang lalu (skrip saja).")
@click.pass_obj
def webhook_send(
    settings: Settings, file: Path, source: str, url: str | None, secret: str, mistake: str | None
) -> None:
    """Send a payload file, each of its requests if it holds several, and print the status of every answer."""
    from webhooks import signatures
    from webhooks.inbound import GATES

    gate = GATES[Source(source)]
    dated = gate.judge is signatures.by_script
    if mistake == "stale" and not dated:
        raise click.ClickException(f"Kiriman {source} tidak memuat waktu kirim, jadi tidak dapat kedaluwarsa.")
    secret = secret or next(iter(gate.secrets(inbound_secrets(settings))), "")
    if not secret:
        raise click.ClickException(f"{gate.setting} belum diisi. Isi pengaturan itu, atau sebutkan --secret.")
    if mistake == "wrong":
        secret = _WRONG_SECRET
    sent_at = clock() - (_LONG_AGO if mistake == "stale" else timedelta()) if dated else None
    base = (url or f"http://{in_url(reachable(settings.host))}:{settings.port}").rstrip("/")
    for body, headers in _requests(file, Source(source), sent_at):
        signed = secret if gate.judge is signatures.by_token else signatures.signature(body, secret)
        click.echo(_send(f"{base}/webhooks/{source}", body, headers | {gate.header: signed}))


def _requests(file: Path, source: Source, sent_at: datetime | None) -> list[tuple[bytes, Headers]]:
    """What the file holds: a body, or for Drive headers by the names of their requests."""
    body = file.read_bytes()
    if source is Source.DRIVE:
        return [(b"", headers) for headers in _drive_headers(_loaded(file, body))]
    if sent_at:
        body = json.dumps(_loaded(file, body) | {"sent_at": sent_at.isoformat()}, ensure_ascii=False).encode("utf-8")
    return [(body, {"Content-Type": "application/json"})]


def _drive_headers(loaded: Mapping[str, object]) -> list[Headers]:
    return [
        {name: str(value) for name, value in headers.items() if name.startswith("X-Goog-")}
        for headers in loaded.values()
        if isinstance(headers, dict)
    ]


def _loaded(file: Path, body: bytes) -> dict[str, object]:
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError):
        loaded = None
    if not isinstance(loaded, dict):
        raise click.ClickException(f"{file.name} bukan objek JSON.")
    return loaded


def _send(url: str, body: bytes, headers: Headers) -> str:
    """The answer's status, and the code of a problem if it is one."""
    import requests  # likewise

    try:
        answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise click.ClickException(
            f"Server tidak menjawab ({type(error).__name__}). Periksa alamat, dan apakah aduan sedang berjalan."
        ) from error
    code = answer.json().get("code", "") if "json" in answer.headers.get("Content-Type", "") else ""
    return f"{answer.status_code} {code}".strip()
