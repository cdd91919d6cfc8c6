"""
From the bytes of an e-mail's header or part to the words that a person wrote: charsets, HTML, quoted history.

Charsets are often wrong or unknown, so that whatever bytes come, some text comes out.
"""

import codecs
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from html import unescape
from itertools import islice

from register.inbound import CUT

ADDRESS = re.compile(r"[^\s@<>\"(),;:\\]+@[^\s@<>\"(),;:\\]+")
"""An e-mail address as people have them, without the quoted forms that RFC 5322 knows too."""
LONGEST_HEADER = 10_000
LONGEST_HTML = 300_000
LONGEST_TEXT = 49_900
"""Characters that are looked at, a little fewer than are kept of a message, as it is said where they were cut. The
delivery keeps all."""
_UNSAFE_CODECS = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "utf-16"))
"""Python decodes these too, in quadratic time or with a warning, and hardly anybody means them; `utf-16` guesses."""


def decoded(raw: bytes, charset: str) -> str:
    """Text in that charset if it is one; else as UTF-8 if it fits, and else as Windows does it, which always fits."""
    for name in (charset, "utf-8"):
        try:
            if name and codecs.lookup(name).name.replace("_", "-") not in _UNSAFE_CODECS:
                return raw.decode(name)
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def header_words(raw: str) -> str:
    """
    A header's text on one line, its encoded words (RFC 2047) decoded.

    Args:
        raw: As Python's parser keeps it: bytes outside ASCII as surrogates.
    """
    text = raw_text(raw)
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return one_line(text)
    words = [
        part if isinstance(part, str) else decoded(part, charset) if charset else _between_encoded_words(part)
        for part, charset in parts
    ]
    return one_line("".join(words))


def raw_text(raw: str) -> str:
    """The same with its bytes outside ASCII decoded."""
    text = raw[:LONGEST_HEADER]
    try:
        return decoded(text.encode("ascii", "surrogateescape"), "utf-8")
    except UnicodeEncodeError:  # no surrogates of the parser's, but letters already
        return text.encode("utf-8", "replace").decode("utf-8")


