"""ClamAV's daemon, asked over its socket (clamd(8), INSTREAM); in use only where the office has set ADUAN_CLAMAV."""

import socket
from contextlib import closing, suppress
from dataclasses import dataclass

from register.errors import AduanError

PATIENCE_SECONDS = 30.0
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 1000


class ScannerError(AduanError):
    """The scanner does not answer, or could not look at the file."""

    code = "scanner"


@dataclass(frozen=True)
class Scanner:
    """A ClamAV daemon at `host:port`, `[::1]:port` or the path of its socket."""

    address: str

    def finds_something(self, data: bytes) -> bool:
        """Whether the scanner holds the file to be harmful. Raises: ScannerError."""
        chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
        sent = b"".join(len(chunk).to_bytes(4, "big") + chunk for chunk in chunks)
        answer = self._ask(b"zINSTREAM\x00" + sent + bytes(4))
        if answer.endswith(" FOUND"):
            return True
        if not answer.endswith(": OK"):
            raise ScannerError(
                f"ClamAV di {self.address} tidak dapat memeriksa sebuah berkas. "
                "Setel StreamMaxLength di clamd.conf paling sedikit 30M."
            )
        return False

    def version(self) -> str:
        """What it calls itself. Raises: ScannerError."""
        return self._ask(b"zVERSION\x00")

    def _ask(self, message: bytes) -> str:
        try:
            with closing(self._connected()) as connection:
                with suppress(BrokenPipeError, ConnectionResetError):  # it had enough, and may have said why
                    connection.sendall(message)
                return _line(connection)
        except (OSError, UnicodeDecodeError) as error:
            raise ScannerError(
                f"ClamAV di {self.address} tidak menjawab. Periksa apakah clamd berjalan, dan ADUAN_CLAMAV."
            ) from error

    def _connected(self) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(PATIENCE_SECONDS)
            try:
                connection.connect(self.address)
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE_SECONDS)


def _line(connection: socket.socket) -> str:
    """The answer, up to its NUL. Raises: OSError if it ends before."""
    answer = b""
    while b"\x00" not in answer and len(answer) < _LONGEST_ANSWER:
        received = connection.recv(_LONGEST_ANSWER)
        if not received:
            raise ConnectionAbortedError
        answer += received
    return answer.partition(b"\x00")[0].decode().strip()
