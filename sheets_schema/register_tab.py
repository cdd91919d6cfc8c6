"""The tab `Register`: one row per complaint, in the order in which staff read it."""

import tomllib
from dataclasses import replace
from importlib.resources import files

from sheets_schema.columns import Colour, Column, Kind, Owner, Tab

SYSTEM, INTAKE, STAFF = Owner.SYSTEM, Owner.INTAKE, Owner.STAFF

IDENTITY_CHOICES = ("Terbuka", "Rahasia", "Anonim")
CHANNEL_CHOICES = (
    "Loket",
    "Telepon",
    "Surat",
    "WhatsApp",
    "Facebook",
    "Instagram",
    "Telegram",
    "E-mail",
    "Web",
    "API",
    "Google Form",
    "Open311",
)
URGENCY_CHOICES = ("Darurat", "Tinggi", "Sedang", "Rendah")
CATEGORY_CHOICES = tuple(
    row["code"]
    for row in tomllib.loads(files("sheets_schema.seeds").joinpath("kategori.toml").read_text("utf-8"))["rows"]
)
ACT_CHOICES = (
    "Proses",
    "Minta Kelengkapan",
    "Tunda",
    "Lanjutkan",
    "Perpanjang",
    "Alihkan",
    "Bukan Kewenangan",
    "Gabungkan",
    "Selesai",
    "Cabut",
    "Buka Kembali",
    "Arsipkan",
)

RED, AMBER, GREEN, GREY = (244, 199, 195), (252, 232, 178), (217, 234, 211), (239, 239, 239)

