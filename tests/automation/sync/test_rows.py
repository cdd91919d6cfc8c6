"""Cells to values and back."""

import itertools
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.sync.rows import (
    INTAKE_KEYS,
    MASK,
    PEOPLE_KEYS,
    STAFF_KEYS,
    SYSTEM_KEYS,
    Row,
    corrected_intake,
    fingerprint,
    intake_cells,
    missing_fields,
    parse_instant,
    people_digest,
    read_register,
    shown_instant,
    system_cells,
    text_of,
    typed_channel,
    typed_intake,
)
from register.complaint import WITA, Channel, Identity
from register.sealing import Keyring
from register.sheet import Values
from sheets_schema.layout import locate
from sheets_schema.register_tab import REGISTER
from tests.builders import a_complaint, an_intake

HEADER = tuple(column.header for column in REGISTER.columns)
DIGEST = Keyring(b"0" * 32).digest
TEXTS = st.text(max_size=40)


def a_row(**cells: object) -> Row:
    layout = locate(REGISTER, HEADER)
    places = {layout.positions[key]: cell for key, cell in cells.items()}
    width = max(places, default=-1) + 1
    return Row(1, tuple(places.get(place, "") for place in range(width)), layout)  # type: ignore[arg-type]


def test_every_column_has_one_writer() -> None:
    assert set(INTAKE_KEYS) | set(STAFF_KEYS) | set(SYSTEM_KEYS) == {column.key for column in REGISTER.columns}
    assert len(INTAKE_KEYS) + len(STAFF_KEYS) + len(SYSTEM_KEYS) == len(REGISTER.columns)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23 09:15", datetime(2026, 11, 23, 9, 15, tzinfo=WITA)),
        ("2026-11-23T09:15", datetime(2026, 11, 23, 9, 15, tzinfo=WITA)),
        ("23/11/2026 9.15", datetime(2026, 11, 23, 9, 15, tzinfo=WITA)),
        ("23-11-2026, 09:15:59", datetime(2026, 11, 23, 9, 15, tzinfo=WITA)),
        ("23.11.2026 pukul 09.15 WITA", datetime(2026, 11, 23, 9, 15, tzinfo=WITA)),
        (" 23/11/2026 ", datetime(2026, 11, 23, tzinfo=WITA)),
        ("23 November 2026 pukul 09.15", datetime(2026, 11, 23, 9, 15, tzinfo=WITA)),
        ("Senin, 23 November 2026 pukul 09.15 WITA", datetime(2026, 11, 23, 9, 15, tzinfo=WITA)),
        ("23 nop 2026 jam 9.15", datetime(2026, 11, 23, 9, 15, tzinfo=WITA)),
        ("1 Mei 2026", datetime(2026, 5, 1, tzinfo=WITA)),
        ("2-Agt-2026", datetime(2026, 8, 2, tzinfo=WITA)),
        ("3/4/2026", datetime(2026, 4, 3, tzinfo=WITA)),
        ("23 Bulan 2026", None),
        ("31 November 2026", None),
        ("31/02/2026", None),
        ("2026-11-23 25:00", None),
        ("kemarin", None),
        ("23/11/0026", None),
        ("0001-01-01", None),
        ("9999-12-31 09:00", None),
        ("", None),
    ],
)
def test_dates_are_read_as_staff_type_them(text: str, expected: datetime | None) -> None:
    assert parse_instant(text) == expected


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        (46349.0, datetime(2026, 11, 23, tzinfo=WITA)),
        (46349.5, datetime(2026, 11, 23, 12, tzinfo=WITA)),
        (0.0, None),
        (-3.0, None),
        (1e9, None),
        (2026.0, None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_serial_dates_are_days_since_the_end_of_1899(serial: float, expected: datetime | None) -> None:
    assert parse_instant("", serial) == (expected or parse_instant(""))


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_a_shown_instant_is_read_back_to_the_minute(at: datetime) -> None:
    instant = at.replace(second=0, microsecond=0, tzinfo=WITA)
    assert parse_instant(shown_instant(instant)) == instant


@pytest.mark.parametrize(
    ("cell", "text"), [(42.0, "42"), (4.5, "4.5"), (True, "TRUE"), (False, "FALSE"), ("0042", "0042"), ("", "")]
)
def test_cells_read_as_people_see_them(cell: object, text: str) -> None:
    assert text_of(cell) == text  # type: ignore[arg-type]


@given(st.text(min_size=1), st.text(), st.text())
def test_what_the_system_wrote_is_read_back_as_no_change(description: str, name: str, subject: str) -> None:
    """Otherwise each row would look corrected by staff at its first reading."""
    intake = an_intake(description=description.strip() or "x", name=name.strip(), subject=subject.strip())
    cells = {key: text for key, text in intake_cells(a_complaint(), intake).items() if text}
    if name.strip().casefold() not in ("anonim", "anonymous", "tanpa nama"):
        back = corrected_intake(intake, cells, list(cells))
        assert replace(back, description=back.description.strip()) == replace(
            intake, description=intake.description.strip()
        )


@pytest.mark.parametrize("identity", [Identity.CONFIDENTIAL, Identity.ANONYMOUS])
def test_a_masked_row_keeps_what_is_known(identity: Identity) -> None:
    intake = an_intake(identity=identity)
    cells = intake_cells(a_complaint(identity=identity), intake)
    assert cells["name"] == cells["contact"] == MASK
    assert corrected_intake(intake, cells, list(cells)) == intake


def test_masking_does_not_change_whose_row_it_is() -> None:
    typed = {"description": "x", "name": "Bu Contoh", "contact": "0812", "identity": "Rahasia"}
    assert fingerprint(typed, DIGEST) == fingerprint(typed | {"name": MASK, "contact": MASK}, DIGEST)
    assert fingerprint(typed, DIGEST) != fingerprint(typed | {"description": "y"}, DIGEST)


def test_digests_tell_neighbouring_cells_apart() -> None:
    marks = {
        people_digest(dict(zip(keys, ("ab", "c"), strict=True)), DIGEST)
        for keys in itertools.permutations(PEOPLE_KEYS[:4], 2)
    }
    assert len(marks) == 12
    assert people_digest({"name": "ab", "contact": "c"}, DIGEST) != people_digest(
        {"name": "a", "contact": "bc"}, DIGEST
    )


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        ({"description": "x", "name": "a", "contact": "b"}, []),
        ({"description": "x", "identity": "Anonim"}, []),
        ({"description": "x", "name": " ANONIM "}, []),
        ({"description": "  ", "name": "a", "contact": "b"}, ["Uraian"]),
        ({"description": "x"}, ["Pelapor", "Kontak"]),
        ({"name": "a"}, ["Uraian", "Kontak"]),
        ({"description": "x", "name": "a", "contact": "b", "identity": "dirahasiakan"}, []),
        (
            {"description": "x", "name": "a", "contact": "b", "identity": "sembunyikan"},
            ["Identitas (Terbuka, Rahasia, atau Anonim)"],
        ),
    ],
)
def test_what_a_typed_row_still_needs(cells: dict[str, str], missing: list[str]) -> None:
    assert missing_fields(cells) == missing


