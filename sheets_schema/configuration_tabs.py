"""The tabs in which staff change the rules: each row is checked on every read and explained in `Catatan Sistem`."""

from sheets_schema.columns import Colour, Column, Kind, Owner, Tab
from sheets_schema.register_tab import AMBER, RED, URGENCY_CHOICES

STAFF = Owner.STAFF
HOLIDAY_CHOICES = ("Tambah libur", "Hapus libur")

_NOTE = Column(
    "note", "Catatan Sistem", Owner.SYSTEM, Kind.LONG_TEXT, width=360, help="Kosong berarti baris ini berlaku."
)
_PROBLEM = (Colour("note", "Perbaiki", RED), Colour("note", "Belum berlaku", AMBER), Colour("note", "Periksa", AMBER))

BIDANG = Tab(
    title="Bidang",
    seed="bidang",
    colours=_PROBLEM,
    columns=(
        Column("code", "Kode", STAFF, width=130, help="Nama pendek yang tampil di kolom Disposisi."),
        Column("name", "Nama Bidang", STAFF, width=360),
        Column(
            "categories",
            "Kategori",
            STAFF,
            Kind.LONG_TEXT,
            width=420,
            help="Kode kategori yang ditangani, dipisah koma. Satu kategori hanya pada satu bidang.",
        ),
        _NOTE,
    ),
)

RULES = Tab(
    title="Aturan Disposisi",
    seed="aturan_disposisi",
    frozen_columns=2,
    colours=_PROBLEM,
    columns=(
        Column("active", "Aktif", STAFF, Kind.CHECKBOX, width=70, help="Centang agar aturan berlaku."),
        Column(
            "category",
            "Kategori",
            STAFF,
            width=120,
            help="Kode kategori; kosong bila hanya mengatur urgensi; @nama berarti kelompok kata bagi aturan lain.",
        ),
        Column(
            "words",
            "Kata Kunci",
            STAFF,
            Kind.LONG_TEXT,
            width=520,
            help="Kata atau frasa, dipisah koma; cukup satu yang cocok. Bintang di akhir kata berarti akhiran apa "
            "saja: banjir*; ~pukul segala bentuk kata itu; @lansia kelompok kata tersebut. Tulis a + b "
            "bila keduanya harus ada, a & b bila harus berdekatan, a/b bila cukup salah satu, a + !c bila c tiada.",
        ),
        Column("weight", "Bobot", STAFF, width=70, help="Angka; makin besar makin menentukan."),
        Column(
            "urgency",
            "Urgensi",
            STAFF,
            Kind.CHOICE,
            width=100,
            choices=URGENCY_CHOICES,
            help="Bila diisi, urgensi pengaduan menjadi setinggi ini.",
        ),
        Column("remark", "Keterangan", STAFF, width=280),
        Column(
            "caught",
            "Terkena",
            Owner.SYSTEM,
            width=80,
            help="Berapa dari 100 pengaduan terakhir yang memenuhi aturan ini; yang terbatas tidak dihitung.",
        ),
        _NOTE,
    ),
)

OFFICERS = Tab(
    title="Petugas",
    seed="petugas",
    colours=_PROBLEM,
    columns=(
        Column("name", "Nama", STAFF, width=220),
        Column(
            "role",
            "Peran",
            STAFF,
            width=200,
            guarded=True,
            help="Misalnya Petugas Loket, Admin Media Sosial, Kepala Bidang. Hanya diisi administrator.",
        ),
        Column("bidang", "Bidang", STAFF, Kind.CHOICE, width=130, choices_from="Bidang!code"),
        Column(
            "account",
            "Akun",
            STAFF,
            width=120,
            guarded=True,
            help="Nama pengguna untuk masuk ke register; boleh kosong. Hanya diisi administrator.",
        ),
        Column(
            "channels",
            "Kanal Pemberitahuan",
            STAFF,
            Kind.LONG_TEXT,
            width=300,
            help="Alamat Apprise, dipisah spasi atau baris baru, misalnya mailto://… atau tgram://…; boleh kosong.",
        ),
        Column(
            "substitute", "Pengganti", STAFF, width=220, help="Nama pada tab ini yang menggantikan (cuti, Plt., Plh.)."
        ),
        Column("away_from", "Pengganti Dari", STAFF, width=120, help="Tanggal mulai, misalnya 2026-12-01."),
        Column("away_until", "Pengganti Sampai", STAFF, width=120, help="Tanggal terakhir; termasuk hari itu."),
        _NOTE,
    ),
)

AGENCIES = Tab(
    title="Instansi",
    seed="instansi",
    colours=_PROBLEM,
    columns=(
        Column("name", "Nama", STAFF, width=260, help="Nama instansi sebagaimana dibaca pelapor."),
        Column("contact", "Kontak", STAFF, Kind.LONG_TEXT, width=320, help="Dibaca pelapor: alamat, telepon, situs."),
        Column(
            "words",
            "Urusan",
            STAFF,
            Kind.LONG_TEXT,
            width=420,
            help="Kata yang menunjuk ke instansi ini, dipisah koma; dipakai sebagai usulan bila kolom rujukan kosong.",
        ),
        _NOTE,
    ),
)

HOLIDAYS = Tab(
    title="Hari Libur",
    colours=_PROBLEM,
    columns=(
        Column("on", "Tanggal", STAFF, width=120, help="Misalnya 2026-12-31 atau 31/12/2026."),
        Column("name", "Keterangan", STAFF, width=320),
        Column(
            "change",
            "Jenis",
            STAFF,
            Kind.CHOICE,
            width=130,
            choices=HOLIDAY_CHOICES,
            help="Libur nasional dan cuti bersama sudah ada; di sini hanya tambahan atau pembatalan.",
        ),
        _NOTE,
    ),
)

TEMPLATES = Tab(
    title="Template Pesan",
    seed="template_pesan",
    colours=_PROBLEM,
    columns=(
        Column("code", "Kode", STAFF, width=180),
        Column(
            "text",
            "Isi",
            STAFF,
            Kind.LONG_TEXT,
            width=620,
            help="Isian dalam kurung kurawal, misalnya {register}.",
        ),
        Column(
            "whatsapp_template",
            "Template WhatsApp",
            STAFF,
            width=200,
            help="Nama template yang sudah disetujui Meta, untuk dikirim sesudah 24 jam; boleh kosong. Isiannya "
            "berurutan seperti pada kolom Isi.",
        ),
        _NOTE,
    ),
)

SETTINGS = Tab(
    title="Pengaturan",
    seed="pengaturan",
    colours=_PROBLEM,
    columns=(
        Column("name", "Nama", STAFF, width=260),
        Column("value", "Nilai", STAFF, width=320),
        Column("remark", "Keterangan", STAFF, width=420),
        _NOTE,
    ),
)

CONFIGURATION = (BIDANG, RULES, OFFICERS, AGENCIES, HOLIDAYS, TEMPLATES, SETTINGS)
