"""
Clients from PyPI, unchanged, against a live server.

`georeport` reads only, in both formats. `three`, the Python client that files, is Python 2 (`itertools.ifilter`), so
its POST is sent here as it sends it: a form with all parameters in it, the key among them.
"""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from georeport import GeoReport
from werkzeug.serving import make_server

KEY = "kunci-untuk-uji"


@pytest.fixture
def live(build) -> Iterator[str]:
    """Where the application answers over HTTP."""
    server = make_server("127.0.0.1", 0, build(open311_keys=[KEY]), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/open311/v2"
    server.shutdown()


def post_like_three(endpoint: str, service_code: str, **said: str) -> Any:
    """`Three(endpoint, api_key=KEY).post(service_code, **said)` of three 0.8.0."""
    data = {**said, "service_code": service_code, "api_key": KEY}
    data["address_string"] = data.pop("address")
    data["first_name"], data["last_name"] = data.pop("name").split(" ")
    return requests.Session().post(f"{endpoint}/requests.json", data=data, files=None, timeout=30).json()


@pytest.mark.parametrize("output_format", ["json", "xml"])
def test_georeport_reads_what_was_filed(live: str, store, output_format: str) -> None:
    (receipt,) = post_like_three(
        live,
        "SEMBAKO",
        address="Jalan Contoh 1",
        name="Ibu Contoh",
        phone="0812-0000-0000",
        description="Bantuan sembako belum kami terima.",
    )
    ticket = receipt["service_request_id"]
    assert store.intake(ticket).name == "Ibu Contoh"

    client = GeoReport(live, jurisdiction="dinsos.kukarkab.go.id", output_format=output_format)
    services = client.get_service_list()
    assert "SEMBAKO" in [service["service_code"] for service in services]
    definition = client.get_service_definition("SEMBAKO")
    assert definition["service_code"] == "SEMBAKO"
    request = client.get_service_request(ticket)
    assert (request["service_request_id"], request["status"]) == (ticket, "open")
    found = client.get_service_requests(service_request_id=ticket)
    assert request in (found if output_format == "json" else [found])  # of one item it makes no list
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request("AAAA-AAAA-A")
