"""Somebody who fills in the citizen form page by page, as a browser without JavaScript would."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms.steps import way

STORY = "Bantuan sembako belum kami terima selama tiga bulan."
ANSWERS = {
    "kejadian": {"description": STORY},
    "tempat": {"district": "Loa Kulu", "village": "rempanga", "incident_date": "2026-11-01"},
    "pelapor": {"identity": "confidential", "name": "Ibu Contoh", "phone": "0812-0000-0000"},
    "bukti": {},
}
WRONG = {
    "kejadian": ({"description": "x"}, "description"),
    "tempat": ({"village": "Rempangga"}, "village"),
    "pelapor": ({"identity": "open", "name": "Ibu Contoh", "phone": "123"}, "phone"),
}
RIGHT = {name: {**ANSWERS[name]} for name in WRONG}


class Form(HTMLParser):
    """The main form of a page, with what a browser would send of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.values, self._inside, self._text = "", {}, False, ""
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, kind = found.get("name") or "", found.get("type") or "text"
        if tag == "form" and found.get("id") == "complaint":
            self._inside, self.action = True, found["action"] or ""
        elif not self._inside:
            return
        elif tag == "input" and (kind not in ("radio", "checkbox") or "checked" in found):
            self.values[name] = found.get("value") or ""
        elif tag == "textarea":
            self._text = name
            self.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in found:
            self.values[self._select] = found.get("value") or ""
            self._text = "" if "value" in found else self._select

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag in ("textarea", "option"):
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data.removeprefix("\n")


@dataclass
class Walker:
    """Somebody who fills in what a page asks and presses its buttons; `page` is what they see."""

    client: FlaskClient
    page: TestResponse = field(init=False)

    def open(self, path: str = "/") -> "Walker":
        self.page = self.client.get(path, follow_redirects=True)
        return self

    def press(self, *, to: str = "", **typed: str) -> "Walker":
        """The main button, or with `to` the address that another button sends the form to."""
        form = Form(self.page.text)
        sent = form.values | typed
        self.page = self.client.post(to or form.action, data=sent, follow_redirects=True)
        return self

    def walk(self, until: str = "periksa", **changes: dict[str, str]) -> "Walker":
        """From the first page through all steps before `until`."""
        self.open()
        for name, answers in {name: ANSWERS[name] | changes.get(name, {}) for name in ANSWERS}.items():
            if name == until:
                break
            if name == "bukti" and "Langkah 4 dari 5" not in self.page.text:
                continue
            self.press(**answers)
            assert self.page.status_code == 200, self.page.text
        return self

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.page.text)
        return unescape(found[1]) if found else ""

    @property
    def values(self) -> dict[str, str]:
        return Form(self.page.text).values

    @property
    def ticket(self) -> str:
        return self.page.request.path.split("/")[2]


HEADING = {step.name: step.title for step in way(evidence=True).steps}
"""Of each step, by its name."""
