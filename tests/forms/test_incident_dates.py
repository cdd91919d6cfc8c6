from datetime import date

import pytest

from forms.incident_dates import incident_date_of, iso_from_typed
from forms.problems import RefusedError

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("text", ["2026-11-23", "2026-11-22", "1990-01-01", "2024-02-29"])
def test_dates_up_to_today_are_taken(text: str) -> None:
    assert incident_date_of(text, TODAY) == date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-11-24", "date_future"),
        ("9999-12-31", "date_future"),
        ("1989-12-31", "date_too_old"),
        ("0001-01-01", "date_too_old"),
        ("2025-02-29", "date_invalid"),
        ("2026-13-01", "date_invalid"),
        ("23-11-2026", "date_invalid"),
        ("20261123", "date_invalid"),
        ("2026-11-23T00:00:00", "date_invalid"),
        ("2026-W48-1", "date_invalid"),
        ("٢٠٢٦-11-23", "date_invalid"),
        ("kemarin", "date_invalid"),
    ],
)
def test_other_dates_are_refused(text: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        incident_date_of(text, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("23/11/2026", "2026-11-23"),
        ("1-2-2026", "2026-02-01"),
        ("1.2.2026", "2026-02-01"),
        ("2026-11-23", "2026-11-23"),
        ("bulan lalu", "bulan lalu"),
    ],
)
def test_a_date_typed_day_first_is_turned_round(typed: str, expected: str) -> None:
    assert iso_from_typed(typed) == expected
