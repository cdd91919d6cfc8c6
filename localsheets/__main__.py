"""`python -m localsheets --port N --data DIR`: the server alone, for any Sheets client and a browser."""

import argparse
import hmac
import sys
from pathlib import Path

from waitress.server import create_server

from localsheets.app import create_app
from localsheets.errors import StorageError
from localsheets.identity import Identity
from localsheets.secret_files import keep_secret, kept_secret

USERNAME = "admin"
KEEPER = Identity("admin@localhost", "Admin")
THREADS = 8
BUFFER_BYTES = 32 * 1024 * 1024


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted."""
    options = _parser().parse_args(arguments)
    token = _secret(options.data / "api.token", options.token)
    password = _secret(options.data / "grid.password", options.password)

    def authenticate(username: str, offered: str) -> Identity | None:
        right = hmac.compare_digest(offered.encode(), password.encode())
        return KEEPER if username == USERNAME and right else None

    try:
        app = create_app(options.data, tokens={token: KEEPER}, authenticate=authenticate)
    except StorageError as error:
        sys.exit(str(error))
    server = create_server(
        app,
        host=options.host,
        port=options.port,
        threads=THREADS,
        ident=None,
        inbuf_overflow=BUFFER_BYTES,
        outbuf_overflow=BUFFER_BYTES,
    )
    port = getattr(server, "effective_port", options.port)  # a host with several addresses has several servers
    url = f"http://{options.host}:{port}"
    sys.stdout.write(
        f"API:   {url}/v4/spreadsheets\nToken: {token}\nGrid:  {url}/register\nLogin: {USERNAME} / {password}\n"
    )
    sys.stdout.flush()
    try:
        server.run()
    finally:
        app.extensions["localsheets"].close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m localsheets", description=__doc__)
    parser.add_argument("--port", type=int, default=8010, help="port to listen on; 0 takes a free one")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder for everything durable")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--token", help="bearer token of API clients (default: made once, kept in DIR/api.token)")
    parser.add_argument("--password", help="password of the grid (default: made once, kept in DIR/grid.password)")
    return parser


def _secret(path: Path, given: str | None) -> str:
    if given:
        keep_secret(path, given)
        return given
    return kept_secret(path, length_bytes=18)


if __name__ == "__main__":
    main()
