"""Listening on a port: with waitress, until told to stop, and with a sentence where the address cannot be had."""

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Any
from wsgiref.types import WSGIApplication

import click
from waitress import wasyncore
from waitress.server import create_server

from automation.supervision import GRACE_SECONDS, stop_with_parent
from register.settings import Settings

MOST_CONNECTIONS = 400
"""A browser keeps up to six. Each may need a second file, for what it sends, and many systems allow 1024 in all."""
REQUEST_BUFFER_BYTES = 64 * 1024
"""Of a request in memory before it goes to a temporary file, and the most of its head: all may be left unfinished."""
ANSWER_BUFFER_BYTES = 32 * 1024 * 1024
"""The same of an answer; a batch of rows is a few megabytes."""
SILENCE_SECONDS = 60
"""After which a connection is closed on which nothing is going on."""
CLEANUP_SECONDS = 10
PORT_PATIENCE_SECONDS = 3.0
"""For the children of a killed server to let go of their ports."""


def check_ports(settings: Settings) -> None:
    """Raises: ClickException if somebody else serves on a port that is needed here."""
    names = {settings.port: "PORT"} | ({settings.register_port: "ADUAN_REGISTER_PORT"} if settings.embedded else {})
    until = time.monotonic() + PORT_PATIENCE_SECONDS
    for port, name in names.items():
        while problem := _port_problem(settings.host, port):
            if time.monotonic() > until:
                raise _no_address(settings.host, port, problem, name)
            time.sleep(0.1)


def _port_problem(host: str, port: int) -> str:
    """Why that address cannot be listened on; empty if it can."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, protocol) as tried:
                if os.name == "posix":  # as waitress does: a connection that is just ending is no hindrance
                    tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                tried.bind(address)
    except (OSError, UnicodeError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""


def _no_address(host: str, port: int, problem: str, name: str) -> click.ClickException:
    return click.ClickException(
        f"Alamat {host}:{port} tidak dapat dipakai ({problem}). "
        f"Hentikan program yang memakainya, atau pilih {name} lain; periksa juga ADUAN_HOST."
    )


def listen(app: WSGIApplication, settings: Settings, port: int, *, guarded: bool, largest_request_bytes: int) -> None:
    """Serve an application until told to stop. Raises: ClickException if its address cannot be listened on."""
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=port,
            threads=settings.threads,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=SILENCE_SECONDS,
            cleanup_interval=CLEANUP_SECONDS,
            asyncore_use_poll=hasattr(select, "poll"),  # select knows no file numbers above 1024
            ident="aduan",
            # Proxies are trusted by count, in the applications; what they tell must get there.
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
            inbuf_overflow=REQUEST_BUFFER_BYTES,
            max_request_header_size=REQUEST_BUFFER_BYTES,
            outbuf_overflow=ANSWER_BUFFER_BYTES,
            max_request_body_size=largest_request_bytes,
        )
    except (OSError, ValueError) as error:  # ValueError: a host that nobody knows
        name = "PORT" if port == settings.port else "ADUAN_REGISTER_PORT"
        raise _no_address(settings.host, port, getattr(error, "strerror", None) or str(error), name) from None

    def stop() -> None:
        server.close()
        server.task_dispatcher.shutdown(timeout=GRACE_SECONDS // 2)  # what is being answered is answered
        wasyncore.close_all(sockets)  # browsers keep idle connections open

    stop_on_signal(stop, guarded=guarded)
    try:
        server.run()
    except (OSError, ValueError):
        return  # its sockets were closed: that is how it is told to stop


def stop_on_signal(stop: Callable[[], None], *, guarded: bool) -> None:
    """Stop when told to: by a signal, or under a supervisor when that ends."""
    if guarded:
        stop_with_parent(stop)
    else:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop())
