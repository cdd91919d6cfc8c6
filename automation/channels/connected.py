"""The channels of an office put together: what reads, what decides, what answers, and the tabs where staff do."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from automation.channels.conversations import Conversations
from automation.channels.deeds import Deeds
from automation.channels.delivered_edits import heed_hint, keep_edit
from automation.channels.google_forms import handle as handle_form
from automation.channels.inbound import email, meta, telegram
from automation.channels.inbound.email_parts import part
from automation.channels.inbound.media import Failed, Servers, fetch
from automation.channels.inbox import Handler, Inbox, Reader
from automation.channels.incoming_tray import IncomingTray
from automation.channels.mailbox import READ_EVERY_SECONDS, MailReading, imap_account
from automation.channels.message_files import Found, MessageFilesFetched, Missing
from automation.channels.outbound.answers import Send, senders
from automation.channels.outbound.mail import mail_sender
from automation.channels.outbound.mail_account import mail_account
from automation.channels.outgoing_tray import OutgoingTray
from automation.configuration.in_force import Configuration
from automation.job_health import watched
from automation.reminders.reporter_delivery import ReporterDelivery
from automation.sync.trays import Tray
from automation.worker import Clock, Job
from forms.attachments import checking
from forms.attachments.scanning import Scanner
from register.attachments import Attachments
from register.complaint import Channel
from register.inbound import Delivery, Message, Source, Update
from register.message_files import WantedFile
from register.settings import Settings
from register.store import Store

READ_EVERY = 1
ANSWERED_EVERY = 2
ERASED_EVERY = 3600


@dataclass(frozen=True)
class Channels:
    """
    See the module.

    Args:
        scanner: Looks for viruses in what came with messages; None where the office has none.
        rules: The configuration in force.
        holder: Names this program to the leases; the same after a restart with the same data folder.
        clock: Gives the present after each message, which may have taken a while.
    """

    store: Store
    attachments: Attachments
    settings: Settings
    rules: Callable[[datetime], Configuration]
    holder: str
    clock: Clock
    scanner: Scanner | None = None

    def threads(self) -> tuple[Sequence[Job], ...]:
        """Jobs that go one after another; what one of these waits for holds up none of the others."""
        inbox = Inbox(self.store, self._readers(), self._handlers())
        deciding = Conversations(self.store, self._deeds(), rules=self.rules, holder=self.holder)
        files = MessageFilesFetched(
            self.store,
            self.attachments,
            self._fetch,
            checking.check,
            self._deeds(),
            scanner=self.scanner,
            rules=self.rules,
            holder=self.holder,
        )
        read = (
            Job("inbox", READ_EVERY, inbox),
            Job("converse", READ_EVERY, deciding),
            Job("erase_deliveries", ERASED_EVERY, self.store.erase_deliveries),
        )
        groups = [read, (Job("message_files", ANSWERED_EVERY, files),), self._answering()]
        if self.settings.imap:
            groups.append((Job("read_mail", READ_EVERY_SECONDS, MailReading(self.store, self.settings.imap)),))
        return tuple(tuple(watched(self.store, job) for job in jobs) for jobs in groups)

    def trays(self) -> Sequence[Tray]:
        """`Kotak Masuk` and `Pesan Keluar`."""
        outgoing = OutgoingTray(self.store, public_url=self.settings.public_url, rules=self.rules)
        return (IncomingTray(self.store, self._deeds()), outgoing)

    def senders(self) -> Mapping[Channel, Send]:
        """By channel; one that the office has not set up has none."""
        found = dict(
            senders(
                graph_url=self.settings.graph_url,
                telegram_url=self.settings.telegram_url,
                whatsapp_token=self.settings.whatsapp_token,
                facebook_token=self.settings.facebook_token,
                instagram_token=self.settings.instagram_token,
                telegram_token=self.settings.telegram_token,
            )
        )
        return found | ({Channel.EMAIL: mail_sender(self.settings.mailbox)} if self.settings.mailbox else {})

    def _answering(self) -> Sequence[Job]:
        deliver = ReporterDelivery(
            self.store,
            self.senders(),
            self.store,
            public_url=self.settings.public_url,
            holder=self.holder,
            clock=self.clock,
            rules=self.rules,
        )
        return (Job("write_to_reporters", ANSWERED_EVERY, deliver),)

    def _deeds(self) -> Deeds:
        return Deeds(self.store, self.attachments)

    # -- what is delivered ----------------------------------------------------------------------------------------

    def _readers(self) -> Mapping[Source, Reader]:
        ours = self._own_address()

        def of_meta(delivery: Delivery) -> tuple[Update, ...]:
            """An app has one address for all products, and the office may have given it either of ours."""
            return meta.read(delivery.body, received_at=delivery.received_at)

        return {
            Source.WHATSAPP: of_meta,
            Source.META: of_meta,
            Source.TELEGRAM: lambda delivery: telegram.read(delivery.body, received_at=delivery.received_at),
            Source.EMAIL: lambda delivery: email.read(delivery.body, received_at=delivery.received_at, ours=ours),
        }

    def _handlers(self) -> Mapping[Source, Handler]:
        return {
            Source.GOOGLE_FORMS: self._take_form,
            Source.SHEET_EDITS: partial(keep_edit, self.store),
            Source.DRIVE: partial(heed_hint, self.store),
        }

    def _take_form(self, delivery: Delivery, now: datetime) -> str | Message:
        code, message = handle_form(self.store, delivery, now)
        return message or code

    def _own_address(self) -> str:
        """By which our own mails are known, so that none of them is answered."""
        if self.settings.mailbox:
            with suppress(ValueError):  # it names no sender, so nothing is sent by it either
                return mail_account(self.settings.mailbox).sender
        return imap_account(self.settings.imap).address if self.settings.imap else ""

    def _fetch(self, wanted: WantedFile) -> Found | Missing:
        if wanted.channel is Channel.EMAIL:
            return self._part(wanted)
        servers = Servers(
            graph_url=self.settings.graph_url,
            telegram_url=self.settings.telegram_url,
            whatsapp_token=self.settings.whatsapp_token,
            telegram_token=self.settings.telegram_token,
        )
        found = fetch(wanted.media, wanted.channel, wanted.account, servers=servers)
        if isinstance(found, Failed):
            return Missing(found.reason.value, found.again)
        return Found(found.content, found.name)

    def _part(self, wanted: WantedFile) -> Found | Missing:
        """A mail brings its files along, so they are in what was delivered."""
        body = self.store.delivered(wanted.delivery)
        if body is None:
            return Missing("gone", again=False)
        name, content = part(body, wanted.media.id)
        return Found(content, name)
