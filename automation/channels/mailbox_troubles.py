"""Why the office's mailbox cannot be read: codes for the log, sentences for people, never a name or password."""

from collections.abc import Mapping
from enum import StrEnum

from register.errors import AduanError


class Trouble(StrEnum):
    """Codes of what may be wrong."""

    UNREACHABLE = "mailbox_unreachable"
    UNTRUSTED = "mailbox_untrusted"
    LOGIN = "mailbox_login"
    FOLDER = "mailbox_folder"
    MAIL = "mailbox_mail"
    MARKING = "mailbox_marking"


SENTENCES: Mapping[str, str] = {
    Trouble.UNREACHABLE: "Server e-mail tidak dapat dihubungi atau tidak menjawab. "
    "Periksa jaringan dan nama server pada ADUAN_IMAP.",
    Trouble.UNTRUSTED: "Sertifikat server e-mail tidak dapat dipercaya. Periksa nama server pada ADUAN_IMAP.",
    Trouble.LOGIN: "Server e-mail menolak nama pengguna atau kata sandi. "
    "Periksa ADUAN_IMAP; sebagian penyedia meminta kata sandi aplikasi.",
    Trouble.FOLDER: "Folder pada ADUAN_IMAP tidak ada di kotak surat. Periksa namanya, misalnya INBOX.",
    Trouble.MAIL: "Ada surat yang tidak diberikan oleh server e-mail. Buka kotak surat itu dan periksa surat yang "
    "belum dibaca.",
    Trouble.MARKING: "Server e-mail tidak mengizinkan surat ditandai sudah dibaca. Periksa hak akun pada ADUAN_IMAP.",
}


class MailboxError(AduanError):
    """The mailbox, or a mail in it, cannot be read."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(SENTENCES[trouble])
        self.code = trouble.value
