"""Keep the web server and the worker running together: both up, or both down.

A program of its own, started by the command `serve` once the database is ready:

    python -P netapp/site/supervisor.py PLAN

PLAN is JSON, see Plan. Standard library only: this process lives as long as the platform does,
so it must stay small, and must not fail for a reason that lies in the platform.
"""

import contextlib
import ctypes
import http.client
import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from types import FrameType
from typing import IO

START_SECONDS = 60.0
STOP_SECONDS = 25.0  # Whoever stops us waits 30 seconds, so what hangs is ended before.
POLL_SECONDS = 0.05
WORKER_UP = "Worker ready"
PR_SET_PDEATHSIG = 1  # linux/prctl.h

Event = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run, and how to see that it runs."""

    web: list[str]  # The command of the web server …
    worker: list[str]  # … and of the worker, which says WORKER_UP when it is.
    address: str  # Where the web server listens, as this machine reaches it.
    port: int
    host_header: str  # The host it answers to.
    greeting: str  # Printed when both are up.

    def to_json(self) -> str:
        return json.dumps(asdict(self))


class Supervisor:
    """Starts the two, waits, ends them. Everything that happens comes through one queue, the
    signals too: SimpleQueue.put may be called from a signal handler."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.children: dict[str, subprocess.Popen[str]] = {}
        self.relays: list[threading.Thread] = []
        self.waiting_for = {"web server", "worker"}

    def run(self) -> int:
        """The exit status: 0 when asked to stop, 1 when one of the two ended by itself."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        self._start("web server", self.plan.web)
        self._start("worker", self.plan.worker)
        self._watch()
        deadline = time.monotonic() + START_SECONDS
        while True:
            left = deadline - time.monotonic() if self.waiting_for else None
            try:
                what, which = self.events.get(timeout=max(0.0, left) if left is not None else None)
            except queue.Empty:
                missing = " and the ".join(sorted(self.waiting_for, reverse=True))
                say(f"The {missing} did not start within {START_SECONDS:.0f} seconds.", err=True)
                return self._stop(1)
            if what == "signal":
                say("Stopping ...")
                return self._stop(0)
            if what == "ended":
                return self._stop(self._report_end(str(which)))
            if what == "trouble":
                say(str(which), err=True)
                return self._stop(1)
            self.waiting_for.discard(str(which))
            if not self.waiting_for and left is not None:
                say(self.plan.greeting)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.events.put(("signal", number))

    def _start(self, name: str, command: list[str]) -> None:
        """In a process group of its own, so that Ctrl-C reaches us alone and we end both."""
        self.children[name] = subprocess.Popen(  # noqa: S603 - our own two commands
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            process_group=0,
            preexec_fn=die_with_parent,  # Safe: no thread runs yet.
        )

    def _watch(self) -> None:
        for name, child in self.children.items():
            assert child.stdout is not None
            self.relays.append(self._in_background(self._relay, name, child.stdout))
            self._in_background(self._wait_for_end, name, child)
        self._in_background(self._wait_for_first_page)

    def _in_background(self, task: Callable[..., None], *args: object) -> threading.Thread:
        thread = threading.Thread(target=task, args=args, daemon=True)
        thread.start()
        return thread

    def _relay(self, name: str, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                if name == "worker" and line.strip() == WORKER_UP:
                    self.events.put(("up", name))
                else:
                    say(line.rstrip("\n"))

    def _wait_for_end(self, name: str, child: "subprocess.Popen[str]") -> None:
        child.wait()
        self.events.put(("ended", name))

    def _wait_for_first_page(self) -> None:
        while True:
            status = self._first_page()
            if status is not None and status < 500:
                self.events.put(("up", "web server"))
                return
            if status is not None:
                self.events.put(("trouble", f"The first page answers with an error ({status})."))
                return
            time.sleep(POLL_SECONDS)

    def _first_page(self) -> int | None:
        """The status of the home page; None while nobody listens."""
        connection = http.client.HTTPConnection(
            self.plan.address, self.plan.port, timeout=START_SECONDS
        )
        try:
            connection.request("GET", "/", headers={"Host": self.plan.host_header})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return answer.status

    def _report_end(self, name: str) -> int:
        (other,) = (each for each in self.children if each != name)
        how = words_for_exit(self.children[name].returncode)
        say(f"The {name} ended by itself ({how}); the {other} is stopped too.", err=True)
        return 1

    def _stop(self, status: int) -> int:
        """End both; what does not end in time, or at a second signal, is killed."""
        for child in self.children.values():
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.poll() is None for child in self.children.values()):
            try:
                what, _ = self.events.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                what = "late"
            if what in ("signal", "late"):
                for child in self.children.values():
                    child.kill()
                for child in self.children.values():
                    child.wait()
        for relay in self.relays:
            relay.join(timeout=1)  # Their last words come before ours.
        if status == 0:
            say("Stopped.")
        return status


def words_for_exit(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    try:
        return f"by signal {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"


def die_with_parent() -> None:
    """On Linux: if we are killed, our children end too instead of holding the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def say(text: str, *, err: bool = False) -> None:
    """A closed terminal must not keep us from ending the two."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr if err else sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(Supervisor(Plan(**json.loads(sys.argv[1]))).run())