REGISTER = Tab(
    title="Register",
    frozen_columns=1,
    aliases={
        "ticket": ("Nomor Tiket", "No. Tiket"),
        "number": ("No. Registrasi", "No. Reg"),
        "received_at": ("Tanggal Masuk", "Waktu Diterima"),
        "channel": ("Saluran",),
        "bidang": ("Bidang Disposisi",),
        "description": ("Uraian Pengaduan", "Isi Pengaduan", "Isi Aduan"),
        "name": ("Nama Pelapor", "Nama Pengadu"),
        "contact": ("Kontak Pelapor", "No. Kontak"),
        "village": ("Desa/Kelurahan", "Desa atau Kelurahan"),
        "officer": ("Nama Petugas",),
        "reply": ("Balasan untuk Pelapor", "Jawaban"),
    },
    columns=(
        Column("ticket", "Tiket", SYSTEM, width=130, help="Nomor tiket acak. Diisi sistem; jangan diubah."),
        Column("number", "Nomor Registrasi", SYSTEM, width=240, help="Nomor urut Buku Registrasi. Diisi sistem."),
        Column(
            "received_at",
            "Waktu Masuk",
            INTAKE,
            width=155,
            help="Waktu pengaduan diterima (WITA), misalnya 2026-11-23 09:15. "
            "Kosongkan untuk waktu sekarang; isi bila pengaduan masuk lebih dahulu di kertas.",
        ),
        Column("channel", "Kanal", INTAKE, Kind.CHOICE, width=90, choices=CHANNEL_CHOICES, help="Asal pengaduan."),
        Column("status", "Status", SYSTEM, width=220, help="Status menurut sistem. Ubah lewat kolom Tindakan."),
        Column("stage", "Tahap SOP", SYSTEM, width=200, help="Langkah SOP yang sedang berjalan."),
        Column(
            "remaining",
            "Sisa Waktu",
            SYSTEM,
            width=245,
            help="Sisa waktu sampai Batas Langkah atau Batas Waktu, mana yang dahulu; batas Darurat lebih dahulu.",
        ),
        Column("step_due_at", "Batas Langkah", SYSTEM, width=155, help="Akhir langkah yang sedang berjalan (WITA)."),
        Column("due_at", "Batas Waktu", SYSTEM, width=155, help="Pelapor harus menerima tanggapan sebelum ini (WITA)."),
        Column(
            "basis",
            "Perhitungan Batas",
            SYSTEM,
            Kind.LONG_TEXT,
            width=260,
            help="Bagaimana Batas Langkah dan Batas Waktu dihitung.",
        ),
        Column("bidang", "Disposisi", SYSTEM, width=120, help="Bidang yang menangani. Ubah lewat Koreksi Disposisi."),
        Column("urgency", "Urgensi", SYSTEM, width=85, help="Darurat, Tinggi, Sedang atau Rendah, menurut aturan."),
        Column("classified", "Klasifikasi", SYSTEM, width=110, help="Kode kategori menurut Aturan Disposisi."),
        Column("category", "Kategori", INTAKE, width=110, help="Kategori menurut pelapor (kode), boleh kosong."),
        Column("description", "Uraian", INTAKE, Kind.LONG_TEXT, width=360, help="Isi pengaduan. Wajib diisi."),
        Column("name", "Pelapor", INTAKE, width=150, help="Nama pelapor. Wajib diisi kecuali Identitas = Anonim."),
        Column("contact", "Kontak", INTAKE, width=150, help="Telepon atau e-mail. Wajib diisi kecuali anonim."),
        Column(
            "identity",
            "Identitas",
            INTAKE,
            Kind.CHOICE,
            width=95,
            choices=IDENTITY_CHOICES,
            help="Terbuka, Rahasia (nama dan kontak disamarkan di lembar ini), atau Anonim.",
        ),
        Column("district", "Kecamatan", INTAKE, width=130, help="Kecamatan di Kutai Kartanegara."),
        Column("village", "Desa", INTAKE, width=130, help="Desa atau kelurahan."),
        Column(
            "act",
            "Tindakan",
            STAFF,
            Kind.CHOICE,
            width=150,
            choices=ACT_CHOICES,
            help="Pilih tindakan. Setiap perubahan berlaku satu kali; hasilnya tampak di Status dan Catatan Sistem.",
        ),
        Column(
            "reason",
            "Alasan",
            STAFF,
            Kind.LONG_TEXT,
            width=220,
            help="Alasan tindakan atau data yang diminta; dibaca oleh pelapor. Wajib untuk Minta Kelengkapan dan "
            "Perpanjang; untuk Alihkan dan Bukan Kewenangan bila Darurat atau tanpa Instansi Rujukan.",
        ),
        Column(
            "referral",
            "Instansi Rujukan",
            STAFF,
            Kind.CHOICE,
            width=160,
            choices_from="Instansi!name",
            help="Ke mana pelapor diarahkan bila Bukan Kewenangan atau Alihkan.",
        ),
        Column(
            "merge_into",
            "Gabung ke Tiket",
            STAFF,
            width=130,
            help="Tiket pengaduan induk, untuk tindakan Gabungkan. Setiap pelapor tetap memegang tiketnya.",
        ),
        Column(
            "corrected_bidang",
            "Koreksi Disposisi",
            STAFF,
            Kind.CHOICE,
            width=140,
            choices_from="Bidang!code",
            help="Pilih bidang yang benar bila Disposisi keliru.",
        ),
        Column(
            "corrected_category",
            "Koreksi Kategori",
            STAFF,
            Kind.CHOICE,
            width=130,
            choices=CATEGORY_CHOICES,
            help="Pilih kode kategori yang benar bila Klasifikasi keliru; bidangnya ikut, kecuali dikoreksi sendiri.",
        ),
        Column(
            "corrected_urgency",
            "Koreksi Urgensi",
            STAFF,
            Kind.CHOICE,
            width=120,
            choices=URGENCY_CHOICES,
            help="Pilih urgensi yang benar bila Urgensi keliru.",
        ),
        Column(
            "officer",
            "Petugas",
            STAFF,
            Kind.CHOICE,
            width=150,
            choices_from="Petugas!name",
            strict=False,
            help="Petugas yang menangani.",
        ),
        Column(
            "follow_up", "Tindak Lanjut", STAFF, Kind.LONG_TEXT, width=260, help="Catatan kerja; tidak dipublikasikan."
        ),
        Column(
            "reply",
            "Balasan",
            STAFF,
            Kind.LONG_TEXT,
            width=300,
            help="Jawaban untuk pelapor. Baru terkirim setelah Kirim Balasan dicentang. Jangan menulis data pribadi.",
        ),
        Column(
            "send_reply",
            "Kirim Balasan",
            STAFF,
            Kind.CHECKBOX,
            width=110,
            help="Centang untuk mengirim Balasan. Selama tercentang, Balasan yang diubah langsung terkirim sebagai "
            "balasan baru; hapus centang dahulu bila masih menyusunnya.",
        ),
        Column("note", "Catatan Sistem", SYSTEM, Kind.LONG_TEXT, width=320, help="Penjelasan dari sistem."),
        Column(
            "heard",
            "Tanggapan Pelapor",
            SYSTEM,
            Kind.LONG_TEXT,
            width=300,
            help="Yang dilakukan dan ditulis pelapor sesudah mengadu, beserta nilai 1-5; yang terbaru di atas.",
        ),
        Column("updated_at", "Terakhir Diubah", SYSTEM, width=155, help="Perubahan terakhir oleh sistem (WITA)."),
    ),
    colours=(
        Colour("remaining", "terlambat", RED, bold=True),
        Colour("remaining", "Darurat:", RED, bold=True),
        Colour("remaining", "hari ini", AMBER),
        Colour("urgency", "Darurat", RED, bold=True),
        Colour("urgency", "Tinggi", AMBER),
        Colour("status", "Selesai", GREEN),
        Colour("status", "Diarsipkan", GREY),
    ),
)

RESTRICTED_REGISTER = replace(
    REGISTER, columns=tuple(replace(c, kind=Kind.TEXT) if c.choices_from else c for c in REGISTER.columns)
)
"""The same tab in the spreadsheet of restricted complaints, which has no other tab to choose from."""
ARCHIVED_REGISTER = replace(RESTRICTED_REGISTER, closed=True)
"""The same tab in a spreadsheet of the archive: no act that is chosen there is carried out."""
