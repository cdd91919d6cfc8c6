"""Laws that hold for anything anybody sends: it is taken, or refused with what to mend; it never breaks the service."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.fields import FIELD
from forms.steps import way
from tests.builders import some_data
from webhooks.desk import OWN_FIELDS

pytestmark = pytest.mark.search
ANYTHING = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # one application serves all examples
)
STEPS = [step.name for step in way(evidence=False).steps]
unicode = st.text(st.characters(codec=None))
value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | unicode,
    lambda inner: st.lists(inner) | st.dictionaries(unicode, inner),
    max_leaves=4,
)
objects = st.dictionaries(st.sampled_from(sorted(FIELD)) | unicode, value, max_size=8)
complaints = objects.map(lambda changes: some_data(**changes))


@ANYTHING
@given(st.one_of(objects, complaints), st.sampled_from(["id", "en"]))
def test_any_json_object_is_filed_or_its_fields_are_named(client, problem_of, body, language) -> None:
    response = client.post(
        "/api/v1/complaints",
        data=json.dumps(body),
        content_type="application/json",
        headers={"Accept-Language": language},
    )
    if response.status_code != 201:
        problem = problem_of(response)
        assert response.status_code == 422
        assert problem["errors"]
        assert all(error["field"] in FIELD or error["code"] == "unknown_field" for error in problem["errors"])


@ANYTHING
@given(st.binary(max_size=200))
def test_any_body_is_answered(client, problem_of, body) -> None:
    response = client.post("/api/v1/complaints", data=body, content_type="application/json")
    assert problem_of(response)["status"] in (400, 422)


sent = st.dictionaries(
    st.sampled_from([*FIELD, "identity", "website", "lang", "token", "sure", "altcha", "ubah", "ke"]),
    st.text() | st.sampled_from(["en", "open", "anonymous", "kejadian", "periksa", "Loa Kulu", "08120000000", "1"]),
)


def fields_to_mend(response) -> list[str]:
    """What the summary on top of a page links to; each of them is a field that the page shows."""
    named = re.findall(r'<li><a href="#([a-z_]+)">', response.text)
    assert [name for name in named if f'id="{name}"' not in response.text] == []
    return named


@ANYTHING
@given(sent)
def test_any_form_is_filed_or_names_what_to_mend(citizen, changes) -> None:
    response = citizen.send(changes.pop("token", None), **changes)
    assert response.status_code in (200, 303, 400, 422)
    if response.status_code == 422:
        assert fields_to_mend(response)


@ANYTHING
@given(st.sampled_from(STEPS), sent, st.booleans(), st.none() | st.text(st.characters(codec="latin-1"), max_size=40))
def test_any_step_goes_on_or_names_what_to_mend(client, token_in, step, form, ours, cookie) -> None:
    client.delete_cookie("draft")
    if ours:
        form = form | {"token": token_in(client.get("/"))}
    if cookie is not None:
        client.set_cookie("draft", cookie)
    response = client.post(f"/pengaduan/isi/{step}", data=form, follow_redirects=True)
    assert response.status_code in (200, 400, 422)
    if response.status_code == 422:
        assert fields_to_mend(response)


@ANYTHING
@given(st.text(min_size=1, max_size=60))
def test_any_text_as_ticket_is_answered(client, text) -> None:
    assert client.get("/status", query_string={"tiket": text}).status_code in (200, 302, 400)


DESK_FIELDS = sorted({*FIELD, *OWN_FIELDS, "token", "lang", "act"})


@ANYTHING
@given(st.dictionaries(st.sampled_from(DESK_FIELDS), st.text()), st.sampled_from(["/loket", "/loket/kertas"]))
def test_any_form_at_the_desk_is_recorded_or_shown_again(clerk, changes, path) -> None:
    response = clerk.send(changes.pop("token", None), path, **changes)
    assert response.status_code in (200, 303, 400, 422)


@ANYTHING
@given(st.text(max_size=60))
def test_anything_may_be_looked_for_at_the_desk(clerk, text) -> None:
    assert clerk.client.post("/loket/cari", data={"cari": text}).status_code in (200, 400)


@ANYTHING
@given(st.dictionaries(st.sampled_from([*DESK_FIELDS, "pengguna", "next"]), st.text()))
def test_whatever_is_sent_without_signing_in_leads_to_the_sign_in_page(client, sent) -> None:
    response = client.post("/loket", data=sent)
    assert response.status_code == 401
    assert 'name="sandi"' in response.text
