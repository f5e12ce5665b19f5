"""The web server: waitress, with the limits that keep it answering under slow clients."""

import ctypes
import logging
import resource
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any

from flask import Flask
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import WSGITask

from config import REQUEST_BYTES, Settings
from netapp.extensions import db
from netapp.site import start
from netapp.web.bodies import LARGEST_FILE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

IDLE_SECONDS = 90  # For a connection that asks nothing, or a request that comes to no end.
LOOK_AROUND_SECONDS = 10  # How often such connections are looked for.
HEADER_BYTES = 32 * 1024
FILES_BESIDE_CONNECTIONS = 200
FEWEST_CONNECTIONS = 50
M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3  # malloc.h


class KeepingTask(WSGITask):
    """Answers without a body leave the connection open (RFC 9112, section 6.3).

    Waitress ends it after each 304, so that a calendar that asks whether anything changed would
    have to connect anew every time.
    """

    def set_close_on_finish(self) -> None:
        asked_to = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or self.version != "1.1" or asked_to:
            super().set_close_on_finish()


class HastyChannel(HTTPChannel):
    """A connection on which a request must be complete in IDLE_SECONDS.

    Waitress counts from the last byte, so a client that sends a byte now and then would stay for
    ever. Here the first byte of a request counts until the last one has come.

    And it lets go of what it has sent. Waitress keeps up to 16 MB of that for as long as the
    connection is open, and a proxy keeps many open.
    """

    task_class = KeepingTask
    last_activity: float  # Seconds since 1970, kept by waitress.
    request_began: float | None = None

    def handle_read(self) -> None:
        super().handle_read()
        if self.request is None:
            self.request_began = None
        elif self.request_began is None:
            self.request_began = self.last_activity
        else:
            self.last_activity = self.request_began

    def _flush_some(self, do_close: bool = True) -> bool:
        sent = super()._flush_some(do_close)
        if sent and not self.total_outbufs_len:
            for done in self.outbufs:
                done.close()
            self.outbufs[:] = [OverflowableBuffer(self.adj.outbuf_overflow)]
            self.current_outbuf_count = 0
        return bool(sent)


def options(settings: Settings) -> dict[str, Any]:
    """What waitress is started with."""
    return {
        "host": settings.host,
        "port": settings.port,
        "threads": settings.threads,
        "connection_limit": settings.connection_limit,
        "backlog": 1024,
        "channel_timeout": IDLE_SECONDS,
        "cleanup_interval": LOOK_AROUND_SECONDS,
        # More than the application takes: it is the one that answers with words.
        "max_request_body_size": LARGEST_FILE + 2 * REQUEST_BYTES,
        "max_request_header_size": HEADER_BYTES,
        "asyncore_use_poll": True,  # select() ends at 1,024 open files.
        "ident": None,
        "expose_tracebacks": False,
        # What a visitor claims about proxies is thrown away, unless our own proxy says it.
        "clear_untrusted_proxy_headers": settings.trusted_proxies == 0,
    }


def make_server(app: "WSGIApplication", chosen: dict[str, Any]) -> Any:
    """A waitress server that listens already; its `run` answers until it is told to end."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, **chosen)
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = HastyChannel
    return server


def give_memory_back() -> None:
    """Ask glibc to return large blocks at once, and to keep few heaps for its many threads.

    Hashing a password takes 19 MiB for a moment. By default each thread's heap would keep that
    much for good: measured with 8 threads, 265 MB instead of 105. Other libraries have no such
    switches and need none.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, 1024 * 1024)


def serve_alone(app: Flask) -> None:
    """As a process of its own, on a database that is ready. Raises ``StartRefused``."""
    settings: Settings = app.extensions["settings"]
    start.require_free_port(settings)
    with app.app_context():
        start.refuse_demo_people(db.session(), settings)
    serve_web(app, settings)


def serve_web(app: Flask, settings: Settings) -> None:
    """Answer until TERM or Ctrl-C; requests in hand are finished."""
    give_memory_back()
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # It warns of every short wait.
    limit = connections(settings.connection_limit)
    server = make_server(app, options(settings) | {"connection_limit": limit})
    signal.signal(signal.SIGTERM, end)
    server.run()


def end(number: int, frame: FrameType | None) -> None:
    """Waitress ends well on SystemExit in its main loop."""
    sys.exit(0)


def open_files(wanted: int) -> int:
    """How many files we may have open, after asking for `wanted`: each connection is one, and
    many systems allow 1,024 until asked for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(soft, most)


def connections(limit: int) -> int:
    """As many as the settings say, or as the system lets us: beyond, accepting would fail."""
    possible = open_files(limit + FILES_BESIDE_CONNECTIONS) - FILES_BESIDE_CONNECTIONS
    if possible < limit:
        log.warning(
            "only %s connections at once: the system's limit of open files is too low for %s",
            max(possible, FEWEST_CONNECTIONS),
            limit,
        )
    return min(limit, max(possible, FEWEST_CONNECTIONS))
