"""Many deliveries at full speed to a server in a process of its own, over connections that are kept open."""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import requests

from register.inbound import Source
from tests.running import ROOT, START_SECONDS, free_port, wait_until
from tests.webhooks.payloads import SECRETS, Delivery, delivery, of

CONNECTIONS = 8


@dataclass(frozen=True)
class Answer:
    """An answer's status, and how long it took."""

    status: int
    seconds: float


def whatsapp_messages(count: int, *, doubled: int, chance: random.Random) -> list[Delivery]:
    """So many deliveries of one message each, of which `doubled` come again, all in any order."""
    sample = json.loads(delivery("whatsapp_text").body)
    distinct = []
    for number in range(count - doubled):
        sample["entry"][0]["changes"][0]["value"]["messages"][0]["id"] = f"wamid.{number}"
        distinct.append(of(Source.WHATSAPP, sample))
    events = distinct + chance.choices(distinct, k=doubled)
    chance.shuffle(events)
    return events


def flood(port: int, events: Sequence[Delivery], connections: int = CONNECTIONS) -> list[Answer]:
    """Send all of them, over several connections at once."""

    def send(mine: Sequence[Delivery]) -> list[Answer]:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        answers = []
        for event in mine:
            began = time.perf_counter()
            connection.request("POST", event.path, event.body, dict(event.headers))
            response = connection.getresponse()
            response.read()
            answers.append(Answer(response.status, time.perf_counter() - began))
        connection.close()
        return answers

    with ThreadPoolExecutor(connections) as threads:
        sent = threads.map(send, [events[place::connections] for place in range(connections)])
        return [answer for answers in sent for answer in answers]


def environment(folder: Path, port: int) -> Mapping[str, str]:
    """Settings of a server with the secrets of the samples."""
    return {
        **os.environ,
        "PORT": str(port),
        "ADUAN_DATA": str(folder / "data"),
        "ADUAN_ADMIN_PASSWORD": "hanya untuk uji",
        "ADUAN_META_APP_SECRETS": " ".join(SECRETS.meta),
        "PYTHONPATH": str(ROOT),
    }


@contextlib.contextmanager
def serving(command: Sequence[str], folder: Path, path: str = "/healthz") -> Iterator[int]:
    """Run a server until the end of the block; gives its port once it answers at a path."""
    port = free_port()
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder, port), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        wait_until(
            lambda: requests.get(f"http://127.0.0.1:{port}{path}", timeout=5).ok, START_SECONDS, "the server answers"
        )
        yield port
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def web(folder: Path) -> Iterator[int]:
    """`aduan web`."""
    with serving([sys.executable, "-m", "aduan", "web"], folder) as port:
        yield port
