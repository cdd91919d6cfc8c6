"""With quotas switched on, who asks too often is told so in Google's words; from the next minute on it works again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gspread
import pytest

from localsheets import Quotas
from tests.localsheets.conftest import Running, served

ROOT = "/v4/spreadsheets"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(tmp_path: Path, clock: Clock) -> Iterator[Running]:
    with served(tmp_path, quotas=Quotas(), clock=clock) as running:
        yield running


def test_the_61st_request_of_a_minute_is_429_and_the_next_minute_is_free(limited, clock):
    book = limited.gspread().create("Register")
    path = f"{ROOT}/{book.id}"
    cell = {"values": [["x"]]}
    write = f"{path}/values/A1?valueInputOption=RAW"
    codes = [limited.call("PUT", write, json=cell).status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]
    assert limited.call("PUT", write, json=cell, token="clerk-token").status_code == 403, "somebody else's minute"
    clock.now += timedelta(seconds=29)
    assert limited.call("PUT", write, json=cell).status_code == 429
    assert limited.call("GET", path).status_code == 200, "reads are counted apart"
    clock.now += timedelta(seconds=1)
    assert limited.call("PUT", write, json=cell).status_code == 200


def test_the_answer_is_googles(limited):
    for _ in range(60):
        limited.call("GET", f"{ROOT}/none")
    answer = limited.call("GET", f"{ROOT}/none")
    error = answer.json()["error"]
    assert answer.status_code == error["code"] == 429
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["message"] == (
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user'"
        " of service 'sheets.googleapis.com' for consumer 'project_number:123456789012'."
    )
    info = error["details"][0]
    assert (info["@type"], info["reason"]) == ("type.googleapis.com/google.rpc.ErrorInfo", "RATE_LIMIT_EXCEEDED")
    assert info["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    assert info["metadata"]["quota_limit_value"] == "60"


def test_a_project_has_a_limit_of_its_own(tmp_path, clock):
    with served(tmp_path, quotas=Quotas(per_minute=5, per_minute_per_user=3), clock=clock) as running:
        codes = {
            token: [running.call("GET", f"{ROOT}/none", token=f"{token}-token").status_code for _ in range(4)]
            for token in ("owner", "clerk")
        }
        assert codes == {"owner": [404, 404, 404, 429], "clerk": [404, 404, 429, 429]}
        message = running.call("GET", f"{ROOT}/none", token="stranger-token").json()["error"]["message"]
        assert "limit 'Read requests per minute' of" in message


@pytest.mark.parametrize(
    ("method", "path", "is_read"),
    [
        ("GET", "values/A1", True),
        ("GET", "values:batchGet?ranges=A1", True),
        ("POST", ":getByDataFilter", True),
        ("POST", "values:batchGetByDataFilter", True),
        ("POST", "developerMetadata:search", True),
        ("POST", ":batchUpdate", False),
        ("POST", "values/A1:append", False),
        ("POST", "values:batchUpdateByDataFilter", False),
    ],
)
def test_what_counts_as_reading(tmp_path, clock, method, path, is_read):
    with served(tmp_path, quotas=Quotas(per_minute_per_user=1), clock=clock) as running:
        full = f"{ROOT}/none{path if path.startswith(':') else '/' + path}"
        running.call(method, full, json={})
        message = running.call(method, full, json={}).json()["error"]["message"]
        assert f"'{'Read' if is_read else 'Write'} requests'" in message


def test_drive_and_the_grid_are_not_limited(limited):
    assert {limited.call("GET", "/drive/v3/files").status_code for _ in range(70)} == {200}
    assert limited.call("GET", "/healthz").status_code == 200


def test_gspread_knows_it_for_a_quota_error(limited):
    sheet = limited.gspread().create("Register").sheet1
    with pytest.raises(gspread.exceptions.APIError) as caught:  # noqa: PT012
        for _ in range(70):
            sheet.acell("A1")
    assert caught.value.code == 429


def test_nobody_is_limited_by_default(server):
    assert {server.call("GET", f"{ROOT}/none").status_code for _ in range(80)} == {404}
