"""
Mappings: which of their columns is which of ours, as TOML that an office can write, keep and mend.

    name = "Buku registrasi 2024"
    source = "buku"                  # tells registers apart: number 12 of one is not number 12 of another
    [columns]                        # our column = their headers, the first that is there counts
    description = ["Isi Aduan", "Uraian"]
    [fixed]                          # what their file does not say
    channel = "desk"
    [values.status]                  # their words = ours
    "sudah ditangani" = "selesai"
    [reading]
    dates = "dmy"                    # or "mdy"
    nameless = "refuse"              # or "anonymous": what a row without a name is
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from automation.exchange.errors import MappingError
from forms.fields import FIELD, FIELDS
from register.brought_over import folded
from register.complaint import Channel

SEARCHED = 40
"""Rows from the top among which the header is."""
FOLDER = Path(__file__).parent / "mappings"
OWN = ("number", "received_at", "received_time", "channel", "status", "closed_at", "identity", "contact", "reply")
"""Columns beside the form's fields: the old number, when it came in and was closed, by which way, and so on."""
LABELS: Mapping[str, str] = {
    "number": "Nomor lama",
    "received_at": "Tanggal masuk",
    "received_time": "Jam masuk",
    "channel": "Kanal",
    "status": "Status",
    "closed_at": "Tanggal selesai",
    "identity": "Identitas",
    "contact": "Kontak",
    "reply": "Balasan",
} | {each.name: each.on_paper for each in FIELDS}
COLUMNS = (*OWN, *(each.name for each in FIELDS if each.name not in ("confidential", "anonymous")))
REQUIRED = ("description", "received_at", "status")
OPEN = "terbuka"
ALL_OTHERS = "*"
"""In place of a word, for a category: what every word means that is not known."""
STATUSES = (OPEN, "selesai", "cabut", "alihkan", "bukan_kewenangan")
"""What a row's status may mean: still open, or the act by which it was closed (automation/sop/acts.toml)."""
_LISTS = {"channel": tuple(each.value for each in Channel), "status": STATUSES}
_DEFAULTS = {"channel": "desk"}
_STATUS_TO_CHOOSE = (
    "# Kolom status tidak dikenali, dan status harus dipilih sebelum mengimpor: sebutkan kolomnya pada [columns], atau",
    "# hapus tanda # di bawah ini bila semua baris sama. Baris terbuka dihitung batas waktunya mulai sekarang.",
    f'# status = "selesai"  # pilihan: {", ".join(STATUSES)}',
)
"""Nothing is taken for granted: all that is old would be open again, or all that is open would be filed."""
_SECTIONS = {"name", "source", "columns", "fixed", "values", "reading", "export", "export_values"}
_READING = {"dates": ("dmy", "mdy"), "nameless": ("refuse", "anonymous")}


@dataclass(frozen=True)
class ColumnMapping:
    """One mapping; headers and words are folded (`folded`)."""

    name: str
    source: str = ""
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    export: Mapping[str, str] = field(default_factory=dict)
    """Headers of a file for others, each with the fact that stands there (`exporting.facts`), or `=` and a text."""
    export_values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    month_first: bool = False
    nameless_is_anonymous: bool = False

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """Where each of our columns stands, by a header row; a column of theirs is taken once."""
        folded_header = [folded(text) for text in header]
        found: dict[str, int] = {}
        for column, names in self.columns.items():
            place = next((folded_header.index(name) for name in names if name in folded_header), None)
            if place is not None and place not in found.values():
                found[column] = place
        return found

    def missing(self, found: Iterable[str]) -> list[str]:
        """Columns that an import cannot do without and that are neither in the file nor fixed."""
        return [column for column in REQUIRED if column not in {*found, *self.fixed}]


