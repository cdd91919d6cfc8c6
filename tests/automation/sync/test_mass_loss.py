"""Where staff answer after a mass loss: the row in `Pengaturan`, and telling that it is gone."""

from collections.abc import Iterator

import pytest

from automation.configuration.checked import check
from automation.configuration.tab_rows import CONFIRM_LOSS
from automation.sync.mass_loss import MassLoss, answer_row, missing_answer_row
from automation.sync.writing import appended_rows, write_cells
from register.sheet import Cell, Values
from sheets_schema.configuration_tabs import SETTINGS
from sheets_schema.layout import locate
from tests.office import Office, close_office, open_office

HEADER = tuple(column.header for column in SETTINGS.columns)


@pytest.mark.parametrize(
    ("header", "rows", "missing"),
    [
        pytest.param(HEADER, ((CONFIRM_LOSS, "", "", ""),), False, id="there"),
        pytest.param(HEADER, (("jam_layanan_jumat", "tutup"), (f" {CONFIRM_LOSS} ",)), False, id="short, with spaces"),
        pytest.param(tuple(reversed(HEADER)), (("", "", "", CONFIRM_LOSS),), False, id="columns moved"),
        pytest.param(HEADER, (), True, id="no rows"),
        pytest.param(HEADER, (("jam_layanan_jumat", CONFIRM_LOSS), ()), True, id="not as a name"),
        pytest.param((), ((CONFIRM_LOSS,),), False, id="no headers: nothing may be written"),
        pytest.param((*HEADER, "Nama"), (), False, id="doubled header"),
    ],
)
def test_the_row_for_the_answer_is_missing(
    header: tuple[Cell, ...], rows: tuple[tuple[Cell, ...], ...], missing: bool
) -> None:
    assert missing_answer_row(Values(header, rows)) is missing


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = open_office(tmp_path_factory.mktemp("kantor"))
    yield office
    close_office(office)


def test_the_row_appended_again_takes_the_question_and_the_answer(office: Office) -> None:
    office.tick()
    sheet_id = office.sheet_id(SETTINGS.title)
    place = next(i for i, row in enumerate(office.rows(SETTINGS.title), start=1) if row["Nama"] == CONFIRM_LOSS)
    office.owner.batch([write_cells(sheet_id, place, 0, [""] * len(HEADER))])
    values = office.sheet.read([SETTINGS.title])[SETTINGS.title]
    assert missing_answer_row(values)
    assert any(CONFIRM_LOSS in problem for problem in check({SETTINGS.title: values}, last_good={}, year=2026).problems)

    office.sheet.batch(appended_rows(sheet_id, locate(SETTINGS, values.header), [answer_row()]))
    tabs = office.sheet.read([SETTINGS.title])
    assert not missing_answer_row(tabs[SETTINGS.title])
    loss = MassLoss(office.store)
    code = loss.ask(25).split("isi Nilai dengan ")[1].split()[0]
    assert not loss.confirmed(tabs)
    place = next(i for i, row in enumerate(office.rows(SETTINGS.title), start=1) if row["Nama"] == CONFIRM_LOSS)
    office.type_at(place, SETTINGS.title, value=code.lower())
    assert loss.confirmed(office.sheet.read([SETTINGS.title]))
