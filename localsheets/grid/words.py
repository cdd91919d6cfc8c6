"""Every text of the grid: Indonesian first, English second."""

LANGUAGES = ("id", "en")

WORDS: dict[str, tuple[str, str]] = {
    "register": ("Register", "Register"),
    "log_in": ("Masuk", "Log in"),
    "log_in_title": ("Masuk ke register", "Log in to the register"),
    "username": ("Nama pengguna", "Username"),
    "password": ("Kata sandi", "Password"),
    "log_out": ("Keluar", "Log out"),
    "wrong_login": (
        "Nama pengguna atau kata sandi salah. Silakan periksa lalu coba lagi.",
        "The username or the password is wrong. Please check them and try again.",
    ),
    "too_many_logins": (
        "Terlalu banyak percobaan masuk. Silakan tunggu 15 menit lalu coba lagi.",
        "Too many attempts. Please wait 15 minutes and try again.",
    ),
    "form_expired": (
        "Halaman masuk sudah kedaluwarsa. Silakan coba sekali lagi.",
        "The login page has expired. Please try once more.",
    ),
    "no_login": (
        "Server ini dijalankan tanpa akun pengguna.",
        "This server was started without user accounts.",
    ),
    "no_book": (
        "Belum ada lembar kerja yang dibagikan kepada Anda.",
        "No spreadsheet is shared with you yet.",
    ),
    "needs_javascript": (
        "Register memerlukan JavaScript. Silakan aktifkan di peramban Anda.",
        "The register needs JavaScript. Please enable it in your browser.",
    ),
    "other_language": ("English", "Bahasa Indonesia"),
    "sheets": ("Lembar", "Sheets"),
    "spreadsheets": ("Berkas", "Spreadsheets"),
    "content": ("Isi sel", "Cell content"),
    "filter": ("Saring baris …", "Filter rows …"),
    "filter_label": ("Saring baris yang memuat", "Show rows that contain"),
    "sort_up": ("Urutkan naik (hanya tampilan saya)", "Sort ascending (my view only)"),
    "sort_down": ("Urutkan turun (hanya tampilan saya)", "Sort descending (my view only)"),
    "reset_view": ("Tampilkan semua", "Show all"),
    "insert_row": ("Sisipkan baris", "Insert row"),
    "delete_row": ("Hapus baris", "Delete row"),
    "delete_row_sure": ("Hapus baris {row}? Isinya hilang untuk semua orang.", "Delete row {row}? Everybody loses it."),
    "open_card": ("Buka kartu", "Open card"),
    "card": ("Baris {row}", "Row {row}"),
    "close": ("Tutup", "Close"),
    "previous": ("Sebelumnya", "Previous"),
    "next": ("Berikutnya", "Next"),
    "saved": ("Semua tersimpan", "All saved"),
    "no_undo": ("Urungkan belum tersedia; ketik kembali isinya.", "Undo is not available yet; type it again."),
    "saving": ("Menyimpan …", "Saving …"),
    "unsaved": (
        "Koneksi terputus: {count} isian belum tersimpan, sedang dicoba lagi",
        "Connection lost: {count} entries not saved yet, trying again",
    ),
    "offline": ("Koneksi terputus, mencoba lagi …", "Connection lost, trying again …"),
    "log_in_again": (
        "Sesi Anda berakhir. Silakan masuk kembali; isian yang belum tersimpan tetap disimpan di tab ini.",
        "Your session has ended. Please log in again; unsaved entries stay in this tab.",
    ),
    "read_only": ("Anda hanya dapat melihat lembar kerja ini.", "You may only view this spreadsheet."),
    "protected": ("Sel ini dilindungi.", "This cell is protected."),
    "protected_why": ("Sel ini dilindungi: {why}", "This cell is protected: {why}"),
    "protected_rows": (
        "Baris ini memuat sel yang dilindungi dan tidak dapat dihapus.",
        "This row holds protected cells and cannot be deleted.",
    ),
    "protected_first_row": (
        "Baris pertama dilindungi; tidak ada baris yang dapat disisipkan di atasnya.",
        "The first row is protected; no row can be inserted above it.",
    ),
    "row_gone": (
        "Baris ini sudah dihapus oleh orang lain. Isian Anda tidak disimpan: {value}",
        "Somebody deleted this row. Your entry was not saved: {value}",
    ),
    "row_taken": (
        "Baris ini baru saja diisi oleh orang lain. Isian Anda tidak disimpan: {value}",
        "Somebody has just filled this row. Your entry was not saved: {value}",
    ),
    "not_in_list": ("“{value}” tidak ada dalam pilihan: {choices}", "“{value}” is not one of the choices: {choices}"),
    "not_valid": ("“{value}” tidak boleh diisikan di sel ini.", "“{value}” may not be entered in this cell."),
    "no_formulas": (
        "Rumus belum didukung. Untuk menulis teks yang diawali “=”, awali dengan tanda petik tunggal (').",
        "Formulas are not supported yet. To write text that begins with “=”, put a single quote (') first.",
    ),
    "not_saved": ("Tidak tersimpan: {value}. {why}", "Not saved: {value}. {why}"),
    "note": ("Catatan", "Note"),
    "choose": ("(kosong)", "(empty)"),
    "not_found": ("Tidak ada baris yang memuat “{text}”.", "No row contains “{text}”."),
    "unexpected": ("Terjadi kesalahan. Silakan muat ulang halaman.", "Something went wrong. Please reload the page."),
}


def in_language(language: str) -> dict[str, str]:
    """All texts in one language; Indonesian if the language is not known."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: texts[place] for key, texts in WORDS.items()}
