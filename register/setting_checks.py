"""
What is wrong with a setting's value: each check returns half a sentence that says how to mend it, or nothing.
"""

import base64
import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from register.accounts import SHORTEST_PASSWORD

YES, NO = ("ya", "yes", "true", "1"), ("tidak", "no", "false", "0")
SHORTEST_SECRET = 32
SHORTEST_KEY, LONGEST_KEY = 24, 64
"""Bytes of a key by the Standard Webhooks rules."""
LONGEST_HOST = 253
LARGEST_PORT = 65535
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")


def anything(text: str) -> str:
    return ""


def host(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        numeric = text.replace(".", "").isdecimal()
        good = not numeric and len(text) <= LONGEST_HOST and _HOST_NAME.fullmatch(text)
        return "" if good else "isi dengan alamat mesin ini, misalnya 127.0.0.1, 0.0.0.0, atau ::1"
    return ""


def port(text: str) -> str:
    return "" if text.isdecimal() and 0 < int(text) <= LARGEST_PORT else "isi dengan angka 1 sampai 65535"


def optional_port(text: str) -> str:
    return port(text) if text else ""


def small_count(text: str) -> str:
    return "" if text.isdecimal() and int(text) <= 100 else "isi dengan angka 0 sampai 100"


def threads(text: str) -> str:
    return "" if text.isdecimal() and 1 <= int(text) <= 100 else "isi dengan angka 1 sampai 100"


def seconds(text: str) -> str:
    return "" if text.isdecimal() and 1 <= int(text) <= 3600 else "isi dengan angka 1 sampai 3600"


def hourly(text: str) -> str:
    return "" if text.isdecimal() and int(text) <= 100_000 else "isi dengan angka 0 sampai 100000"


def url(text: str) -> str:
    parts = _parts(text)
    good = not text or (parts.scheme in ("http", "https") and parts.hostname)
    return "" if good else "isi dengan alamat lengkap, misalnya https://aduan.example.go.id"


def database(text: str) -> str:
    good = not text or (text.startswith(("sqlite:///", "postgresql+psycopg://")) and _is_database_url(text))
    return "" if good else "isi dengan sqlite:///… atau postgresql+psycopg://…"


def _is_database_url(text: str) -> bool:
    try:
        make_url(text)
    except (ArgumentError, ValueError):  # ValueError: its port is no number
        return False
    return True


def mailbox(text: str) -> str:
    parts = _parts(text)
    good = not text or (parts.scheme in ("mailto", "mailtos") and parts.hostname)
    return "" if good else "isi dengan mailtos://pengguna:sandi@server?from=alamat"


def imap(text: str) -> str:
    parts = _parts(text)
    good = not text or (parts.scheme in ("imap", "imaps") and parts.hostname and parts.username)
    return "" if good else "isi dengan imaps://pengguna:sandi@server/INBOX"


def urls(text: str) -> str:
    return next((problem for each in text.split() if (problem := url(each))), "")


def telegram_secret(text: str) -> str:
    good = all(_TELEGRAM_SECRET.fullmatch(each) for each in text.split())
    return "" if good else "isi dengan 1 sampai 256 huruf, angka, garis bawah, atau tanda hubung"


def script_secret(text: str) -> str:
    good = all(len(each) >= SHORTEST_SECRET for each in text.split())
    return "" if good else f"paling sedikit {SHORTEST_SECRET} huruf; buat secara acak"


def webhook_secrets(text: str) -> str:
    return (
        ""
        if all(map(_is_webhook_secret, text.split()))
        else "isi dengan whsec_ diikuti 24 sampai 64 bita acak dalam base64"
    )


def _is_webhook_secret(text: str) -> bool:
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except ValueError:
        return False
    return text.startswith("whsec_") and SHORTEST_KEY <= len(key) <= LONGEST_KEY


def existing_file(text: str) -> str:
    return "" if not text or Path(text).is_file() else "berkas itu tidak ada"


def roles(text: str) -> str:
    named = any(role.strip() for role in text.split(","))
    return "" if named else "isi dengan peran pada tab Petugas, dipisah koma, misalnya Ketua Tim, Kepala Dinas"


def yes_no(text: str) -> str:
    return "" if text.casefold() in (*YES, *NO) else "isi dengan ya atau tidak"


def scanner(text: str) -> str:
    server, _, number = text.rpartition(":")
    good = not text or text.startswith("/") or (not host(server.strip("[]")) and not port(number))
    return "" if good else "isi dengan alamat clamd, misalnya 127.0.0.1:3310 atau /run/clamav/clamd.ctl"


def password(text: str) -> str:
    return "" if not text or len(text) >= SHORTEST_PASSWORD else f"paling sedikit {SHORTEST_PASSWORD} huruf"


def _parts(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:  # such as http://[
        return urlsplit("")
