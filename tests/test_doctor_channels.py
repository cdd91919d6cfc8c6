"""What `aduan doctor` says of channels: which are connected, and what is missing."""

from pathlib import Path

import pytest

from commands.doctor_channels import channel_lines
from register.settings import load_settings

NO_FILE = Path("there-is-none.toml")
META = {"ADUAN_META_APP_SECRETS": "rahasia", "ADUAN_META_VERIFY_TOKEN": "kata"}
HTTPS = {"ADUAN_PUBLIC_URL": "https://aduan.contoh.id"}


def lines(environment: dict[str, str]) -> list[str]:
    return list(channel_lines(load_settings(environment, NO_FILE)))


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, []),
        ({"ADUAN_MAILBOX": "mailto://127.0.0.1?from=a@b.id"}, []),
        (HTTPS | META | {"ADUAN_WHATSAPP_TOKEN": "t"}, ["Kanal tersambung: WhatsApp."]),
        (HTTPS | META, ["isi tokennya"]),
        (META | {"ADUAN_WHATSAPP_TOKEN": "t"}, ["isi ADUAN_PUBLIC_URL", "Kanal tersambung: WhatsApp."]),
        ({"ADUAN_FACEBOOK_TOKEN": "t"}, ["isi ADUAN_META_APP_SECRETS, ADUAN_META_VERIFY_TOKEN"]),
        (HTTPS | {"ADUAN_TELEGRAM_SECRETS": "s"}, ["isi ADUAN_TELEGRAM_TOKEN"]),
        ({"ADUAN_SCRIPT_SECRETS": "x" * 32}, ["Kanal tersambung: Google Form dan Sheet."]),
    ],
)
def test_what_is_missing_is_named(environment: dict[str, str], told: list[str]) -> None:
    found = lines(environment)
    assert len(found) == len(told)
    assert all(wanted in line for wanted, line in zip(told, found, strict=True))


def test_a_mailbox_that_cannot_be_read_is_told_without_its_password() -> None:
    (connected, problem) = lines(
        {
            "ADUAN_IMAP": "imap://aduan:sandi-rahasia@127.0.0.1:1/INBOX",
            "ADUAN_MAILBOX": "mailto://127.0.0.1?from=a@b.id",
        }
    )
    assert connected == "Kanal tersambung: E-mail."
    assert problem.startswith("Perhatian: ")
    assert "sandi-rahasia" not in problem
