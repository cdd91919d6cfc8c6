"""
What may stand in `Kanal Pemberitahuan`: Apprise URLs of some services. Pure and without apprise: each read checks it.

Whoever edits the tab decides where messages go, but not what this machine reads: an option that names a file would be
sent with the message.
"""

from urllib.parse import parse_qsl, urlsplit

SCHEMES = frozenset(
    {
        "discord",
        "gotify",
        "gotifys",
        "mailto",
        "mailtos",
        "matrix",
        "matrixs",
        "mmost",
        "mmosts",
        "ntfy",
        "ntfys",
        "rocket",
        "rockets",
        "signal",
        "signals",
        "slack",
        "tgram",
        "workflows",
        "zulip",
    }
)
"""Others of apprise's reach into this machine (its desktop, its log), call any address, or cost money."""

READS_FILES = frozenset({"attach", "pgpkey", "pgpprv", "pgppub", "template"})
"""Options by which apprise would read a file of this machine; in lower case."""


def address_problem(url: str) -> str:
    """What is wrong with a channel's URL, as a sentence that does not repeat it; empty if nothing is."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not closed
        return "alamat tidak lengkap."
    if parts.scheme.casefold() not in SCHEMES:
        return "alamat harus dimulai dengan layanan yang didukung, misalnya mailto:// atau tgram://."
    if READS_FILES & _options(parts.query):
        return "alamat tidak boleh memuat pilihan yang membaca berkas."
    return "" if "://" in url and (parts.netloc or parts.path.strip("/")) else "alamat tidak lengkap."


def _options(query: str) -> set[str]:
    """Names of options, parted as apprise does: by semicolons as well."""
    pairs = parse_qsl(query.replace(";", "&"), keep_blank_values=True)
    return {name.strip(" +:-").casefold() for name, _ in pairs}
