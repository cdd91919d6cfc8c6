import json
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from forms.schema import complaint_schema
from forms.validation import check
from tests.builders import some_data

SCHEMA = complaint_schema(lambda msgid: msgid)
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    json.dumps(SCHEMA)


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        ({}, True),
        ({"name": None, "phone": None, "anonymous": True}, True),
        ({"email": "ibu@contoh.id"}, True),
        ({"description": "x" * 9}, False),
        ({"description": "x" * 5001}, False),
        ({"description": 1}, False),
        ({"anonymous": "ya"}, False),
        ({"lain": 1}, False),
    ],
)
def test_schema_and_validation_agree(changes: dict[str, object], valid: bool) -> None:
    data = some_data(**changes)
    assert VALIDATOR.is_valid(data) is valid
    assert (check(data, today=date(2026, 11, 23)).intake is not None) is valid
