"""A mapping that an office wrote: read however Notepad saved it, or refused with a sentence that says what to do."""

from pathlib import Path

import pytest

from automation.exchange.errors import MappingError
from automation.exchange.mapping import load, read

ACCENTED = 'name = "Buku André"\n[columns]\ndescription = ["Uraian"]\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_with_and_without_the_mark_of_notepad(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "peta.toml"
    path.write_bytes(ACCENTED.replace("\n", "\r\n").encode(encoding))
    assert read(path).name == "Buku André"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_named_with_the_file(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "peta.toml"
    path.write_bytes(ACCENTED.encode(encoding))
    with pytest.raises(MappingError) as error:
        read(path)
    assert "peta.toml" in error.value.message
    assert "UTF-8" in error.value.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name = ", "TOML"),
        ("name = " + "[" * 3000 + "]" * 3000, "kurung"),
        ("name = " + "{a=" * 3000 + "1" + "}" * 3000, "kurung"),
        ("name = " + "9" * 6000, "tanda kutip"),
        ("name = 2024-02-31", "TOML"),
        ("[columns]\nx = ['Uraian']", "Kolom tidak dikenal: x"),
        ("[columns]\ndescription = 3", "description"),
        ("[columns]\ndescription = [[['Uraian']]]", "description"),
        ("columns = 3", "[columns]"),
        ("[values]\nstatus = 'x'", "[status]"),
        ("[values.status]\nbatal = ['x']", "status"),
        ("[fixed]\nchannel = 3", "channel"),
        ("[fixed]\nchannel = 'merpati'", "merpati"),
        ("[reading]\ndates = []", "dates"),
        ("[reading]\ndates = {a = 1}", "dates"),
        ("[export_values]\nstatus = 1", "[status]"),
    ],
)
def test_what_cannot_be_a_mapping_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(MappingError) as error:
        load(text)
    assert why in error.value.message
