"""Every text of the grid: Indonesian first, English second."""

from localsheets.grid.viewing_words import VIEWING

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
    "not_saved": ("Tidak tersimpan: {value}. {why}", "Not saved: {value}. {why}"),
    "note": ("Catatan", "Note"),
    "choose": ("(kosong)", "(empty)"),
    "not_found": ("Tidak ada baris yang memuat “{text}”.", "No row contains “{text}”."),
    "unexpected": ("Terjadi kesalahan. Silakan muat ulang halaman.", "Something went wrong. Please reload the page."),
    "shape_changed": (
        "Susunan lembar ini baru saja diubah orang lain. Tidak ada yang diubah; silakan ulangi.",
        "Somebody has just changed the shape of this sheet. Nothing was changed; please do it again.",
    ),
    "protected_part": (
        "Sebagian sel ini dilindungi. Tidak ada yang diubah.",
        "Some of these cells are protected. Nothing was changed.",
    ),
    "not_from_here": (
        "Perubahan ini tidak dapat dilakukan dari halaman ini: {what}",
        "This change cannot be made from this page: {what}",
    ),
    "cells_refused": (
        "Tidak ada yang diubah. {count} sel menolak: {cells}",
        "Nothing was changed. {count} cells refuse: {cells}",
    ),
    "too_many_cells": (
        "Paling banyak {most} sel dapat diubah sekaligus.",
        "At most {most} cells can be changed at once.",
    ),
    "cell_changed": (
        "Sel ini baru saja diubah orang lain.",
        "Somebody has just changed this cell.",
    ),
    "source_gone": (
        "Baris yang disalin sudah dihapus atau diisi orang lain. Tidak ada yang ditempel. {why}",
        "The copied rows were deleted or filled by somebody. Nothing was pasted. {why}",
    ),
    "rows_gone": (
        "Baris {row} sudah dihapus oleh orang lain. Tidak ada yang diubah.",
        "Somebody deleted row {row}. Nothing was changed.",
    ),
    "rows_taken": (
        "Baris {row} baru saja diisi oleh orang lain. Tidak ada yang diubah.",
        "Somebody has just filled row {row}. Nothing was changed.",
    ),
    "beyond_sheet": (
        "Tempat ini terlalu jauh di luar lembar.",
        "This place lies too far beyond the sheet.",
    ),
    "result_too_long": (
        "Hasilnya terlalu panjang: paling banyak 50.000 huruf per sel dan 20 juta seluruhnya. Tidak ada yang diubah.",
        "What comes out is too long: at most 50,000 letters in a cell and 20 million in all. Nothing was changed.",
    ),
    "too_many_lines": (
        "Paling banyak {most} baris atau kolom dapat diubah sekaligus.",
        "At most {most} rows or columns can be changed at once.",
    ),
    "not_neighbours": (
        "Hanya baris atau kolom yang bersebelahan dapat dipindahkan.",
        "Only neighbouring rows or columns can be moved.",
    ),
    "has_formula": ("Sel ini berisi rumus.", "This cell holds a formula."),
    "protected_columns": (
        "Kolom ini memuat sel yang dilindungi.",
        "These columns hold protected cells.",
    ),
    "search_length": (
        "Teks yang dicari dan penggantinya paling banyak {most} huruf, dan yang dicari tidak boleh kosong.",
        "The text to find and its replacement have at most {most} letters, and the text to find may not be empty.",
    ),
    "bad_pattern": ("Pola ini tidak dapat dibaca: {why}", "This pattern cannot be read: {why}"),
    "slow_pattern": (
        "Pola ini terlalu lama dicari. Silakan pakai pola yang lebih sederhana.",
        "This pattern takes too long to search for. Please use a simpler one.",
    ),
    "undone": ("Diurungkan: {what} ({where})", "Undone: {what} ({where})"),
    "redone": ("Diulangi: {what} ({where})", "Redone: {what} ({where})"),
    "nothing_to_undo": ("Tidak ada yang dapat diurungkan.", "There is nothing to undo."),
    "nothing_to_redo": ("Tidak ada yang dapat diulangi.", "There is nothing to redo."),
    "changed_since": (
        "{where} sudah diubah orang lain sesudah itu, jadi dibiarkan apa adanya.",
        "Somebody else changed {where} since, so it was left as it is.",
    ),
    "protected_since": (
        "Sebagian dari {where} dilindungi sesudah itu, jadi dibiarkan apa adanya.",
        "A part of {where} was protected since, so it was left as it is.",
    ),
    "did_something": ("perubahan", "a change"),
    "did_edit": ("isi sel", "the content of a cell"),
    "did_block": ("isi beberapa sel", "the content of cells"),
    "did_fill": ("pengisian", "filling"),
    "did_replace": ("penggantian teks", "replacing"),
    "did_chart": ("pengubahan diagram", "changing a chart"),
    "did_batch": ("tampilan", "the look"),
    "did_insert_rows": ("penyisipan baris", "inserting rows"),
    "did_insert_columns": ("penyisipan kolom", "inserting columns"),
    "did_delete_rows": ("penghapusan baris", "deleting rows"),
    "did_delete_columns": ("penghapusan kolom", "deleting columns"),
    "did_move_rows": ("pemindahan baris", "moving rows"),
    "did_move_columns": ("pemindahan kolom", "moving columns"),
    "copy_wait": (
        "Baris sedang dimuat. Silakan tekan Ctrl+C sekali lagi sebentar lagi.",
        "Rows are being loaded. Please press Ctrl+C once more in a moment.",
    ),
    "copied": ("{rows} × {columns} sel disalin.", "{rows} × {columns} cells copied."),
    "unsaved_first": (
        "Masih ada isian yang belum tersimpan. Silakan tunggu sebentar.",
        "Some entries are not saved yet. Please wait a moment.",
    ),
    "theirs": ("Isi mereka", "Theirs"),
    "mine": ("Isi Anda", "Yours"),
    "keep_theirs": ("Pertahankan isi mereka", "Keep theirs"),
    "write_mine": ("Tulis isi saya", "Write mine"),
    "not_taken": ("{cell} tidak tersimpan", "{cell} was not saved"),
    "edit_again": ("Perbaiki", "Mend it"),
    "discard": ("Buang", "Discard"),
    "held": ("{count} isian menunggu keputusan Anda", "{count} entries wait for your decision"),
    "show_cell": ("Tampilkan sel", "Show the cell"),
    "find": ("Cari", "Find"),
    "find_replace": ("Cari dan ganti", "Find and replace"),
    "replace_by": ("Ganti dengan", "Replace with"),
    "replace_one": ("Ganti", "Replace"),
    "replace_all": ("Ganti semua", "Replace all"),
    "match_case": ("Cocokkan huruf besar/kecil", "Match case"),
    "whole_cell": ("Seluruh isi sel", "Entire cell"),
    "regex": ("Ekspresi reguler", "Regular expression"),
    "only_selection": ("Hanya dalam pilihan", "In the selection only"),
    "found_none": ("Tidak ditemukan", "Not found"),
    "found_at": ("{at} dari {total}", "{at} of {total}"),
    "replaced_count": ("{count} diganti.", "{count} replaced."),
    "replace_refused": ("{count} tidak dapat diganti: {cells}", "{count} could not be replaced: {cells}"),
    "move_row_up": ("Pindahkan baris ke atas", "Move row up"),
    "move_row_down": ("Pindahkan baris ke bawah", "Move row down"),
    "move_column_left": ("Pindahkan kolom ke kiri", "Move column left"),
    "move_column_right": ("Pindahkan kolom ke kanan", "Move column right"),
    "key_values": ("Tempel nilai saja", "Paste values only"),
    "key_fill": ("Isi ke bawah, ke kanan, semua yang dipilih", "Fill down, right, all that is picked"),
    "key_time": ("Jam sekarang", "Time now"),
    "key_held": ("Ke isian yang menunggu keputusan", "To the entries that wait for a decision"),
    "key_line": ("Baris baru di dalam sel", "New line in the cell"),
    "key_lines": ("Pilih kolom, baris, semua", "Pick the column, the row, everything"),
    "pick_date": ("Pilih tanggal", "Pick a date"),
    "choices": ("Pilihan", "Choices"),
    "no_choice": ("Tidak ada pilihan yang cocok", "No choice matches"),
    **VIEWING,
}


def in_language(language: str) -> dict[str, str]:
    """All texts in one language; Indonesian if the language is not known."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: texts[place] for key, texts in WORDS.items()}
