import pytest

from forms.typed import data_of, typed_in


def test_a_sent_form_becomes_data() -> None:
    form = {"description": "Cerita", "incident_date": "1/2/2026", "anonymous": "1", "token": "x", "name": ""}
    assert data_of(form) == {
        "description": "Cerita",
        "incident_date": "2026-02-01",
        "anonymous": True,
        "confidential": False,
    }


@pytest.mark.parametrize(
    ("form", "flags"),
    [
        ({"identity": "open", "anonymous": "1"}, ("", "")),
        ({"identity": "confidential"}, ("1", "")),
        ({"identity": "anonymous", "confidential": "1"}, ("", "1")),
        ({"identity": "lain"}, ("", "")),
        ({"confidential": "on", "anonymous": "1"}, ("1", "1")),
        ({}, ("", "")),
    ],
)
def test_the_question_about_identity_answers_both_flags(form: dict[str, str], flags: tuple[str, str]) -> None:
    typed = typed_in(form)
    assert (typed["confidential"], typed["anonymous"]) == flags


def test_everything_typed_can_be_shown_again() -> None:
    typed = typed_in({"description": "dua\r\nbaris\x00", "website": "x"})
    assert typed["description"] == "dua\nbaris"
    assert typed["name"] == ""
    assert "website" not in typed
