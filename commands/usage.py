"""Help and what was typed wrongly, in Indonesian; click itself says both in English."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

_QUOTED = re.compile(r"(?:\w+ )?(['\"])(?P<text>.*)\1 |(?P<number>-?\d+) is not in the range")
"""What was typed, as every sentence of click's begins with it; the error itself does not keep it."""
_WORDS = {
    "Usage: ": "Pemakaian: ",
    "[OPTIONS]": "[PILIHAN]",
    "COMMAND [ARGS]...": "PERINTAH [ISI]...",
    "[required]": "[wajib]",
    "Options:": "Pilihan:",
    "Commands:": "Perintah:",
    "Show this message and exit.": "Tampilkan bantuan ini.",
    "Show the version and exit.": "Tampilkan versi program.",
}


class _Formatter(click.HelpFormatter):
    """Help as click lays it out, with its own few words translated."""

    def getvalue(self) -> str:
        text = super().getvalue()
        for english, indonesian in _WORDS.items():
            text = text.replace(english, indonesian)
        return text


class Context(click.Context):
    """Of commands that show their help in Indonesian."""

    formatter_class = _Formatter


def usage_problem(error: click.UsageError) -> str:
    """A sentence about the mistake, and which command shows how it is typed."""
    command = error.ctx.command_path if error.ctx else "aduan"
    return f"{_sentence(error)} Cara menulisnya: {command} --help"


def _sentence(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter):
        return f"{_hint(error)} belum diisi."
    if isinstance(error, click.BadParameter):
        return _unusable(error)
    if isinstance(error, click.NoSuchOption):
        near = f" Mungkin maksudnya {' atau '.join(error.possibilities)}." if error.possibilities else ""
        return f"Pilihan {error.option_name} tidak dikenal.{near}"
    if isinstance(error, click.BadOptionUsage):
        return f"Pilihan {error.option_name} kurang atau kelebihan isi."
    if unknown := getattr(error, "command_name", ""):  # a class of its own only since click 8.4
        return f"Perintah '{unknown}' tidak dikenal."
    return "Ada yang tidak dikenal atau berlebih pada perintah ini."


def _unusable(error: click.BadParameter) -> str:
    """What was typed, and what may be; where that is not known, only for what."""
    found, kind = _QUOTED.match(error.message), getattr(error.param, "type", None)
    typed = (found["text"] or found["number"] or "") if found else ""
    wanted = next((words for each, words in _WANTED.items() if isinstance(kind, each)), None)
    if not typed or wanted is None:
        return f"Isi {_hint(error)} tidak dapat dipakai."
    return wanted(typed, kind, _before(error))


def _day(typed: str, _kind: click.DateTime, before: str) -> str:
    return f"'{typed}' bukan tanggal, atau tanggal itu tidak ada. Tulis tahun-bulan-hari, misalnya {before}2026-01-31."


def _choice(typed: str, kind: click.Choice[Any], before: str) -> str:
    known = [str(each) for each in kind.choices]
    return f"'{typed}' tidak dikenal. Yang dapat dipilih: {', '.join(known)}; misalnya {before}{known[0]}."


def _number(typed: str, kind: click.IntRange, before: str) -> str:
    return f"'{typed}' bukan angka dari {kind.min} sampai {kind.max}. Tulis misalnya {before}{kind.max}."


def _path(typed: str, kind: click.Path, _before: str) -> str:
    wanted, path = "berkas" if kind.file_okay else "folder", Path(typed)
    if not path.exists():
        return f"Berkas atau folder '{typed}' tidak ada. Periksa nama dan tempatnya; sebutkan {wanted} yang ada."
    if path.is_dir() == kind.dir_okay:
        return f"Berkas atau folder '{typed}' tidak boleh dibaca atau ditulisi. Periksa izinnya."
    return f"'{typed}' adalah {'folder' if path.is_dir() else 'berkas'}; sebutkan nama {wanted}."


_WANTED: Mapping[type[click.ParamType[Any]], Callable[[str, Any, str], str]] = {
    click.DateTime: _day,
    click.Choice: _choice,
    click.IntRange: _number,
    click.Path: _path,
}
"""By what may stand there: a sentence about what was typed, with an example."""


def _before(error: click.BadParameter) -> str:
    """What an example begins with: the option, or the command whose argument it is."""
    if isinstance(error.param, click.Option):
        return f"{error.param.opts[0]} "
    return f"{error.ctx.command_path} " if error.ctx else ""


def _hint(error: click.BadParameter) -> str:
    return error.param.get_error_hint(error.ctx) if error.param and error.ctx else "Isian"
