"""`python -m localsheets --port N --data DIR`: the server alone, for any Sheets client and a browser."""

import argparse
import getpass
import os
import secrets
import select
import signal
import sys
from pathlib import Path
from typing import NoReturn

from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from localsheets.accounts import Accounts, identity_named
from localsheets.api.http_edge import LARGEST_REQUEST_BYTES
from localsheets.api.quotas import Quotas
from localsheets.app import create_app
from localsheets.errors import StorageError
from localsheets.storage.secret_files import keep_secret, kept_secret

KEEPER = "admin"
PASSWORD_VARIABLE = "LOCALSHEETS_PASSWORD"  # noqa: S105 - a variable's name
LEAST_CHARACTERS = 8
THREADS = 8
MOST_CONNECTIONS = 400
"""A browser keeps up to six open; waitress's own limit of 100 would keep people out."""
REQUEST_BUFFER_BYTES = 64 * 1024
"""Of a request in memory before it goes to a temporary file: anybody may leave one unfinished."""
ANSWER_BUFFER_BYTES = 32 * 1024 * 1024


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted, by Ctrl+C or SIGTERM."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        options.data.mkdir(parents=True, exist_ok=True)
        tokens = _tokens(options.data, options.token)
        accounts = Accounts(options.data / "accounts.secret")
        told = _logins(accounts, options.user)
        app = create_app(
            options.data,
            tokens={token: identity_named(name) for token, name in tokens.items()},
            authenticate=accounts.authenticate,
            still_valid=accounts.still_valid,
            quotas=Quotas() if options.quotas else None,
        )
    except StorageError as error:
        sys.exit(str(error))
    except (OSError, ValueError) as error:
        sys.exit(f"The folder {options.data} cannot be used: {getattr(error, 'strerror', None) or error}.")
    try:
        server = _listening(app, options)
        port = getattr(server, "effective_port", options.port)  # a host with several addresses has several servers
        url = f"http://{options.host}:{port}"
        lines = [f"API:   {url}/v4/spreadsheets", *map(_token_line, tokens.items()), f"Grid:  {url}/register", *told]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        server.run()
    finally:
        app.extensions["localsheets"].close()


def _listening(app: Flask, options: argparse.Namespace) -> MultiSocketServer | BaseWSGIServer:
    try:
        return create_server(
            app,
            host=options.host,
            port=options.port,
            threads=THREADS,
            connection_limit=MOST_CONNECTIONS,
            asyncore_use_poll=hasattr(select, "poll"),
            ident=None,
            inbuf_overflow=REQUEST_BUFFER_BYTES,
            outbuf_overflow=ANSWER_BUFFER_BYTES,
            max_request_body_size=LARGEST_REQUEST_BYTES,
        )
    except OSError as error:
        sys.exit(f"Cannot listen on {options.host}:{options.port}: {error.strerror}. Choose another with --port N.")


def _interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt  # which waitress takes for the wish to end in good order


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m localsheets", description=__doc__)
    parser.add_argument("--port", type=_port, default=8010, help="port to listen on; 0 takes a free one")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder for everything durable")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument(
        "--token",
        action="append",
        default=[],
        metavar="TOKEN",
        help="bearer token of API clients, or EMAIL=TOKEN for somebody else than admin@localhost; may be repeated"
        " (default: one that is made once and kept in DIR/api.token)",
    )
    parser.add_argument(
        "--user",
        action="append",
        default=[],
        metavar="NAME",
        help=f"give NAME an account of the grid, or a new password: from {PASSWORD_VARIABLE}, or asked for, or made"
        " and shown once; may be repeated",
    )
    parser.add_argument("--quotas", action="store_true", help="answer 429 as Google does to whoever asks too often")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _tokens(data: Path, given: list[str]) -> dict[str, str]:
    """Tokens, and whose they are."""
    path = data / "api.token"
    if not given:
        return {kept_secret(path, length_bytes=18): KEEPER}
    tokens: dict[str, str] = {}
    for text in given:
        email, _, token = text.partition("=") if "@" in text.partition("=")[0] else (KEEPER, "", text)
        tokens[token] = email
    own = next((token for token, name in tokens.items() if name == KEEPER), None)
    if own is not None:
        keep_secret(path, own)
    return tokens


def _token_line(known: tuple[str, str]) -> str:
    token, name = known
    return f"Token: {token}" if name == KEEPER else f"Token: {token} ({name})"


def _logins(accounts: Accounts, names: list[str]) -> list[str]:
    """Make the accounts that were asked for; the first start makes one anyway. Answers what to print."""
    if not names and KEEPER in accounts:
        return [f"Login: {KEEPER}, with the password of before (another one: --user {KEEPER})"]
    told: list[str] = []
    for name in names or [KEEPER]:
        password, shown = _password(name, ask=bool(names))
        accounts.set_password(name, password)
        told.append(f"Login: {name} / {shown}")
    return told


def _password(name: str, *, ask: bool) -> tuple[str, str]:
    """A password, and what to print in its place."""
    given = os.environ.get(PASSWORD_VARIABLE, "")
    if not given and ask and sys.stdin is not None and sys.stdin.isatty():
        given = getpass.getpass(f"Password for {name} (empty: one is made): ")
    if not given:
        made = secrets.token_urlsafe(9)
        return made, f"{made} (shown only now)"
    if len(given) < LEAST_CHARACTERS:
        sys.exit(f"The password for {name} needs at least {LEAST_CHARACTERS} characters.")
    return given, "the password given"


if __name__ == "__main__":
    main()
