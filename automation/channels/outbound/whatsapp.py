"""
Sending by WhatsApp's Cloud API: free text inside the window, an approved template outside it.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/; `recipient` for people who
hide their number, …/whatsapp/business-scoped-user-ids, as pywa 4.5.0 (api.py, `send_message`) sends it too.
"""

import re
from collections.abc import Mapping
from typing import Any

from automation.channels.outbound.graph import Accepted, Graph
from automation.channels.outbound.post import Post
from automation.channels.outcome import Outcome
from automation.channels.rules import Way

LANGUAGE = "id"
"""Of the templates that the office has approved."""
_SCOPED_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]+")
"""A business-scoped user id: country, perhaps that of a parent portfolio, and letters or digits."""


def send(graph: Graph, post: Post) -> Outcome:
    """Send one text or template; the proof is the message's wamid."""
    said = _template(post) if post.way is Way.TEMPLATE else {"type": "text", "text": {"body": post.text}}
    content = {"messaging_product": "whatsapp", "recipient_type": "individual", **_recipient(post.to.person), **said}
    return graph.post(post.to.account, "messages", content, _accepted)


def _recipient(person: str) -> Mapping[str, str]:
    return {"recipient": person} if _SCOPED_ID.fullmatch(person) else {"to": person}


def _template(post: Post) -> Mapping[str, Any]:
    template: dict[str, Any] = {"name": post.template, "language": {"code": LANGUAGE}}
    if post.values:
        template["components"] = [{"type": "body", "parameters": [_parameter(value) for value in post.values]}]
    return {"type": "template", "template": template}


def _parameter(value: str) -> Mapping[str, str]:
    """A parameter may hold neither line ends nor tabs nor runs of blanks, and may not be empty (132012, 131008)."""
    return {"type": "text", "text": " ".join(value.split()) or "-"}


def _accepted(said: Mapping[str, Any]) -> Accepted:
    """`{"contacts": [{"input", "wa_id"}], "messages": [{"id"}]}`; who it reached was known before."""
    return Accepted(str(said["messages"][0]["id"]))