def read(path: Path) -> ColumnMapping:
    """
    The mapping that an office keeps in a file, named after it unless it names itself.

    Raises: MappingError, naming the file and what is wrong.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Notepad puts a mark in front, which TOML does not know
    except UnicodeDecodeError:
        raise MappingError(
            f"Pemetaan {path.name} tidak tersimpan sebagai UTF-8. Buka di Notepad, pilih Simpan Sebagai (Save As) "
            "dengan pengodean (Encoding) UTF-8, lalu ulangi."
        ) from None
    except OSError as error:
        raise MappingError(f"Pemetaan {path.name} tidak dapat dibaca: {error.strerror}.") from None
    return load(text, path.stem)


def load(text: str, name: str = "") -> ColumnMapping:
    """
    A mapping of its TOML text.

    Raises: MappingError, naming what is wrong.
    """
    data = _parsed(text)
    if unknown := set(data) - _SECTIONS:
        raise MappingError(f"Bagian pemetaan tidak dikenal: {', '.join(sorted(unknown))}.")
    columns, fixed, values = (_table(data, section) for section in ("columns", "fixed", "values"))
    for section in (columns, fixed, values):
        if unknown := set(section) - set(COLUMNS):
            raise MappingError(f"Kolom tidak dikenal: {', '.join(sorted(unknown))}. Yang ada: {', '.join(COLUMNS)}.")
    reading = _table(data, "reading")
    for key, value in reading.items():
        if value not in _READING.get(key, ()):
            raise MappingError(f"[reading] {key}: pilih salah satu dari {', '.join(_READING.get(key, ())) or '-'}.")
    made = ColumnMapping(
        str(data.get("name", name)),
        str(data.get("source", "")),
        {column: [folded(text) for text in _texts(column, names)] for column, names in columns.items()},
        {column: _one(column, value) for column, value in fixed.items()},
        _words(values),
        {header: _one(header, fact) for header, fact in _table(data, "export").items()},
        {fact: _table(_table(data, "export_values"), fact) for fact in _table(data, "export_values")},
        reading.get("dates") == "mdy",
        reading.get("nameless") == "anonymous",
    )
    _check_lists(made)
    return made


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        why = "kurung di dalamnya terlalu dalam. Tulis nilai yang sederhana."
    except tomllib.TOMLDecodeError as error:
        why = str(error)
    except ValueError:  # numbers that Python does not read: thousands of digits, or a date that does not exist
        why = "ada angka atau tanggal yang tidak terbaca. Tulis nilainya di antara tanda kutip."
    raise MappingError(f"Pemetaan tidak dapat dibaca sebagai TOML: {why}")


def _words(own: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    """What words mean: the usual ones of the paper register, and before them those of the mapping itself."""
    usual = tomllib.loads((FOLDER / "buku.toml").read_text("utf-8"))["values"]
    return {
        column: {
            key if key == ALL_OTHERS else folded(key): str(value)
            for key, value in (*usual.get(column, {}).items(), *_table(own, column).items())
        }
        for column in {*usual, *own}
    }


def _check_lists(mapping: ColumnMapping) -> None:
    for column, allowed in _LISTS.items():
        said = {*mapping.values.get(column, {}).values(), *filter(None, [mapping.fixed.get(column)])}
        if wrong := said - set(allowed):
            raise MappingError(f"{column}: {', '.join(sorted(wrong))} tidak dikenal. Pilih: {', '.join(allowed)}.")


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise MappingError(f"Bagian [{name}] pemetaan harus berupa tabel.")
    return found


def _texts(column: str, names: object) -> Sequence[str]:
    found = [names] if isinstance(names, str) else names
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise MappingError(f'{column}: tulis judul kolomnya di antara tanda kutip, misalnya ["Isi Aduan", "Uraian"].')
    return found


def _one(column: str, value: object) -> str:
    if not isinstance(value, str):
        raise MappingError(f"{column}: tulis nilainya di antara tanda kutip.")
    return value


@cache
def shipped() -> Mapping[str, ColumnMapping]:
    """The mappings that come with the program, by name of the file."""
    return {path.stem: load(path.read_text("utf-8"), path.stem) for path in sorted(FOLDER.glob("*.toml"))}


@cache
def _known_names() -> Mapping[str, Sequence[str]]:
    """Every header that is known for a column, from the shipped mappings and the form."""
    known: dict[str, list[str]] = {column: [] for column in COLUMNS}
    for each in shipped().values():
        for column, names in each.columns.items():
            known[column] += names
    for column in known:
        if column in FIELD:
            own = (FIELD[column].label, FIELD[column].on_paper, *FIELD[column].titles)
            known[column] += [folded(text) for text in own]
    return known


def likely_header(rows: Iterable[Sequence[str]]) -> Sequence[str]:
    """Of the first rows of a table the one with most known headers, or else with most words; empty if none has two."""
    known = {name for names in _known_names().values() for name in names}

    def worth(row: Sequence[str]) -> tuple[int, int]:
        said = [text for text in row if text.strip() and not text.strip()[0].isdigit()]
        return sum(folded(text) in known for text in said), len(said)

    best = max(islice(rows, SEARCHED), key=worth, default=())
    return best if worth(best)[1] > 1 else ()


def proposed(header: Sequence[str], name: str) -> str:
    """A mapping's TOML text for a header row: what the shipped ones and the form know, the rest to be filled in."""
    known = _known_names()
    taken: dict[str, str] = {}
    for text in header:
        ours = next((c for c, names in known.items() if folded(text) in names and c not in taken), None)
        if text.strip() and ours:
            taken[ours] = text
    unknown = [text for text in header if text.strip() and text not in taken.values()]
    lines = [
        "# Pemetaan kolom untuk aduan import. Kiri: kolom aduan; kanan: judul kolom dalam berkas Anda.",
        f"name = {_quoted(name)}",
        f"source = {_quoted(name)}",
        "",
        "[columns]",
        *(f"{column} = [{_quoted(text)}]  # {LABELS[column]}" for column, text in taken.items()),
        *(f"# {column} = [...]  # {LABELS[column]}" for column in COLUMNS if column not in taken),
        "",
        *(["# Belum dipetakan: " + ", ".join(map(_quoted, unknown)), ""] if unknown else []),
        "[fixed]",
        *(f'{c} = "{v}"  # periksa; pilihan: {", ".join(_LISTS[c])}' for c, v in _DEFAULTS.items() if c not in taken),
        *(() if "status" in taken else _STATUS_TO_CHOOSE),
        "",
        "[values.status]",
        f'"sudah ditangani" = "selesai"  # pilihan: {", ".join(STATUSES)}',
        "",
        "[reading]",
        'dates = "dmy"  # atau "mdy"',
        'nameless = "refuse"  # atau "anonymous"',
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """As a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else _escaped(ord(sign)) for sign in escaped) + '"'


def _escaped(code: int) -> str:
    """What cannot be printed; half a sign, as broken files have it, is none."""
    return "?" if 0xD800 <= code <= 0xDFFF else f"\\U{code:08x}"
