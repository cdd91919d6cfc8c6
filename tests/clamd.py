"""A server that answers as ClamAV's daemon does, and holds one text to be a virus."""

import socket
import threading
from pathlib import Path
from types import TracebackType

VIRUS = b"INI-VIRUS-CONTOH"


class Clamd:
    """Runs within `with`."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._server = socket.create_server(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        else:
            self._server = socket.socket(socket.AF_UNIX)
            self._server.bind(str(path))
            self._server.listen()
            self.address = str(path)
        self.received: list[bytes] = []
        self.most = 50_000_000
        self.silent = False
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "Clamd":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as asked:
                command = b""
                while not command.endswith(b"\x00"):
                    command += asked.read(1)
                if self.silent:
                    continue
                connection.sendall(self._answer(command, asked) + b"\x00")

    def _answer(self, command: bytes, asked) -> bytes:  # type: ignore[no-untyped-def]
        if command != b"zINSTREAM\x00":
            return b"ClamAV tiruan" if command == b"zVERSION\x00" else b"UNKNOWN COMMAND"
        data = b""
        while length := int.from_bytes(asked.read(4), "big"):
            data += asked.read(length)
            if len(data) > self.most:
                return b"INSTREAM size limit exceeded. ERROR"
        self.received.append(data)
        return b"stream: Contoh.Virus FOUND" if VIRUS in data else b"stream: OK"
