"""
The tables in the documentation, made from the tables in the code: `make docs` renews them, a test finds them stale.

A table stands between `<!-- table: name -->` and `<!-- end -->`.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from register.settings import SETTINGS  # noqa: E402 - found only once the tree is on the path
from sheets_schema.columns import Column, Owner, Tab  # noqa: E402
from sheets_schema.provisioning import TABS  # noqa: E402
from sheets_schema.register_tab import REGISTER  # noqa: E402

PAGES = ("README.md", "README.id.md", "docs/columns.md")

SETTINGS_IN_INDONESIAN = {
    "ADUAN_DATA": "Folder untuk semua data yang harus bertahan.",
    "ADUAN_HOST": "Alamat tempat program menunggu; 0.0.0.0 untuk seluruh jaringan kantor.",
    "PORT": "Port halaman publik.",
    "ADUAN_REGISTER_PORT": "Port register bawaan; bila kosong, port berikutnya.",
    "ADUAN_PUBLIC_URL": "Alamat publik untuk tautan pada tanda terima; bila kosong, diambil dari permintaan.",
    "ADUAN_REGISTER_PUBLIC_URL": "Alamat lembar petugas bila ada proksi di depannya.",
    "ADUAN_TRUSTED_PROXIES": "Jumlah proksi di depan yang mengisi kepala X-Forwarded.",
    "ADUAN_ADMIN_PASSWORD": "Kata sandi `admin`; bila kosong, dibuatkan dan ditampilkan satu kali.",
    "ADUAN_DATABASE_URL": "Basis data; bila kosong, berkas SQLite di folder data.",
    "ADUAN_SHEETS_URL": "Server lain yang serupa Google Sheets, pengganti register bawaan.",
    "ADUAN_SHEETS_TOKEN": "Token untuk server itu.",
    "ADUAN_GOOGLE_SHEET_ID": "Id lembar Google; bila diisi, register berada di Google.",
    "ADUAN_GOOGLE_RESTRICTED_SHEET_ID": "Id lembar Google kedua, khusus pengaduan terbatas.",
    "ADUAN_GOOGLE_CREDENTIALS": "Berkas JSON akun layanan, untuk Google.",
    "ADUAN_RESTRICTED_ROLES": "Peran pada tab `Petugas` yang boleh melihat pengaduan terbatas, dipisah koma.",
    "ADUAN_ALLOW_LOCAL_CHANNELS": "Apakah kanal petugas boleh memakai server di jaringan ini: ya atau tidak.",
    "ADUAN_MAILBOX": "Kotak surat kantor untuk menulis kepada pelapor: URL Apprise `mailto://` atau `mailtos://`.",
    "ADUAN_TICK_SECONDS": "Jarak antara dua pembacaan register, dalam detik; 5 atau lebih dengan Google.",
    "ADUAN_CLAMAV": "Alamat ClamAV yang memindai lampiran: host:port atau soketnya; tanpa pemindai bila kosong.",
    "ADUAN_THREADS": "Banyaknya permintaan yang dilayani bersamaan oleh halaman publik.",
    "ADUAN_FILINGS_PER_HOUR": "Banyaknya pengaduan lewat formulir dari satu alamat dalam satu jam; 0: tanpa batas.",
    "ADUAN_API_PER_HOUR": "Banyaknya pengaduan lewat API dari satu alamat dalam satu jam; 0: tanpa batas.",
    "ADUAN_META_APP_SECRETS": "Rahasia aplikasi Meta: tanda tangan kiriman WhatsApp, Facebook, dan Instagram; "
    "bila beberapa, dipisah spasi.",
    "ADUAN_META_VERIFY_TOKEN": "Kata yang disepakati dengan Meta ketika memasang webhook.",
    "ADUAN_GRAPH_URL": "Graph API Meta beserta versinya.",
    "ADUAN_WHATSAPP_TOKEN": "Token akses untuk mengirim lewat WhatsApp.",
    "ADUAN_FACEBOOK_TOKEN": "Token akses Halaman Facebook kantor.",
    "ADUAN_INSTAGRAM_TOKEN": "Token Halaman (Facebook Login) yang boleh bertindak bagi akun Instagram kantor.",
    "ADUAN_TELEGRAM_TOKEN": "Token bot Telegram kantor.",
    "ADUAN_TELEGRAM_SECRETS": "`secret_token` bot itu; bila beberapa, dipisah spasi.",
    "ADUAN_TELEGRAM_URL": "Bot API Telegram.",
    "ADUAN_SCRIPT_SECRETS": "Tanda tangan kiriman Apps Script Google Form atau Sheet; bila beberapa, dipisah spasi.",
    "ADUAN_DRIVE_TOKEN": "Token saluran pemberitahuan Drive.",
    "ADUAN_IMAP": "Kotak surat kantor untuk membaca pengaduan: `imaps://pengguna:sandi@server/INBOX`.",
    "ADUAN_OPEN311_KEYS": "Kunci API untuk mengirim lewat Open311; bila kosong, siapa pun boleh.",
    "ADUAN_WEBHOOK_URLS": "Alamat penerima kabar pengaduan, dipisah spasi.",
    "ADUAN_WEBHOOK_SECRETS": "Tanda tangan kabar itu menurut Standard Webhooks: `whsec_…`; bila beberapa, dipisah "
    "spasi.",
}

STAFF_COLUMNS_IN_ENGLISH = {
    "act": "What to do next, chosen from a list. Each change acts once; one that may not be done is explained.",
    "reason": "Why, or which data are asked for; the reporter reads it. Needed to ask for details and to "
    "extend the time; also to refer it elsewhere, if it is an emergency or no agency is chosen.",
    "referral": "Where the reporter is sent, if the matter is another agency's.",
    "merge_into": "The ticket of the main case, for joining a duplicate to it.",
    "corrected_bidang": "The right bidang, where the disposition was wrong.",
    "corrected_category": "The right category, where `Klasifikasi` is wrong; its bidang comes along.",
    "corrected_urgency": "The right urgency.",
    "officer": "Who handles it.",
    "follow_up": "Working notes; never published. Writing here starts the handling.",
    "reply": "The answer to the reporter. Published only once the next column is ticked.",
    "send_reply": "Publishes the reply; a later change of the reply is a new one.",
}

OWNERS = {
    Owner.SYSTEM: "system",
    Owner.INTAKE: "reporter, then staff",
    Owner.STAFF: "staff",
}


def settings() -> str:
    """Every setting, in English."""
    return _settings(("Setting", "Default", "What it does"), {item.name: item.help for item in SETTINGS})


def settings_in_indonesian() -> str:
    """Every setting, in Indonesian."""
    return _settings(("Pengaturan", "Bawaan", "Kegunaan"), SETTINGS_IN_INDONESIAN)


def staff_columns() -> str:
    """What staff fill in, in English."""
    rows = ((f"`{column.header}`", STAFF_COLUMNS_IN_ENGLISH[column.key]) for column in _staff_columns())
    return _table(("Column", "What it is for"), rows)


def staff_columns_in_indonesian() -> str:
    """What staff fill in, in the words of the spreadsheet itself."""
    return _table(("Kolom", "Kegunaan"), ((f"`{column.header}`", column.help) for column in _staff_columns()))


def all_columns() -> str:
    """Every tab with every column."""
    return "\n\n".join(_tab(tab) for tab in TABS)


TABLES: Mapping[str, Callable[[], str]] = {
    "settings": settings,
    "pengaturan": settings_in_indonesian,
    "staff-columns": staff_columns,
    "kolom-petugas": staff_columns_in_indonesian,
    "all-columns": all_columns,
}


def renewed(text: str) -> str:
    """A page's text with its tables as the code has them now. Raises: KeyError for a table that does not exist."""
    return re.sub(
        r"<!-- table: ([a-z-]+) -->\n.*?<!-- end -->",
        lambda found: f"<!-- table: {found[1]} -->\n\n{TABLES[found[1]]()}\n\n<!-- end -->",
        text,
        flags=re.DOTALL,
    )


def _settings(head: tuple[str, ...], said: Mapping[str, str]) -> str:
    rows = ((f"`{item.name}`", f"`{item.default}`" if item.default else "", said[item.name]) for item in SETTINGS)
    return _table(head, rows)


def _staff_columns() -> list[Column]:
    return [column for column in REGISTER.columns if column.owner is Owner.STAFF]


def _tab(tab: Tab) -> str:
    rows = ((f"`{column.header}`", _writer(column), column.help) for column in tab.columns)
    return f"## {tab.title}\n\n" + _table(("Column", "Written by", "Help shown to staff"), rows)


def _writer(column: Column) -> str:
    return "administrator" if column.guarded else OWNERS[column.owner]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def main() -> None:
    """Renew the tables of every page."""
    for name in PAGES:
        page = ROOT / name
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
