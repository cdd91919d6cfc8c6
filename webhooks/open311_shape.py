"""
Answers in the shape of Open311: one document as JSON or as XML, by the end of the path, and errors likewise.

JSON follows from the XML by the Spark convention: a list's items have no name there. Source: wiki.open311.org,
GeoReport_v2 (Format Support, Errors) and JSON_and_XML_Conversion.
"""

import json
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from flask import Response, request

from forms.plain_text import showable

ROOT = "/open311/"
_ITEMS: Mapping[str, str] = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "service_requests": "request",
    "errors": "error",
}
"""What an item of a list is called in XML."""
_HTTP_STATUSES = frozenset({400, 403, 404, 413, 429})
"""Those of clients' errors that are answered as they are: the specification's, and where a client can do something."""
Document = Mapping[str, object] | Sequence[object]


def shaped(root: str, document: Document, status: int = 200) -> Response:
    """A document in the form that the running request's path asks for; XML, which everybody speaks, if it says none."""
    if request.path.endswith(".json"):
        return Response(
            json.dumps(document, ensure_ascii=False), status, content_type="application/json; charset=utf-8"
        )
    return Response(as_xml(root, document), status, content_type="text/xml; charset=utf-8")


def refuse(status: int, descriptions: Sequence[str]) -> Response:
    """
    Errors, each with a sentence for the user. `code` is the reason's own number even where HTTP's is 400.

    Source: GeoReport_v2, Errors: 404 for what is not there, 403 for keys, "basically 400 for any other error".
    """
    errors = [{"code": status, "description": description} for description in descriptions]
    return shaped("errors", errors, status if status in _HTTP_STATUSES or status >= 500 else 400)


def as_xml(root: str, document: Document) -> bytes:
    """The document with its declaration, encoded."""
    text = ET.tostring(_element(root, document), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def _element(name: str, value: object) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, inner) for key, inner in value.items())
    elif isinstance(value, list | tuple):
        element.extend(_element(_ITEMS[name], inner) for inner in value)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = showable(str(value))
    return element
