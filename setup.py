"""Compile the translations whenever the package is built, so that no binary lives in the repository."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithTranslations(build_py):
    def run(self) -> None:
        for po in Path(__file__).parent.glob("*/translations/*/LC_MESSAGES/*.po"):
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source, locale=po.parts[-3]))
        super().run()


setup(cmdclass={"build_py": BuildWithTranslations})