@pytest.mark.parametrize(
    ("text", "channel"),
    [("Telepon", Channel.PHONE), (" whatsapp ", Channel.WHATSAPP), ("", None), ("?", None)],
)
def test_the_channel_a_clerk_chose(text: str, channel: Channel | None) -> None:
    assert typed_channel(text) is channel


def test_rows_are_read_only_under_sound_headers() -> None:
    rows = (("7K3M-Q9TX-2",),)
    assert read_register(Values(HEADER, rows))[1]
    assert not read_register(Values(HEADER[1:], rows))[1]
    assert not read_register(Values((*HEADER, "tiket "), rows))[1], "a doubled header, though in other letters"


@pytest.mark.parametrize("typed", ["7K3M-Q9TX-2", "7k3m q9tx 2", "7K3MQ9TX2"])
def test_a_ticket_is_known_however_it_is_spelt(typed: str) -> None:
    assert a_row(ticket=typed).ticket == "7K3M-Q9TX-2"


@pytest.mark.parametrize(
    ("count", "note", "shown"),
    [(0, "", ""), (0, "Ditunda.", "Ditunda."), (2, "", "Lampiran bukti: 2 berkas."),
     (3, "Ditunda.", "Lampiran bukti: 3 berkas.\nDitunda.")],
)  # fmt: skip
def test_the_note_says_how_many_files_there_are(count: int, note: str, shown: str) -> None:
    complaint = a_complaint(evidence_count=count, note=note)
    assert system_cells(complaint, stage="", remaining="")["note"] == shown


def test_system_cells_cover_every_system_column() -> None:
    assert set(system_cells(a_complaint(), stage="", remaining="", heard="")) == set(SYSTEM_KEYS)


@given(st.dictionaries(st.sampled_from(PEOPLE_KEYS), st.one_of(TEXTS, st.floats(), st.booleans())))
def test_any_cells_can_be_read(cells: dict[str, object]) -> None:
    row = a_row(**cells)
    texts = row.people_texts()
    typed_intake(texts)
    corrected_intake(an_intake(), texts, list(texts))
    missing_fields(texts)
    parse_instant(texts.get("received_at", ""), row.cells[2] if len(row.cells) > 2 else "")


@pytest.mark.parametrize("key", ["description", "name", "contact"])
def test_an_emptied_cell_keeps_what_the_reporter_said(key: str) -> None:
    known = an_intake(subject="Sembako", loss="Tiga bulan", remedy="Dicairkan")
    assert corrected_intake(known, {}, [key]) == known


def test_only_what_changed_is_taken_over() -> None:
    known = an_intake(identity=Identity.CONFIDENTIAL)
    corrected = corrected_intake(known, {"village": "Loa Ipuh"}, ["village"])
    assert corrected == replace(known, village="Loa Ipuh")
