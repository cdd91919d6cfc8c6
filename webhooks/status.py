"""Looking a complaint up by its ticket."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.plain_text import showable
from register.errors import InvalidTicketError
from register.tickets import parse_ticket
from webhooks.language import gettext
from webhooks.public_view import public_view

blueprint = Blueprint("status", __name__)
_TYPED_SHOWN = 40


@blueprint.get("/status")
def look_up() -> ResponseReturnValue:
    """A field for the ticket; what was typed leads to the ticket's own page, or is shown again with what is wrong."""
    typed = request.args.get("tiket", "")
    if not typed.strip():
        return render_template("look_up.html", typed="", problem="")
    try:
        ticket = parse_ticket(typed)
    except InvalidTicketError as error:
        page = render_template("look_up.html", typed=showable(typed)[:_TYPED_SHOWN], problem=gettext(error.message))
        return page, 400
    return redirect(url_for("status.show", ticket=ticket))


@blueprint.get("/status/<ticket>")
def show(ticket: str) -> ResponseReturnValue:
    """Where the complaint stands. Another spelling of the ticket is redirected to its shown form."""
    canonical = parse_ticket(ticket)
    if ticket != canonical:
        return redirect(url_for("status.show", ticket=canonical))
    return render_template("status.html", view=public_view(canonical))
