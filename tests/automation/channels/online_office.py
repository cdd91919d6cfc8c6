"""
An office with its channels, for stories from the first message to the last: the real edge, inbox, conversations,
register, SOP engine and outbox, against local servers that speak the channels' own APIs, and a clock in hand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from automation.channels.connected import Channels
from automation.reminders.delivery import remembered_rules
from automation.story import story
from register.attachments import Attachments
from register.complaint import Channel, Complaint
from register.inbound import Source
from register.settings import load_settings
from tests.automation.channels.servers import GraphServer, Taken, TelegramServer
from tests.office import Office
from tests.webhooks import payloads
from webhooks import WebSettings, create_app

NO_FILE = Path("there-is-none.toml")
QUIET = timedelta(minutes=3)
"""After which what somebody wrote is taken together."""


@dataclass
class OnlineOffice:
    """The office, what came in to it, and what went out."""

    office: Office
    graph: GraphServer
    telegram: TelegramServer
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        store = self.office.store
        settings = load_settings(
            {
                "ADUAN_PUBLIC_URL": "https://aduan.contoh.id",
                "ADUAN_GRAPH_URL": self.graph.url,
                "ADUAN_WHATSAPP_TOKEN": self.graph.tokens[Channel.WHATSAPP],
                "ADUAN_FACEBOOK_TOKEN": self.graph.tokens[Channel.FACEBOOK],
                "ADUAN_INSTAGRAM_TOKEN": self.graph.tokens[Channel.INSTAGRAM],
                "ADUAN_TELEGRAM_URL": self.telegram.url,
                "ADUAN_TELEGRAM_TOKEN": self.telegram.token,
                **self.environment,
            },
            NO_FILE,
        )
        self.channels = Channels(
            store,
            Attachments(store._engine, store._keyring, Path(str(store._engine.url.database)).parent / "lampiran"),
            settings,
            rules=remembered_rules(store),
            holder="uji",
            clock=lambda: self.office.now,
        )
        app = create_app(store, WebSettings(secret_key="uji", inbound=payloads.SECRETS), clock=lambda: self.office.now)
        self.client = app.test_client()
        self.office.trays = self.channels.trays()
        self.office.restart()
        self._jobs = [job for jobs in self.channels.threads() for job in jobs]

    def deliver(self, delivery: payloads.Delivery) -> int:
        """A channel delivers; the status of our answer."""
        answer = self.client.post(delivery.path, data=delivery.body, headers=dict(delivery.headers))
        return answer.status_code

    def hear(self, source: Source, body: Any) -> None:
        """A channel delivers something, rightly signed, and it is worked off once it is quiet."""
        assert self.deliver(payloads.of(source, body)) == 200
        self.work()
        self.work(QUIET)

    def work(self, later: timedelta = timedelta()) -> None:
        """Time passes, and everything that waits is done: read, decided, taken over, told."""
        self.office.now += later
        for _ in range(2):
            for job in self._jobs:
                job.run(self.office.now)
            self.office.tick(2)

    def told(self) -> list[Taken]:
        """What went out since the last time."""
        found = [*self.graph.taken, *self.telegram.taken]
        self.graph.taken.clear()
        self.telegram.taken.clear()
        return found

    def complaints(self) -> list[Complaint]:
        return list(self.office.store.complaints().values())

    def explained(self, ticket: str) -> str:
        """As `aduan explain` tells it."""
        store = self.office.store
        clocks, events = store.clocks([ticket])[ticket], store.events(ticket)
        return "\n".join(story(store.complaint(ticket), clocks, events, remembered_rules(store)(self.office.now)))


def sample(name: str) -> Any:
    """A sample payload, to be changed at will."""
    return json.loads((payloads.FOLDER / f"{name}.json").read_text("utf-8"))
