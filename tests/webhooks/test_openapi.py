import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from forms.fields import FIELDS
from register.complaint import Status
from tests.builders import some_data


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_description_is_openapi(client, language) -> None:
    document = client.get("/api/v1/openapi.json", headers={"Accept-Language": language}).json
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_field_and_status_is_described(client) -> None:
    schemas = client.get("/api/v1/openapi.json").json["components"]["schemas"]
    assert list(schemas["Complaint"]["properties"]) == [*sorted(field.name for field in FIELDS)]
    assert set(schemas["Status"]["properties"]["status"]["enum"]) == set(Status)


def test_every_api_route_is_described(client) -> None:
    described = {
        (path, method.upper())
        for path, methods in client.get("/api/v1/openapi.json").json["paths"].items()
        for method in methods
    }
    served = {
        (rule.rule.replace("<", "{").replace(">", "}"), method)
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/") and not rule.rule.endswith("openapi.json")
    }
    assert described == served


def test_answers_are_as_described(client) -> None:
    schemas = client.get("/api/v1/openapi.json").json["components"]["schemas"]
    root = {"$defs": schemas}

    def fits(name: str, body: object) -> bool:
        text = json.dumps(root | {"$ref": f"#/$defs/{name}"}).replace("#/components/schemas/", "#/$defs/")
        return Draft202012Validator(json.loads(text)).is_valid(body)

    accepted = client.post("/api/v1/complaints", json=some_data()).json
    assert fits("Accepted", accepted)
    assert fits("Status", client.get(f"/api/v1/complaints/{accepted['ticket']}").json)
    assert fits("Problem", client.post("/api/v1/complaints", json={}).json)
    assert not fits("Status", accepted)
