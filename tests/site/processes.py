"""The platform as the operator starts it: real processes, read by what they print."""

import http.client
import os
import queue
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0  # Far more than it takes: a busy machine must not fail the test.


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def clean_environ(**more: str) -> dict[str, str]:
    """This process's environment without settings of the platform."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NETAPP_", "FLASK_")) and name not in ("PORT", "INSTANCE")
    }
    return kept | more


@dataclass
class Started:
    """A program that was started, and the lines it printed so far (both streams)."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _queue: "queue.Queue[str | None]" = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for_line(self, pattern: str, seconds: float = START_SECONDS) -> "re.Match[str]":
        """The first line from now on that matches. Raises AssertionError with all lines."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"no line matches {pattern!r} in:\n" + "\n".join(self.lines))
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found

    def wait_for_end(self, seconds: float = 35.0) -> int:
        """The exit status; afterwards `lines` is complete."""
        status = self.process.wait(timeout=seconds)
        while (line := self._queue.get(timeout=seconds)) is not None:
            self.lines.append(line)
        return status

    def children(self) -> dict[int, str]:
        """Process ids of the direct children and their command lines (Linux)."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {
            int(pid): Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
            for pid in listed.split()
        }

    def child(self, ending: str) -> int:
        (pid,) = (pid for pid, command in self.children().items() if command.endswith(ending))
        return pid

    def end(self) -> None:
        """Whatever became of the test."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=35)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(timeout=35)
        if self.process.stdout:
            self.process.stdout.close()


def start(command: list[str], environ: dict[str, str], folder: Path | None = None) -> Started:
    return Started(
        subprocess.Popen(
            command,
            cwd=folder or ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
    )


def flask_command(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *words]


def wait_until_gone(pid: int, seconds: float = 30.0) -> None:
    """Until a process that is not our child has ended (Linux)."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([handle], [], [], seconds)
        assert ready, f"process {pid} still runs"
    finally:
        os.close(handle)


def get(port: int, path: str, host: str = "127.0.0.1") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
