def test_the_process_is_live(client) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_readiness_tells_the_age_of_the_register(build) -> None:
    client = build(notices=lambda: {"register_age_seconds": 3, "problem": ""}).test_client()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json == {"status": "ready", "store": "ok", "register_age_seconds": 3, "problem": ""}


def test_an_unreachable_register_is_told_but_complaints_are_still_taken(build) -> None:
    notices = {"register_age_seconds": None, "problem": "unreachable"}
    response = build(notices=lambda: notices).test_client().get("/readyz")
    assert response.status_code == 200
    assert response.json["problem"] == "unreachable"


def test_without_the_store_the_service_is_not_ready(client, store, tmp_path) -> None:
    store.close()
    for path in tmp_path.glob("aduan.sqlite3*"):
        path.unlink()
    (tmp_path / "aduan.sqlite3").mkdir()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json["store"] == "down"
