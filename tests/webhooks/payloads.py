"""The sample payloads, by what delivers them; how each is signed, and each with one of its fields missing."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from register.inbound import Source
from webhooks import InboundSecrets, signatures
from webhooks.inbound import GATES

FOLDER = Path(__file__).parents[1] / "payloads"
SOURCES: Mapping[str, Source] = {
    "whatsapp_text": Source.WHATSAPP,
    "whatsapp_text_no_phone": Source.WHATSAPP,
    "whatsapp_image": Source.WHATSAPP,
    "whatsapp_document": Source.WHATSAPP,
    "whatsapp_status": Source.WHATSAPP,
    "facebook_comment": Source.META,
    "messenger_text": Source.META,
    "instagram_comment": Source.META,
    "instagram_dm": Source.META,
    "telegram_text": Source.TELEGRAM,
    "telegram_photo": Source.TELEGRAM,
    "google_form_submit": Source.GOOGLE_FORMS,
    "sheet_edit": Source.SHEET_EDITS,
    "drive_push_headers sync": Source.DRIVE,
    "drive_push_headers update": Source.DRIVE,
}
"""By file, and for the file of headers by the request in it."""
SECRETS = InboundSecrets(
    meta=("rahasia-aplikasi-yang-lama", "rahasia-aplikasi"),
    meta_verify_token="kata kunci",
    telegram=("rahasia_bot-1",),
    scripts=("rahasia-skrip-yang-cukup-panjang-untuk-ini",),
    drive=("rahasia-contoh",),
)
WRONG = "bukan rahasia yang sebenarnya"


@dataclass(frozen=True)
class Delivery:
    """One request as its channel makes it."""

    source: Source
    body: bytes
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return f"/webhooks/{self.source}"

    @property
    def header(self) -> str:
        return GATES[self.source].header

    def signed(self, secret: str = "") -> "Delivery":
        """With the right signature, or with that of another secret."""
        secret = secret or GATES[self.source].secrets(SECRETS)[-1]
        token = GATES[self.source].judge is signatures.by_token
        return self.saying(secret if token else signatures.signature(self.body, secret))

    def saying(self, signature: str) -> "Delivery":
        return replace(self, headers={**self.headers, self.header: signature})

    def unsigned(self) -> "Delivery":
        return replace(self, headers={name: text for name, text in self.headers.items() if name != self.header})


def delivery(name: str) -> Delivery:
    """A sample, rightly signed."""
    file, _, request = name.partition(" ")
    text = (FOLDER / f"{file}.json").read_text("utf-8")
    if request:
        headers = {key: value for key, value in json.loads(text)[request].items() if key.startswith("X-Goog-")}
        return Delivery(SOURCES[name], b"", headers)
    return of(SOURCES[name], json.loads(text))


def of(source: Source, loaded: Any) -> Delivery:
    """A body of somebody's own, rightly signed; escaped as Meta does."""
    return Delivery(source, json.dumps(loaded).encode(), {"Content-Type": "application/json"}).signed()


def with_one_missing(name: str) -> Iterator[tuple[str, Delivery]]:
    """The sample without each of its fields in turn, at every depth, rightly signed; by the path of what is missing."""
    whole = delivery(name)
    if not whole.body:
        for header in whole.headers:
            rest = {key: value for key, value in whole.headers.items() if key != header}
            yield header, replace(whole, headers=rest)
        return
    loaded = json.loads(whole.body)
    for path in _paths(loaded):
        rest = copy.deepcopy(loaded)
        holder = rest
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        yield ".".join(map(str, path)), of(whole.source, rest)


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield (*above, key)
        yield from _paths(below, (*above, key))
