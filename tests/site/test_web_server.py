"""The limits of the shipped web server, over real connections."""

import gc
import select
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from netapp.site.web_server import HastyChannel, make_server, options
from tests.databases import demo_settings

IDLE_SECONDS = 1  # Instead of 90, so that the tests need not wait.
LOOPBACK = "127.0.0.1"
LARGE = 100_000  # Bytes.


@pytest.fixture
def serving(tmp_path: Any) -> Iterator[Callable[..., int]]:
    """Serve what the headers of a request were; the port."""
    running = []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        if "HTTP_X_LARGE" in environ:
            start("200 OK", [("Content-Length", str(LARGE))])
            return [b"x" * LARGE]
        if "HTTP_IF_NONE_MATCH" in environ:
            start("304 NOT MODIFIED", [("ETag", '"same"')])
            return []
        start("200 OK", [("Content-Type", "text/plain")])
        return [environ.get("HTTP_X_FORWARDED_FOR", "nothing claimed").encode()]

    def _serve(**environ: str) -> int:
        chosen = options(demo_settings(tmp_path, **environ)) | {
            "port": 0,
            "channel_timeout": IDLE_SECONDS,
            "cleanup_interval": IDLE_SECONDS,
        }
        server = make_server(application, chosen)
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        return int(server.effective_port)

    yield _serve
    for server, thread in running:
        server.close()
        server.asyncore.close_all(server._map)
        thread.join()


def connected(port: int) -> socket.socket:
    return socket.create_connection((LOOPBACK, port), timeout=20)


def ask(port: int, head: str = "GET / HTTP/1.1\r\nHost: x\r\n") -> str:
    with connected(port) as client:
        client.sendall(head.encode() + b"Connection: close\r\n\r\n")
        return b"".join(iter(lambda: client.recv(4096), b"")).decode()


def hangs_up(client: socket.socket, drip: bytes) -> bool:
    """Send a little again and again, as a slow client does, until the server hangs up."""
    for _ in range(100):
        readable, _, _ = select.select([client], [], [], 0.2)
        try:
            if readable and not client.recv(4096):
                return True
            client.sendall(drip)
        except OSError:
            return True
    return False


def test_a_connection_stays_open_after_not_modified(serving: Callable[..., int]) -> None:
    question = b'GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: "same"\r\n\r\n'
    with connected(serving()) as client:
        for _ in range(3):
            client.sendall(question)
            head = client.recv(4096).decode()
            assert (head.splitlines()[0], "Connection: close" in head) == (
                "HTTP/1.1 304 NOT MODIFIED",
                False,
            )


def test_a_connection_ends_after_not_modified_where_the_client_asks_for_it(
    serving: Callable[..., int],
) -> None:
    answer = ask(serving(), 'GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: "same"\r\n')
    assert "Connection: close" in answer
    old = ask(serving(), 'GET / HTTP/1.0\r\nHost: x\r\nIf-None-Match: "same"\r\n')
    assert old.splitlines()[0] == "HTTP/1.0 304 NOT MODIFIED"


def test_a_connection_that_stays_open_keeps_nothing_of_what_it_sent(
    serving: Callable[..., int],
) -> None:
    with connected(serving()) as client, client.makefile("rb") as answers:
        for _ in range(20):
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Large: 1\r\n\r\n")
            while answers.readline() != b"\r\n":
                pass
            assert len(answers.read(LARGE)) == LARGE
        channels = [one for one in gc.get_objects() if isinstance(one, HastyChannel)]
        (channel,) = (one for one in channels if one.connected)
        with channel.outbuf_lock:
            kept = [one.buf.file.getbuffer().nbytes for one in channel.outbufs if one.buf]
    assert sum(kept) < 2 * LARGE  # The last one perhaps; not all twenty.


def test_an_answer_does_not_say_what_serves_it(serving: Callable[..., int]) -> None:
    head = ask(serving()).lower()
    assert head.startswith("http/1.1 200 ok")
    assert "server:" not in head
    assert "waitress" not in head


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n",
    ],
    ids=["header", "body"],
)
def test_a_request_that_dribbles_in_is_ended(serving: Callable[..., int], beginning: bytes) -> None:
    port = serving()
    with connected(port) as client:
        client.sendall(beginning)
        assert hangs_up(client, b"a")


def test_a_silent_connection_is_ended(serving: Callable[..., int]) -> None:
    with connected(serving()) as client:
        assert hangs_up(client, b"")


def test_several_requests_on_one_connection_are_answered(serving: Callable[..., int]) -> None:
    with connected(serving()) as client:
        for _ in range(3):
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"nothing claimed"):
                answer += client.recv(4096) or b"nothing claimed"
            assert answer.startswith(b"HTTP/1.1 200 OK")


def test_slow_clients_do_not_stop_the_others(serving: Callable[..., int]) -> None:
    port = serving()
    slow = [connected(port) for _ in range(300)]
    try:
        for client in slow:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")
        assert "200 OK" in ask(port)
    finally:
        for client in slow:
            client.close()


def test_what_is_far_too_long_is_refused(serving: Callable[..., int]) -> None:
    port = serving()
    assert "413" in ask(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n")
    with connected(port) as client, suppress(ConnectionError):  # It may hang up while we talk.
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 40_000)
        assert b"431" in client.recv(4096)


def test_nobody_may_claim_another_address(serving: Callable[..., int]) -> None:
    claim = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n"
    assert "nothing claimed" in ask(serving(), claim)
    assert "nothing claimed" in ask(serving(), claim.replace("-Forwarded-For", "_Forwarded_For"))


def test_our_own_proxy_may(serving: Callable[..., int]) -> None:
    claim = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n"
    assert "203.0.113.9" in ask(serving(NETAPP_TRUSTED_PROXIES="1"), claim)