def one_line(text: str) -> str:
    """Without control characters, and with single spaces."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _between_encoded_words(part: bytes) -> str:
    """What `decode_header` hands back of the plain text beside encoded words."""
    try:
        return part.decode("raw_unicode_escape")
    except UnicodeDecodeError:
        return part.decode("latin-1")


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)|<[!?/]")
_SILENT = ("script", "style", "template", "title", "noscript")
_BLOCK = re.compile(
    "address|article|aside|blockquote|dd|div|dl|dt|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|"
    "table|tbody|tr|ul"
)


def words_of_html(html: str) -> str:
    """What an HTML mail says, as lines; without its styles, scripts and pictures. What is quoted is marked by `>`."""
    lines, quoted = [""], 0
    for tag, is_end, text in _pieces(html[:LONGEST_HTML]):
        if tag == "blockquote":
            quoted = max(0, quoted + (-1 if is_end else 1))
        mark = "> " if quoted else ""
        if tag == "br":
            lines.append(mark)
        elif _BLOCK.fullmatch(tag):
            lines[len(lines) - (not lines[-1].strip("> ")) :] = [mark + ("- " if tag == "li" and not is_end else "")]
        said = re.sub(r"\s+", " ", " " + text if tag in ("td", "th") else text)
        lines[-1] += said.lstrip() if not lines[-1] or lines[-1].endswith(" ") else said
    if len(html) > LONGEST_HTML:
        lines.append(f"{'> ' if quoted else ''}{CUT}")
    return "\n".join(line.rstrip() for line in lines).strip()


def _pieces(html: str) -> Iterator[tuple[str, bool, str]]:
    """
    Each tag in small letters, whether it is an end tag, and the text up to the next one.

    Not by `html.parser`: Python 3.11.7 takes minutes for 300,000 characters of `<!--` or `<a `; this takes a moment.
    """
    tag, is_end, start, unclosed = "", False, 0, set[str]()
    while True:
        opening = _TAG.search(html, start)
        yield tag, is_end, unescape(html[start : opening.start() if opening else len(html)])
        if opening is None:
            return
        is_end, tag = bool(opening[1]), (opening[2] or "").lower()
        closing = "-->" if html.startswith("<!--", opening.start()) else ">"
        start = html.find(closing, opening.end()) + len(closing)
        if start < len(closing):  # it never ends
            return
        if tag in _SILENT and not is_end and tag not in unclosed:
            end = re.compile(f"</{tag}", re.IGNORECASE).search(html, start)
            start = end.start() if end else start
            unclosed |= set() if end else {tag}


_ATTRIBUTION = re.compile(r"(on|pada|le|am|el) .{4,300}(wrote|menulis|a écrit|schrieb|escribió)\s?:", re.IGNORECASE)
"""Introduces what is quoted below it, such as `Pada Sen, 23 Nov 2026 pukul 10.00, Dinas Sosial menulis:`."""
_ATTRIBUTION_BEGINS = re.compile(r"(on|pada|le|am|el) ", re.IGNORECASE)
_BY_A_MAILER = re.compile(r"\d{1,2}[.:]\d{2}|@")
"""Mailers name the time or the address, people who quote what an officer wrote to them seldom do."""
_HISTORY = re.compile(
    r"-{2,} ?(original message|original appointment|pesan asli|pesan awal) ?-{2,}|_{20,}", re.IGNORECASE
)
_SENDER_LINE = re.compile(r"\*?(from|dari) ?:\*? .+", re.IGNORECASE)
_DATE_LINE = re.compile(r"\*?(sent|date|terkirim|dikirim|tanggal) ?:\*? .+", re.IGNORECASE)
_DEVICE = re.compile(
    r"(sent from (my )?|dikirim dari |terkirim dari |get outlook for |dapatkan outlook untuk )[^.!?\n]{1,60}[.]?",
    re.IGNORECASE,
)
"""What telephones add below a mail."""
_LONGEST_ATTRIBUTION = 3
"""Lines over which mailers break the line that introduces a quotation."""
_LONGEST_SIGNATURE = 8
"""Lines below a `--` that lost the space after it; more of them are no signature."""


def own_words(text: str, *, is_answer: bool) -> str:
    """
    What the person wrote this time, without their signature and, in an answer, without the history that it quotes.

    Args:
        is_answer: Whether it answers an e-mail. In any other, what is quoted is what they pass on to us.
    """
    lines = text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    if len(text) > LONGEST_TEXT:  # of what is quoted, it is quoted too
        lines.append(f"{'> ' if lines[-1].startswith('>') else ''}{CUT}")
    return _tidied(_without_signature(_without_history(lines) if is_answer else lines)) or (
        "" if is_answer else _tidied(lines)
    )


def _without_signature(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        if line == "-- " or (line == "--" and _is_short(lines[at] for at in range(place + 1, len(lines)))):
            return lines[:place]
    return lines


def _is_short(lines: Iterator[str]) -> bool:
    return len(list(islice(filter(str.strip, lines), _LONGEST_SIGNATURE + 1))) <= _LONGEST_SIGNATURE


def _without_history(lines: list[str]) -> list[str]:
    """What was written between quoted lines stays; what follows a head without such marks is history."""
    kept: list[str] = []
    place = 0
    while place < len(lines):
        if _is_history(lines, place):
            break
        length = _attribution(lines, place)
        if length and _quote_follows(lines, place + length):
            place += length
            continue
        if length and _BY_A_MAILER.search(" ".join(lines[place : place + length])):
            break
        if not lines[place].startswith(">"):
            kept.append(lines[place])
        place += 1
    return kept


def _attribution(lines: list[str], place: int) -> int:
    """Over how many lines one that introduces a quotation begins here; 0 if none does."""
    if not _ATTRIBUTION_BEGINS.match(lines[place]):
        return 0
    for length in range(1, _LONGEST_ATTRIBUTION + 1):
        if _ATTRIBUTION.fullmatch(" ".join(lines[place : place + length]).strip()[:400]):
            return length
    return 0


def _quote_follows(lines: list[str], place: int) -> bool:
    return next((line for line in lines[place : place + 3] if line.strip()), "").startswith(">")


def _is_history(lines: list[str], place: int) -> bool:
    """Whether an older mail begins here that nothing marks line by line, as Outlook puts it below."""
    rule = _HISTORY.fullmatch(lines[place].strip())
    if rule and not lines[place].startswith("_"):
        return True
    head = [line.strip() for line in lines[place + bool(rule) : place + 5] if line.strip()]
    return bool(head and _SENDER_LINE.fullmatch(head[0]) and any(_DATE_LINE.fullmatch(line) for line in head[1:]))


def _tidied(lines: list[str]) -> str:
    """Without blank lines around, more than one blank line between, and what telephones add at the end."""
    kept = [line.rstrip() for line in lines]
    while kept and (not kept[-1] or _DEVICE.fullmatch(kept[-1].strip())):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
