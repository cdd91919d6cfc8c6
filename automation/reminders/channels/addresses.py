"""
What may stand in `Kanal Pemberitahuan`: Apprise URLs of some services. Pure and without apprise: each read checks it.

Whoever edits the tab decides where messages go, but not what this machine reads: an option that names a file would be
sent with the message. Nor may it reach what only this machine can reach (local_hosts.py).
"""

from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from automation.reminders.channels.local_hosts import named_inside

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

HOSTLESS = frozenset({"discord", "slack", "tgram"})
"""Their servers are known: what stands where others have the server is a number or a token."""

READS_FILES = frozenset({"attach", "pgpkey", "pgpprv", "pgppub", "template"})
"""Options by which apprise would read a file of this machine; in lower case."""


def address_problem(url: str, *, local: bool = False) -> str:
    """
    What is wrong with a channel's URL, as a sentence that does not repeat it; empty if nothing is.

    Args:
        local: Whether servers on this machine and in its network are allowed.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not closed
        return "alamat tidak lengkap."
    if parts.scheme.casefold() not in SCHEMES:
        return "alamat harus dimulai dengan layanan yang didukung, misalnya mailto:// atau tgram://."
    if READS_FILES & _options(parts.query).keys():
        return "alamat tidak boleh memuat pilihan yang membaca berkas."
    if any(named_inside(host, allowed=local) for host in _hosts(parts)):
        return "alamat menuju komputer di jaringan sendiri; ADUAN_ALLOW_LOCAL_CHANNELS=ya mengizinkannya."
    return "" if "://" in url and (parts.netloc or parts.path.strip("/")) else "alamat tidak lengkap."


def _hosts(parts: SplitResult) -> list[str]:
    """The servers that a URL names."""
    if parts.scheme.casefold() in HOSTLESS:
        return []
    after_user = parts.netloc.rpartition("@")[2]
    host = after_user.partition("]")[0] if after_user.startswith("[") else after_user.partition(":")[0]
    return [unquote(each) for each in (host, _options(parts.query).get("smtp", "")) if each]


def _options(query: str) -> dict[str, str]:
    """Options by name, parted as apprise does: by semicolons as well."""
    pairs = parse_qsl(query.replace(";", "&"), keep_blank_values=True)
    return {name.strip(" +:-").casefold(): value for name, value in pairs}
