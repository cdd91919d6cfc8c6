"""
Sending on Facebook and Instagram: a public reply to a comment, its one private reply, and a direct message.

Sources: https://developers.facebook.com/docs/messenger-platform/reference/send-api;
…/business-messaging/messenger-platform/discovery/private-replies; …/instagram-messaging/features/private-replies;
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies;
https://developers.facebook.com/documentation/pages-api/comments-mentions.
"""

from collections.abc import Mapping
from typing import Any

from automation.channels.outbound.graph import Accepted, Graph
from automation.channels.outbound.post import Post
from automation.channels.outcome import Outcome
from automation.channels.rules import Way
from register.complaint import Channel

_REPLIES = {Channel.FACEBOOK: "comments", Channel.INSTAGRAM: "replies"}
"""The edge of a comment that takes replies: Instagram names it otherwise than Facebook."""


def send(graph: Graph, post: Post) -> Outcome:
    """Send one text; the proof is the message's or the comment's id, the person whom a private message reached."""
    if post.way is Way.PUBLIC:
        return graph.post(post.to.comment, _REPLIES[graph.channel], {"message": post.text}, _commented)
    return graph.post(_sender(graph, post), "messages", _message(graph, post), _messaged)


def _message(graph: Graph, post: Post) -> Mapping[str, Any]:
    """As in Meta's samples: only a direct message on Facebook names what sort it is."""
    if post.way is Way.PRIVATE:
        return {"recipient": {"comment_id": post.to.comment}, "message": {"text": post.text}}
    said = {"recipient": {"id": post.to.person}, "message": {"text": post.text}}
    return {**said, "messaging_type": "RESPONSE"} if graph.channel is Channel.FACEBOOK else said


def _sender(graph: Graph, post: Post) -> str:
    """
    A Page sends by its id. An Instagram account's id is not that of the Page whose token it uses, so there the token
    itself says who sends; Meta's own samples do so.
    """
    return "me" if graph.channel is Channel.INSTAGRAM else post.to.account


def _commented(said: Mapping[str, Any]) -> Accepted:
    """`{"id"}`: the new comment."""
    return Accepted(str(said["id"]))


def _messaged(said: Mapping[str, Any]) -> Accepted:
    """`{"recipient_id", "message_id"}`; the recipient is the person behind a comment."""
    return Accepted(str(said["message_id"]), str(said.get("recipient_id", "")))
