"""What staff do in the register is told to the reporter: queued by the tick that takes it over, and once."""

from datetime import timedelta

from automation.channels.outgoing_tray import OutgoingTray
from automation.reminders.delivery import remembered_rules
from automation.reminders.reporter_delivery import ReporterDelivery
from register.complaint import Channel
from register.reporter_messages import MessageKind
from tests.automation.reminders.reporter_office import Server
from tests.office import Office


def test_a_reply_that_staff_send_reaches_the_address_of_a_web_complaint_once(office: Office) -> None:
    told, silent = office.file(email="ibu@contoh.id"), office.file(email="")
    office.tick(2)
    for complaint in (told, silent):
        office.type(complaint.ticket, reply="Bantuan sudah cair.", send_reply=True)
    office.tick(3)
    server, rules = Server(), remembered_rules(office.store)
    deliver = ReporterDelivery(
        office.store,
        {Channel.EMAIL: server},
        office.store,
        public_url="",
        holder="uji",
        clock=lambda: office.now,
        rules=rules,
    )
    assert deliver(office.now) == 1
    assert deliver(office.now + timedelta(days=1)) == 0
    ((address, _, text),) = server.got
    assert address == "ibu@contoh.id"
    assert f"{told.ticket} telah ditindaklanjuti: Bantuan sudah cair." in text
    assert OutgoingTray(office.store, public_url="", rules=rules).rows(office.now) == {}
    rungs = [event.data.get("rung") for event in office.store.events(told.ticket)]
    assert MessageKind.ANSWER in rungs
