"""Whatever a client of Open311 sends is filed or refused in the specification's shape; it never breaks the service."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.categories import categories

pytestmark = pytest.mark.search
ANYTHING = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # one application serves all examples
)
V2 = "/open311/v2"
NAMES = (
    *("service_code", "description", "lat", "long", "address_string", "address_id", "first_name", "last_name"),
    *("email", "phone", "media_url", "device_id", "account_id", "api_key", "jurisdiction_id", "attribute"),
    *("attribute[district]", "attribute[village]", "attribute[incident_date]", "attribute[confidential]"),
    *("attribute[x][]", "attribute[", "attribute[]", "service_request_id", "status", "start_date", "end_date", ""),
)
LIKELY = (
    *("SEMBAKO", "Bantuan sembako belum cair.", "-0.4", "116.9", "nan", "1e400", "Loa Kulu", "0812-0000-0000"),
    *("2026-11-20", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "ibu@contoh.id", "7K3M-Q9TX-2"),
)
text = st.sampled_from(LIKELY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
unicode = st.text(st.characters(codec=None), max_size=20)
value: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | unicode | st.sampled_from(LIKELY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(unicode | st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=5,
)
CODES = st.fixed_dictionaries(
    {"service_code": st.sampled_from([category.code for category in categories()]), "description": text}
)


def is_fine(answer: Any) -> None:
    (*_, last) = answer.get_json()
    if answer.status_code == 200:
        assert last["service_request_id"]
    else:
        assert answer.status_code in (400, 403, 404)
        assert last["code"]
        assert last["description"]


@ANYTHING
@given(st.dictionaries(st.sampled_from(NAMES), text, max_size=12), CODES, st.booleans())
def test_any_form(client, sent, likely, whole) -> None:
    is_fine(client.post(f"{V2}/requests.json", data=sent | likely if whole else sent))


@ANYTHING
@given(st.dictionaries(st.sampled_from(NAMES) | unicode, value, max_size=8), CODES, st.booleans())
def test_any_object(client, sent, likely, whole) -> None:
    is_fine(client.post(f"{V2}/requests.json", json=sent | likely if whole else sent))


@ANYTHING
@given(st.binary(max_size=200), st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/xml"]))
def test_any_body(client, body, kind) -> None:
    is_fine(client.post(f"{V2}/requests.json", data=body, content_type=kind))


@ANYTHING
@given(st.dictionaries(st.sampled_from(NAMES), text, max_size=8))
def test_any_question(client, asked) -> None:
    answer = client.get(f"{V2}/requests.json", query_string=asked)
    assert answer.status_code in (200, 400, 404)
    assert isinstance(answer.get_json(), list)
