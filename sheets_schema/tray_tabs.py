"""
Tabs whose rows the system lays out for staff to decide on: messages that may be no complaints, and those that did not
get out. A row is found by its number, wherever staff sorted it.
"""

from sheets_schema.columns import Colour, Column, Kind, Owner, Tab
from sheets_schema.register_tab import AMBER, GREEN, GREY, RED

SYSTEM, STAFF = Owner.SYSTEM, Owner.STAFF

MAKE_COMPLAINT, JOIN_TICKET, IGNORE = "Jadikan pengaduan", "Gabung ke tiket", "Abaikan"
SEND_AGAIN, SENT_ALREADY, CANCEL = "Kirim ulang", "Sudah terkirim", "Batalkan"

INCOMING = Tab(
    title="Kotak Masuk",
    frozen_columns=3,
    colours=(
        Colour("note", "Menjadi", GREEN),
        Colour("note", "Digabung", GREEN),
        Colour("note", "Diabaikan", GREY),
        Colour("note", "Perbaiki", RED),
    ),
    columns=(
        Column("id", "Nomor", SYSTEM, width=90, help="Nomor pesan. Diisi sistem; jangan diubah."),
        Column(
            "decision",
            "Keputusan",
            STAFF,
            Kind.CHOICE,
            width=160,
            choices=(MAKE_COMPLAINT, JOIN_TICKET, IGNORE),
            help="Pilih satu. Pengirim diberi tahu di kanalnya bila pesan menjadi pengaduan.",
        ),
        Column("ticket", "Tiket", STAFF, width=130, help="Tiket tujuan, untuk Gabung ke tiket."),
        Column("text", "Isi", SYSTEM, Kind.LONG_TEXT, width=340, help="Isi pesan; dihapus sesudah diputuskan."),
        Column("hint", "Usulan", SYSTEM, width=190, help="Mengapa pesan ini menunggu, dan usulan sistem."),
        Column("note", "Catatan Sistem", SYSTEM, Kind.LONG_TEXT, width=240, help="Hasil keputusan."),
        Column("at", "Waktu", SYSTEM, width=140, help="Kapan pesan itu ditulis (WITA)."),
        Column("channel", "Kanal", SYSTEM, width=95, help="Dari mana pesan itu datang."),
        Column(
            "kind", "Jenis", SYSTEM, width=95, help="Komentar dapat dibaca umum; Pesan hanya ditujukan kepada kita."
        ),
        Column("sender", "Pengirim", SYSTEM, width=150, help="Nama menurut kanalnya; dihapus sesudah diputuskan."),
        Column("files", "Lampiran", SYSTEM, width=100, help="Banyaknya berkas yang menyertainya."),
    ),
)

OUTGOING = Tab(
    title="Pesan Keluar",
    frozen_columns=2,
    colours=(
        Colour("state", "gagal", RED),
        Colour("state", "mungkin", AMBER),
        Colour("state", "tugas", AMBER, bold=True),
        Colour("state", "terkirim", GREEN),
    ),
    columns=(
        Column("id", "Nomor", SYSTEM, width=90, help="Nomor pesan. Diisi sistem; jangan diubah."),
        Column(
            "decision",
            "Keputusan",
            STAFF,
            Kind.CHOICE,
            width=150,
            choices=(SEND_AGAIN, SENT_ALREADY, CANCEL),
            help="Kirim ulang hanya bila pesan itu tentu belum sampai, atau sampai dua kali pun tidak mengapa.",
        ),
        Column("state", "Keadaan", SYSTEM, width=150, help="gagal, mungkin terkirim, atau tugas bagi admin."),
        Column(
            "problem",
            "Masalah dan Jalan Keluar",
            SYSTEM,
            Kind.LONG_TEXT,
            width=330,
            help="Apa yang terjadi, dan apa yang perlu dilakukan.",
        ),
        Column(
            "text",
            "Isi Pesan",
            SYSTEM,
            Kind.LONG_TEXT,
            width=300,
            help="Untuk disalin bila admin mengirimnya sendiri; kosong bagi pengaduan terbatas.",
        ),
        Column("note", "Catatan Sistem", SYSTEM, Kind.LONG_TEXT, width=300, help="Hasil keputusan."),
        Column("ticket", "Tiket", SYSTEM, width=130, help="Pengaduan yang diberitakan."),
        Column("kind", "Pesan", SYSTEM, width=190, help="Apa yang diberitakan."),
        Column("channel", "Kanal", SYSTEM, width=95, help="Lewat mana pesan itu dikirim."),
        Column("at", "Waktu", SYSTEM, width=140, help="Kapan keadaannya terakhir berubah (WITA)."),
    ),
)

TRAYS = (INCOMING, OUTGOING)
