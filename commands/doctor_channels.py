"""What `aduan doctor` says of channels: which are connected, and which settings are still missing."""

from collections.abc import Iterator
from dataclasses import dataclass

from register.settings import Settings


@dataclass(frozen=True)
class Connection:
    """
    What a channel needs: settings by their keys.

    Args:
        receives: By which it is known to us.
        answers: By which we are known to it.
        alone: Whether answering alone is sensible too.
    """

    name: str
    receives: tuple[str, ...]
    answers: str
    alone: bool = False


NO_ANSWERS = "Perhatian: {name} menerima, tetapi setiap jawaban menjadi tugas admin: isi {setting}."
_META = ("meta_app_secrets", "meta_verify_token")
_CONNECTIONS = (
    Connection("WhatsApp", _META, "whatsapp_token"),
    Connection("Facebook", _META, "facebook_token"),
    Connection("Instagram", _META, "instagram_token"),
    Connection("Telegram", ("telegram_secrets",), "telegram_token"),
    Connection("E-mail", ("imap",), "mailbox", alone=True),
)


def channel_lines(settings: Settings) -> Iterator[str]:
    """Sentences in formal Indonesian, with the settings to fill in."""
    connected = []
    for each in _CONNECTIONS:
        missing = [_name(key) for key in each.receives if not getattr(settings, key)]
        answers = bool(getattr(settings, each.answers))
        if not missing and answers:
            connected.append(each.name)
        elif answers and not each.alone:
            yield f"Perhatian: {each.name} dapat menjawab, tetapi belum dapat menerima: isi {', '.join(missing)}."
        elif not missing and each.receives is not _META:
            yield NO_ANSWERS.format(name=each.name, setting=_name(each.answers))
    if settings.meta_app_secrets and not any(getattr(settings, each.answers) for each in _CONNECTIONS[:3]):
        yield "Perhatian: kiriman Meta diterima, tetapi setiap jawaban menjadi tugas admin: isi tokennya."
    if (settings.meta_app_secrets or settings.telegram_secrets) and not settings.public_url.startswith("https://"):
        yield "Perhatian: Meta dan Telegram hanya mengirim ke alamat https: isi ADUAN_PUBLIC_URL."
    if settings.script_secrets:
        connected.append("Google Form dan Sheet")
    if connected:
        yield f"Kanal tersambung: {', '.join(connected)}."
    if settings.imap:
        from automation.channels.mailbox import mailbox_problem

        problem = mailbox_problem(settings.imap)
        yield f"Perhatian: {problem}" if problem else "Kotak surat: menjawab."


def _name(key: str) -> str:
    return f"ADUAN_{key.upper()}"
