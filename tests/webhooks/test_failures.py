"""Whatever goes wrong is answered in the form that was asked for, and gives nothing away."""

import pytest
import sqlalchemy as sa
import structlog

from register import tables
from register.changes import Change
from tests.builders import MOMENT

SECRET = "Ibu Contoh 6402990000000000"


@pytest.fixture
def broken(build):
    """An application with two views that fail while they hold personal data."""

    def fail() -> str:
        raise RuntimeError(SECRET)

    app = build()
    app.add_url_rule("/rusak", view_func=fail, endpoint="rusak")
    app.add_url_rule("/api/v1/rusak", view_func=fail, endpoint="api_rusak")
    return app.test_client()


def test_an_unexpected_error_is_a_page_with_an_id(broken) -> None:
    with structlog.testing.capture_logs() as logs:
        response = broken.get("/rusak")
    assert response.status_code == 500
    assert response.mimetype == "text/html"
    assert logs[0]["error_id"] in response.text
    assert "Traceback" not in response.text
    assert "RuntimeError" not in response.text


def test_an_unexpected_error_of_the_api_is_problem_json(broken, problem_of) -> None:
    with structlog.testing.capture_logs() as logs:
        problem = problem_of(broken.get("/api/v1/rusak"))
    assert problem["status"] == 500
    assert problem["error_id"] == logs[0]["error_id"]


def test_what_only_staff_should_read_is_not_told_to_the_public(client, store, filed) -> None:
    """A key file that does not fit is the office's secret, and the answer is the general one."""
    ticket = filed()
    store.commit([Change(ticket, {"replied_at": MOMENT}, reply="Sudah cair.")])
    with store._writer.begin() as connection:
        connection.execute(sa.update(tables.complaint_keys).values(wrapped_key=b"\0" * 60))
    response = client.get(f"/status/{ticket}")
    assert response.status_code == 500
    assert "kunci" not in response.text


def test_the_log_tells_where_but_not_what_was_typed(broken) -> None:
    with structlog.testing.capture_logs() as logs:
        broken.get("/rusak")
    assert logs[0]["error"] == "RuntimeError"
    assert "test_failures.py" in logs[0]["at"][-1]
    assert SECRET not in repr(logs)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/tidak-ada", 404),
        ("POST", "/", 405),
        ("DELETE", "/status", 405),
        ("GET", "/static/../app.py", 404),
        ("GET", "/status/", 404),
        ("GET", "/pengaduan/x", 404),
    ],
)
def test_pages_for_what_is_not_there(client, method, path, status) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert "<h1>" in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/", 404),
        ("GET", "/api/v1/tidak-ada", 404),
        ("GET", "/api/v1/complaints", 405),
        ("PUT", "/api/v1/complaints/0000-0000-S", 405),
        ("POST", "/healthz", 405),
    ],
)
def test_problems_for_what_is_not_there(client, problem_of, method, path, status) -> None:
    assert problem_of(client.open(path, method=method))["status"] == status


def test_a_wrong_method_names_the_right_ones(client) -> None:
    assert "POST" in client.get("/api/v1/complaints").headers["Allow"]


def test_a_store_that_is_down_is_503(client, store, problem_of) -> None:
    with store._writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE complaints RENAME TO away")
    response = client.get("/api/v1/complaints/0000-0000-S")
    assert problem_of(response)["code"] == "store_unavailable"
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert client.get("/status/0000-0000-S").status_code == 503


STRANGE_HOSTS = ["a b", "[::1", "a:b:c", "x:99999", "<script>", "http://x"]


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_a_strange_host_is_refused_in_its_own_form(client, problem_of, host) -> None:
    for path in ("/", "/register", "/tidak-ada"):
        page = client.get(path, headers={"Host": host})
        assert (page.status_code, page.mimetype) == (400, "text/html")
        assert host not in page.text
    for path in ("/api/v1/openapi.json", "/readyz"):
        assert problem_of(client.get(path, headers={"Host": host}))["status"] == 400


@pytest.mark.parametrize("host", ["", "aduan.test", "aduan.test:8000", "[::1]", "[::1]:8000", "10.0.0.7:80"])
def test_any_other_host_is_answered(client, host) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200
