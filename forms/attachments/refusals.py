"""Why a file is not taken: each reason with a sentence that says how to mend it."""

from collections.abc import Mapping
from types import MappingProxyType

from forms.problems import RefusedError
from forms.wording import marked

FIELD = "evidence"
REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "empty": marked("Berkas %(file)s kosong. Pilih berkas itu sekali lagi, atau ambil foto yang baru."),
        "bad_name": marked(
            "Nama berkas %(file)s tidak dapat dipakai. Beri nama lain tanpa garis miring, lalu kirim ulang."
        ),
        "too_large": marked(
            "Berkas %(file)s lebih besar dari %(limit)s MB. Kirim berkas yang lebih kecil: foto dengan mutu lebih "
            "rendah, sebagian halaman saja, atau rekaman yang lebih pendek."
        ),
        "unknown_kind": marked(
            "Berkas %(file)s bukan jenis yang dapat kami terima. Kirim foto (JPEG, PNG, WebP, HEIC), PDF, rekaman "
            "suara (MP3, M4A, OGG), atau video MP4."
        ),
        "archive": marked(
            "Berkas %(file)s adalah arsip atau dokumen kantor (seperti ZIP atau Word). Simpan isinya sebagai PDF atau "
            "foto, lalu kirim satu per satu."
        ),
        "hidden_content": marked(
            "Di dalam berkas %(file)s tersembunyi program atau arsip. Demi keamanan berkas ini tidak kami simpan. "
            "Ambil foto atau tangkapan layar yang baru, lalu kirim itu."
        ),
        "damaged": marked(
            "Berkas %(file)s rusak atau terpotong. Coba buka dahulu di HP Anda; bila tidak terbuka, ambil foto atau "
            "simpan berkas itu sekali lagi."
        ),
        "too_many_pixels": marked(
            "Gambar %(file)s terlalu besar: lebih dari %(limit)s juta titik. Kecilkan gambarnya, atau kirim tangkapan "
            "layarnya."
        ),
        "active_pdf": marked(
            "PDF %(file)s memuat perintah, formulir khusus, atau berkas lain di dalamnya. Cetak ulang sebagai PDF "
            "biasa, atau kirim foto halamannya."
        ),
        "locked_pdf": marked(
            "PDF %(file)s terkunci. Simpan tanpa kata sandi dan tanpa pembatasan, atau kirim foto halamannya."
        ),
        "too_many_pages": marked("PDF %(file)s lebih dari %(limit)s halaman. Kirim halaman yang penting saja."),
        "too_hard": marked(
            "Berkas %(file)s terlalu rumit untuk kami periksa. Kirim foto, tangkapan layar, atau simpanan baru dari "
            "berkas itu."
        ),
        "busy": marked("Berkas %(file)s belum dapat kami periksa karena sistem sedang sibuk. Coba lagi sebentar lagi."),
        "infected": marked(
            "Pemindai virus menolak berkas %(file)s. Jangan buka berkas itu; kirim foto atau tangkapan layar yang baru."
        ),
    }
)


def refusal(code: str, **values: object) -> RefusedError:
    """The error of one of these reasons. `file` is filled in by who knows the name."""
    return RefusedError(code, REFUSALS[code], field=FIELD, **values)
