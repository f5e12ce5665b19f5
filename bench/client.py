"""A small HTTP/1.1 client on asyncio: one keep-alive connection, one request at a time.

It does as little as it can, so that what is measured is the server. The same client asks the bare
view and the platform.
"""

import asyncio
from dataclasses import dataclass

SECONDS = 60.0  # Whoever waits longer for an answer counts it as lost.


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes  # Status line and headers.
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name, or ""."""
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> list[str]:
        wanted = name.lower().encode() + b":"
        return [
            line[len(wanted) :].strip().decode("latin-1")
            for line in self.head.split(b"\r\n")[1:]
            if line.lower().startswith(wanted)
        ]


class Lost(Exception):
    """The connection ended, or no answer came in time."""


class Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.received = bytearray()
        self.head_ends = -1
        self.length = 0
        self.waiting: asyncio.Future[Answer] | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        loop = asyncio.get_running_loop()
        opening = loop.create_connection(cls, host, port)
        _, connection = await asyncio.wait_for(opening, SECONDS)
        return connection

    async def ask(self, request: bytes) -> Answer:
        """Send the bytes of one request. Raises ``Lost``."""
        assert self.transport is not None
        if self.transport.is_closing():
            raise Lost
        self.received.clear()
        self.head_ends = -1
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        try:
            return await asyncio.wait_for(self.waiting, SECONDS)
        except TimeoutError as late:
            raise Lost from late

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        if self.head_ends < 0:
            self.head_ends = self.received.find(b"\r\n\r\n")
            if self.head_ends < 0:
                return
            self.length = self._body_length()
        whole = self.head_ends + 4 + self.length
        if len(self.received) >= whole and self.waiting is not None and not self.waiting.done():
            head = bytes(self.received[: self.head_ends])
            body = bytes(self.received[self.head_ends + 4 : whole])
            self.waiting.set_result(Answer(int(head[9:12]), head, body))

    def _body_length(self) -> int:
        head = bytes(self.received[: self.head_ends])
        if head[9:12] in (b"304", b"204"):
            return 0
        length = Answer(0, head, b"").header("Content-Length")
        assert length, "the client reads answers with a Content-Length only"
        return int(length)

    def connection_lost(self, error: Exception | None) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(Lost())


def request_bytes(
    method: str, path: str, host: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
