"""
Which complaints somebody of the staff may open.

Nobody below the roles of ADUAN_RESTRICTED_ROLES is told of a restricted complaint, or who a confidential reporter is:
the colleague who is complained about stands at the desk too (Perpres 76/2013: protection from retaliation). Whoever
recorded one knows it already, and may open it for the rest of the day, to print what the reporter signs.
"""

from datetime import timedelta

from register.complaint import Complaint, Identity
from webhooks.context import here
from webhooks.staff import signed_in

RECENTLY = timedelta(hours=12)


def may_open(complaint: Complaint) -> bool:
    """Whether whoever asks may know who the reporter is and what it is about."""
    hidden = complaint.maybe_restricted or complaint.identity is Identity.CONFIDENTIAL
    member = signed_in()
    return member is not None and (member.opens or not hidden or recorded_by(complaint))


def may_see(complaint: Complaint) -> bool:
    """Whether whoever asks, and knows its ticket or number, may see how it stands."""
    return not complaint.maybe_restricted or may_open(complaint)


def recorded_by(complaint: Complaint) -> bool:
    """Whether whoever asks recorded it themselves a little while ago."""
    member = signed_in()
    if member is None or here().clock() - complaint.recorded_at > RECENTLY:
        return False
    events = here().store.events(complaint.ticket, opened=False)
    return bool(events) and events[0].actor == member.actor
