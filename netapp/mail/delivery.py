"""Ways for a mail to leave: a mail server, or a folder where there is none."""

import contextlib
import os
import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from netapp.jobs.errors import NotNow
from netapp.kernel.text import clean
from netapp.mail.models import PAUSES

STEP_SECONDS: Final = 20.0
GREETING_SECONDS: Final = 8.0
"""How long the mail server may take for one answer, and for one while the way is opened."""


class ServerAway(NotNow):
    """No mail can go out now, whichever it is."""

    pauses: Sequence[timedelta] = PAUSES


class Undelivered(Exception):
    """One mail did not go out. The message is what the server said."""


class Refused(Undelivered):
    """For good: the address does not exist, or the mail will never be taken."""


class Delayed(Undelivered):
    """Perhaps later."""


class Lost(Delayed):
    """The server fell silent, hung up or does not take us; the way out must be opened again."""


class Channel(Protocol):
    """An open way out."""

    def send(self, *, key: str, queued_at: datetime, to: str, data: bytes) -> None:
        """Raises ``Refused``, ``Delayed`` or ``Lost``."""


class Transport(Protocol):
    def open(self, deadline: float) -> AbstractContextManager[Channel]:
        """Raises ``ServerAway``. ``deadline`` (of ``time.monotonic``) ends all waiting."""


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Each mail is a file. Sent twice, it is the same file."""

    folder: Path

    @contextmanager
    def open(self, deadline: float) -> Iterator[Channel]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ServerAway(f"the mail folder cannot be made: {error.strerror}") from error
        yield self

    def send(self, *, key: str, queued_at: datetime, to: str, data: bytes) -> None:
        final = self.folder / file_name(key, queued_at)
        draft = self.folder / f".{final.name}.{os.getpid()}"
        try:
            with draft.open("wb") as file:
                draft.chmod(0o600)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(final)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise Lost(f"the mail folder cannot be written: {error.strerror}") from error


def file_name(key: str, queued_at: datetime) -> str:
    return f"{queued_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{key}.eml"


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """A mail server. ``tls``: starttls and tls check its certificate; none is for loopback."""

    host: str
    port: int
    sender: str  # The address of the envelope.
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)

    @contextmanager
    def open(self, deadline: float) -> Iterator[Channel]:
        try:
            server = self._greet(deadline)
        except smtplib.SMTPException as error:
            raise ServerAway(f"the mail server refuses us: {_words(error)}") from error
        except OSError as error:  # Also ssl.SSLError: a certificate that does not hold.
            raise ServerAway(f"the mail server cannot be reached: {_words(error)}") from error
        try:
            yield SmtpChannel(server, self.sender, deadline)
        finally:
            _leave(server)

    def _greet(self, deadline: float) -> smtplib.SMTP:
        server = self._connect(_left(deadline, GREETING_SECONDS))
        try:
            if self.tls == "starttls":
                # Raises where the server offers none: nothing goes out unprotected.
                server.starttls(context=ssl.create_default_context())
            _limit(server, deadline, GREETING_SECONDS)
            server.ehlo_or_helo_if_needed()
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _connect(self, limit: float) -> smtplib.SMTP:
        # Our name in the greeting is given, because smtplib would ask the name server for it.
        name = self.sender.rpartition("@")[2]
        if self.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, name, timeout=limit, context=context)
        return smtplib.SMTP(self.host, self.port, name, timeout=limit)


@dataclass(slots=True)
class SmtpChannel:
    """One connection, for one mail after another."""

    server: smtplib.SMTP
    sender: str
    deadline: float

    def send(self, *, key: str, queued_at: datetime, to: str, data: bytes) -> None:
        try:
            self._ask_for_sender()
            _limit(self.server, self.deadline)
            self._expect(self.server.rcpt(to))
            _limit(self.server, self.deadline)
            self._expect(self.server.data(data))
        except smtplib.SMTPDataError as error:
            self._expect((error.smtp_code, _bytes(error.smtp_error)))
            raise Lost(_words(error)) from error  # A yes where only go on or no can be said.
        except (smtplib.SMTPException, OSError) as error:
            raise Lost(_words(error)) from error

    def _ask_for_sender(self) -> None:
        """Our own address is the same for every mail: a no is about us, not about the mail."""
        _limit(self.server, self.deadline)
        code, said = self.server.mail(self.sender)
        if code != 250:
            raise Lost(_said(code, said))

    def _expect(self, answer: tuple[int, bytes]) -> None:
        """Go on after a yes; otherwise say what kind of no it was, and clear the table."""
        code, said = answer
        if 200 <= code < 300:
            return
        if code == 421:  # RFC 5321 section 3.8: the server closes the connection.
            raise Lost(_said(code, said))
        _limit(self.server, self.deadline)
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.server.rset()
        raise (Refused if is_for_good(code, said) else Delayed)(_said(code, said))


def is_for_good(code: int, said: bytes) -> bool:
    """5yz means never (RFC 5321 section 4.2.1), except where the enhanced code 5.7.z says that
    it is about who we are rather than about this mail or address (RFC 3463 section 3.8): that is
    put right on our side, and the mails still wait."""
    return 500 <= code < 600 and not said.startswith(b"5.7.")


def _left(deadline: float, most: float = STEP_SECONDS) -> float:
    """Seconds for the next step: no more than all steps together still have."""
    return min(most, max(0.5, deadline - time.monotonic()))


def _limit(server: smtplib.SMTP, deadline: float, most: float = STEP_SECONDS) -> None:
    if server.sock is not None:
        server.sock.settimeout(_left(deadline, most))


def _leave(server: smtplib.SMTP) -> None:
    with contextlib.suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, _bytes(error.smtp_error))
    return _one_line(str(error)) or type(error).__name__


def _said(code: int, said: bytes) -> str:
    return f"{code} {_one_line(said.decode('utf-8', 'replace'))}"


def _one_line(text: str) -> str:
    return clean(text[:300], max_length=1000)
