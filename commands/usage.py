"""Help and what was typed wrongly, in Indonesian; click itself says both in English."""

import click

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
        return f"Isi {_hint(error)} tidak dapat dipakai."
    if isinstance(error, click.NoSuchOption):
        near = f" Mungkin maksudnya {' atau '.join(error.possibilities)}." if error.possibilities else ""
        return f"Pilihan {error.option_name} tidak dikenal.{near}"
    if isinstance(error, click.BadOptionUsage):
        return f"Pilihan {error.option_name} kurang atau kelebihan isi."
    if unknown := getattr(error, "command_name", ""):  # a class of its own only since click 8.4
        return f"Perintah '{unknown}' tidak dikenal."
    return "Ada yang tidak dikenal atau berlebih pada perintah ini."


def _hint(error: click.BadParameter) -> str:
    return error.param.get_error_hint(error.ctx) if error.param and error.ctx else "Isian"
