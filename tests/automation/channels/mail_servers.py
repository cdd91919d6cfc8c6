"""Real mail servers for the tests: Debian's Dovecot for reading, a proxy that cuts connections to it, certificates."""

import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "aduan@kantor.invalid", "rahasia@kantor:1"
PASSWORD_QUOTED = "rahasia%40kantor%3A1"
_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/certificate.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{home}/mail/%n
mailbox_list_index = no
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%n
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  service_count = 1000
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running IMAP server with one account, whose mailbox is this Maildir's."""

    home: Path
    port: int
    tls_port: int

    @property
    def certificate(self) -> Path:
        return self.home / "certificate.pem"

    @property
    def url(self) -> str:
        return f"imap://{USER.replace('@', '%40')}:{PASSWORD_QUOTED}@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def by_hand(self) -> Iterator[imaplib.IMAP4]:
        """As somebody else with the same mailbox open."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, PASSWORD)
        client.select("INBOX")
        yield client
        client.logout()

    def put(self, *mails: bytes, flags: str = "") -> None:
        with self.by_hand() as client:
            for mail in mails:
                assert client.append("INBOX", flags, None, mail)[0] == "OK"

    def unread(self) -> int:
        return len(self._found("UNSEEN"))

    def count(self) -> int:
        return len(self._found("ALL"))

    def _found(self, what: str) -> list[bytes]:
        with self.by_hand() as client:
            return list(client.search(None, what)[1][0].split())

    def empty(self) -> None:
        """No mail, and no memory of any: the folder's numbers begin anew."""
        with self.by_hand() as client:
            client.store("1:*", "+FLAGS", r"(\Deleted)") if client.search(None, "ALL")[1][0] else None
            client.expunge()


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Runs as whoever runs the tests, and as `nobody` where that is root, whom Dovecot refuses to serve."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program, "Dovecot is missing. Type:  sh tests/install-programs.sh"
    user = pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")
    home = Path(tempfile.mkdtemp(prefix="aduan-dovecot-", dir="/tmp"))  # short, as its sockets' names may not be long
    ports = _free_ports(2)
    write_certificate(home / "certificate.pem", home / "key.pem")
    (home / "mail").mkdir()
    group = subprocess.run(["id", "-gn", user.pw_name], capture_output=True, text=True, check=True).stdout.strip()
    text = _CONFIGURATION.format(
        home=home, user=user.pw_name, group=group, password=PASSWORD, port=ports[0], tls_port=ports[1]
    )
    (home / "dovecot.conf").write_text(text)
    if not os.getuid():
        for path in (home, *home.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
    as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if not os.getuid() else {}
    process = subprocess.Popen([program, "-F", "-c", str(home / "dovecot.conf")], cwd=home, **as_whom)  # type: ignore[call-overload]
    try:
        _wait_for(ports[0], process, home)
        yield Dovecot(home, *ports)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", home: Path) -> None:
    ends_at = datetime.now(UTC) + timedelta(seconds=20)
    while datetime.now(UTC) < ends_at:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as client:
                client.settimeout(10)
                if client.recv(4) == b"* OK":
                    return
        except OSError:
            pass
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    log = home / "log"
    raise AssertionError("Dovecot does not run: " + (log.read_text() if log.exists() else "it wrote no log"))


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def write_certificate(certificate: Path, key: Path) -> None:
    """One for 127.0.0.1 that nobody else signed."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def between(
    port: int, *, cut: int = 0, done: bool = False, refuse: Callable[[bytes], bool] | None = None
) -> Iterator[int]:
    """
    A port that leads to an IMAP server.

    Args:
        cut: At that command, counted from 1, the connection is cut: before the command is passed on, or, if `done`,
            when the server has done it and before its answer is.
        refuse: Which commands are answered with NO and never passed on.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            client, _ = listener.accept()
            with client, socket.create_connection(("127.0.0.1", port)) as server:
                _talk(client, server, cut, done, refuse)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield int(listener.getsockname()[1])
    listener.close()
    thread.join(10)


def _talk(client: socket.socket, server: socket.socket, cut: int, done: bool, refuse: Callable[[bytes], bool]) -> None:
    """One command after another, as imaplib asks."""
    with client.makefile("rb") as asked, server.makefile("rb") as answers:
        client.sendall(answers.readline())
        for number, line in enumerate(asked, start=1):
            tag = line.split()[0]
            if number == cut and not done:
                return
            if refuse and refuse(line):
                client.sendall(tag + b" NO tidak\r\n")
                continue
            server.sendall(line)
            said = [answers.readline()]
            while said[-1] and not said[-1].startswith(tag):
                said.append(answers.readline())
            if number == cut:
                return
            client.sendall(b"".join(said))
