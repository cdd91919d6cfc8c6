"""One spreadsheet, and short ways to ask it for something."""

from dataclasses import dataclass
from typing import Any

import pytest

from localsheets import Identity
from localsheets.api.messages import snake
from localsheets.model.a1 import parse_cells
from localsheets.model.box import box_to_json

OWNER = Identity("owner@kantor.test", "Pemilik")
Json = dict[str, Any]


@dataclass
class Api:
    """The API of one spreadsheet, as its owner (or somebody else) uses it."""

    server: Any
    book_id: str

    def call(self, method: str, path: str, *, token: str = "owner-token", **kwargs: Any) -> Any:
        return self.server.call(method, f"/v4/spreadsheets/{self.book_id}{path}", token=token, **kwargs)

    def post(self, *requests: Json, **kwargs: Any) -> Any:
        return self.call("POST", ":batchUpdate", json={"requests": list(requests)}, **kwargs)

    def reply(self, kind: str, body: Json, **kwargs: Any) -> Json:
        """What a request answers; it must be done."""
        answer = self.post({kind: body}, **kwargs)
        assert answer.status_code == 200, answer.text
        (reply,) = answer.json()["replies"]
        assert set(reply) <= {kind}
        return reply.get(kind, reply)

    def refused(self, kind: str, body: Json, **kwargs: Any) -> str:
        """Why a request is refused; nothing may have changed."""
        before = self.revision()
        answer = self.post({kind: body}, **kwargs)
        assert answer.status_code in {400, 501}, answer.text
        message = str(answer.json()["error"]["message"])
        assert message.startswith((f"Invalid requests[0].{kind}: ", f"Invalid value at 'requests[0].{snake(kind)}"))
        assert self.revision() == before
        return message.removeprefix(f"Invalid requests[0].{kind}: ")

    def revision(self) -> int:
        """It grows with every change."""
        return int(self.server.app.extensions["localsheets"].read(self.book_id, OWNER).revision)

    def get(self, fields: str = "") -> Json:
        return self.call("GET", f"?fields={fields}" if fields else "?includeGridData=true").json()

    def sheet(self, index: int = 0) -> Json:
        """A sheet with everything but its cells."""
        return self.call("GET", "").json()["sheets"][index]

    def cells(self, text: str, field: str) -> list[list[Any]]:
        """One field of the cells of a range."""
        found = self.call("GET", "", params={"ranges": text, "includeGridData": "true"}).json()
        rows = found["sheets"][0]["data"][0].get("rowData", [])
        return [[cell.get(field) for cell in row.get("values", [])] for row in rows]

    def values(self, text: str = "Sheet1", render: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
        found = self.call("GET", f"/values/{text}", params={"valueRenderOption": render}).json()
        return found.get("values", [])

    def write(self, rows: list[list[Any]], at: str = "A1", option: str = "USER_ENTERED") -> None:
        answer = self.call("PUT", f"/values/{at}", params={"valueInputOption": option}, json={"values": rows})
        assert answer.status_code == 200, answer.text


def a_range(a1: str) -> Json:
    """A `GridRange` on the first sheet."""
    box = parse_cells(a1)
    assert box is not None
    return box_to_json(box, 0)


def lines(axis: str, start: int, end: int) -> Json:
    """A `DimensionRange` on the first sheet."""
    return {"dimension": axis, "startIndex": start, "endIndex": end}


@pytest.fixture
def api(server: Any, book: Any) -> Api:
    return Api(server, book.id)
