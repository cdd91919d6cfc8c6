"""
What Open311 clients see: services, their questions, and where requests stand. No word that a reporter wrote.

The names are the specification's (wiki.open311.org/GeoReport_v2). A category is told only once it is known not to be a
restricted one, which the worker decides within seconds of filing.
"""

from collections.abc import Sequence
from datetime import datetime

from forms.categories import Category, categories
from forms.fields import FIELD
from forms.open311 import ATTRIBUTES, Attribute
from forms.wording import marked
from register.complaint import WITA, Complaint
from webhooks.language import gettext, language
from webhooks.open311_shape import Document
from webhooks.settings import WebSettings

CHANGESET = "2026-11-28 00:00"
"""When services or their questions last changed; to be renewed with them."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_KEY_NEEDED = marked("Mintalah kunci API kepada kantor kami.")
_NO_KEY = marked("Tidak perlu kunci API.")
_GROUP = marked("Pelayanan sosial")


def discovery(settings: WebSettings, url: str) -> Document:
    """What this endpoint speaks, and whom to ask. Source: wiki.open311.org/Service_Discovery."""
    office = settings.office
    return {
        "changeset": CHANGESET,
        "contact": f"{office.name}, {office.address}, {office.phone}, {office.email}",
        "key_service": gettext(_KEY_NEEDED if settings.open311_keys else _NO_KEY),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": CHANGESET,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def services() -> Document:
    """Every category as a service."""
    return [
        {
            "service_code": category.code,
            "service_name": category.label_in(language()),
            "description": category.label_in(language()),
            "metadata": True,
            "type": "realtime",
            "keywords": category.code.lower(),
            "group": gettext(_GROUP),
        }
        for category in categories()
    ]


def definition(category: Category) -> Document:
    """What a service asks beyond what every request has."""
    return {
        "service_code": category.code,
        "attributes": [_question(attribute, order) for order, attribute in enumerate(ATTRIBUTES, start=1)],
    }


def _question(attribute: Attribute, order: int) -> dict[str, object]:
    field = FIELD[attribute.code]
    return {
        "variable": True,
        "code": attribute.code,
        "datatype": attribute.datatype,
        "required": False,
        "datatype_description": gettext(field.help) if field.help else None,
        "order": order,
        "description": gettext(field.label),
        "values": [{"key": key, "name": gettext(name)} for key, name in attribute.choices()],
    }


def entry(complaint: Complaint, settings: WebSettings, reply: str = "") -> dict[str, object]:
    """
    Where a request stands.

    Args:
        reply: The office's published answer, for whoever named the ticket.
    """
    code = shown_category(complaint)
    name = next((category.label_in(language()) for category in categories() if category.code == code), None)
    bidang = settings.bidang_name(complaint.bidang) if code and complaint.bidang else ""
    expected = complaint.due_at if complaint.unanswered else None
    return {
        "service_request_id": complaint.ticket,
        "status": "closed" if complaint.closed else "open",
        "status_notes": "\n\n".join(filter(None, (gettext(complaint.status_label), reply))),
        "service_name": name,
        "service_code": code,
        "description": None,
        "agency_responsible": ", ".join(filter(None, (bidang, settings.office.name))),
        "service_notice": gettext(settings.stage_label(complaint)),
        "requested_datetime": w3c(complaint.received_at),
        "updated_datetime": w3c(complaint.updated_at),
        "expected_datetime": w3c(expected) if expected else None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def shown_category(complaint: Complaint) -> str:
    """The category's code; empty as long as the complaint may be a restricted one."""
    known = complaint.step_begun_at is not None and not complaint.restricted
    return complaint.category if known else ""


def wanted(found: Sequence[Complaint], codes: set[str], statuses: set[str]) -> list[Complaint]:
    """Those of some services and statuses; of all where none is named."""
    return [
        complaint
        for complaint in found
        if (not codes or shown_category(complaint) in codes)
        and (not statuses or ("closed" if complaint.closed else "open") in statuses)
    ]


def w3c(at: datetime) -> str:
    """An instant with its offset, to the second (W3C date and time formats)."""
    return at.astimezone(WITA).isoformat(timespec="seconds")
