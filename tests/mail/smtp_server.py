"""A real mail server on this machine that keeps what it is given and says what it is told to."""

import queue
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.mail.samples import parsed

OK = "250 OK"


@dataclass(frozen=True, slots=True)
class Arrived:
    to: str
    sender: str
    data: bytes

    @property
    def message_id(self) -> str:
        return str(parsed(self.data)["Message-ID"])


class MailServer:
    """``on_recipient`` and ``on_mail`` answer for each; ``arrived`` holds what was accepted."""

    def __init__(self, port: int = 0, **options: Any) -> None:
        self.port = port or free_port()
        self.options = options
        self.arrived: list[Arrived] = []
        self.coming: queue.SimpleQueue[Arrived] = queue.SimpleQueue()
        self.on_sender: Callable[[str], str] = lambda sender: OK
        self.on_recipient: Callable[[str], str] = lambda to: OK
        self.on_mail: Callable[[Arrived], str] = lambda mail: OK
        self.tries: list[str] = []  # Each recipient that was asked for.
        self._controller: Controller | None = None

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.on_sender(address)

    async def handle_RCPT(  # noqa: N802
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries.append(address)
        answer = self.on_recipient(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: object, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content
        assert content is not None
        mail = Arrived(envelope.rcpt_tos[0], str(envelope.mail_from), content)
        answer = self.on_mail(mail)
        if answer == OK:
            self.arrived.append(mail)
            self.coming.put(mail)
        return answer

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self.options)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    def addressees(self) -> list[str]:
        return [mail.to for mail in self.arrived]


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    server = MailServer(**options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def password_is(user: str, password: str) -> Callable[..., AuthResult]:
    def check(server: object, session: object, envelope: object, kind: str, data: Any) -> Any:
        wanted = LoginPassword(user.encode(), password.encode())
        return AuthResult(success=data == wanted, handled=data == wanted)

    return check


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context
