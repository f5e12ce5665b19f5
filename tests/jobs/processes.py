"""Real worker processes, on the database of the test and with a clock that the test sets."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # Seconds until a test that waits gives up; nothing waits for it in vain.


def environment(app: Flask, clock_file: Path | None, **settings: str) -> dict[str, str]:
    """What a process needs to work for the same platform as the test's application; without a
    file it goes by the machine's clock."""
    chosen = app.extensions["settings"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("NETAPP_")}
    return own | {
        "NETAPP_DEMO": "yes",
        "NETAPP_INSTANCE": str(chosen.instance),
        "NETAPP_DATABASE_URL": chosen.database_url.replace("+psycopg", ""),
        "NETAPP_CLOCK_FILE": str(clock_file or ""),
        **settings,
    }


def set_clock(clock_file: Path, moment: datetime) -> None:
    """At once for whoever reads it."""
    draft = clock_file.with_suffix(".new")
    draft.write_text(moment.isoformat())
    draft.replace(clock_file)


class WorkerProcess:
    """One process of the command ``worker``; its lines can be waited for."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def wait_for(self, words: str) -> str:
        """The first line that holds these words; ``queue.Empty`` where none comes."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            if words in line:
                return line

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def end(self) -> int:
        """As an operator does; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def worker_process(environ: dict[str, str]) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(environ)
    try:
        yield worker
    finally:
        worker.close()
