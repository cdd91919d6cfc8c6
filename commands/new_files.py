"""Files that commands write under a name of somebody's choice: one that is there already is never replaced."""

import itertools
from pathlib import Path

import click

NEW_FILE = click.Path(path_type=Path, dir_okay=False)


def check_new(target: Path, option: str, read: Path | None = None) -> None:
    """
    Refuse a file that would replace another: the one that is `read`, or what somebody is still working on.

    Raises: ClickException naming the file, and a name that is free, or the folder that is not there.
    """
    if not target.parent.is_dir():
        raise click.ClickException(f"Folder '{target.parent}' untuk {option} tidak ada. Buat dahulu folder itu.")
    if not target.exists():
        return
    what = "adalah berkas yang diimpor" if read and target.samefile(read) else "sudah ada"
    raise click.ClickException(
        f"Berkas {option} '{target}' {what}, dan tidak akan ditimpa. Pilih nama lain, misalnya {free(target)}."
    )


def free(wanted: Path) -> Path:
    """That name if nothing bears it, else the same with the first number that nothing bears yet."""
    numbered = (wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}") for number in itertools.count(2))
    return next(path for path in itertools.chain([wanted], numbered) if not path.exists())
