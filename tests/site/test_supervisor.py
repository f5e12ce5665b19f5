"""The two processes are kept together, tried with stand-ins that start at once."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netapp.site.supervisor import Plan
from tests.site.processes import (
    ROOT,
    Started,
    clean_environ,
    free_port,
    get,
    start,
    wait_until_gone,
)

pytestmark = pytest.mark.processes

WEB = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2])); self.end_headers(); self.wfile.write(b"hello")
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
WORKER = "import signal; print('Worker ready', flush=True); signal.pause()"
DEAF = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('Worker ready', flush=True)\nwhile True: signal.pause()"
)
SupervisorStarter = Callable[..., Started]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def supervise(port: int) -> Iterator[SupervisorStarter]:
    started: list[Started] = []

    def _supervise(worker: str = WORKER, web: str = WEB, status: int = 200) -> Started:
        plan = Plan(
            web=[sys.executable, "-c", web, str(port), str(status)],
            worker=[sys.executable, "-c", worker, "worker"],
            address="127.0.0.1",
            port=port,
            host_header="127.0.0.1",
            greeting=f"Ready: http://127.0.0.1:{port}",
        )
        program = str(ROOT / "netapp" / "site" / "supervisor.py")
        started.append(start([sys.executable, "-P", program, plan.to_json()], clean_environ()))
        return started[-1]

    yield _supervise
    for each in started:
        each.end()


def test_it_says_ready_when_the_page_answers_and_the_worker_is_up(
    supervise: SupervisorStarter, port: int
) -> None:
    running = supervise()
    running.wait_for_line(f"^Ready: http://127.0.0.1:{port}$")
    assert get(port, "/") == (200, "hello")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_both(supervise: SupervisorStarter, number: signal.Signals) -> None:
    running = supervise()
    running.wait_for_line("^Ready")
    pids = list(running.children())
    running.process.send_signal(number)
    assert running.wait_for_end() == 0
    assert running.lines[-2:] == ["Stopping ...", "Stopped."]
    for pid in pids:
        wait_until_gone(pid)


def test_a_second_signal_ends_what_does_not_listen(supervise: SupervisorStarter) -> None:
    running = supervise(worker=DEAF)
    running.wait_for_line("^Ready")
    worker = running.child("worker")
    running.process.send_signal(signal.SIGINT)
    running.wait_for_line("^Stopping")
    running.process.send_signal(signal.SIGINT)
    assert running.wait_for_end() == 0
    wait_until_gone(worker)


def test_a_worker_that_does_not_come_up_ends_the_web_server(supervise: SupervisorStarter) -> None:
    running = supervise(worker="raise SystemExit(3)")
    assert running.wait_for_end() == 1
    assert running.lines == [
        "The worker ended by itself (exit status 3); the web server is stopped too."
    ]


def test_a_web_server_that_ends_later_ends_the_worker(supervise: SupervisorStarter) -> None:
    running = supervise()
    running.wait_for_line("^Ready")
    web = running.child(" 200")
    os.kill(web, signal.SIGKILL)
    assert running.wait_for_end() == 1
    assert running.lines[-1] == (
        "The web server ended by itself (by signal SIGKILL); the worker is stopped too."
    )


def test_an_error_on_the_first_page_is_no_start(supervise: SupervisorStarter) -> None:
    running = supervise(status=500)
    assert running.wait_for_end() == 1
    assert "The first page answers with an error (500)." in running.lines
    assert not any(line.startswith("Ready") for line in running.lines)


def test_it_takes_the_two_along_when_it_is_killed(supervise: SupervisorStarter) -> None:
    running = supervise()
    running.wait_for_line("^Ready")
    pids = list(running.children())
    assert len(pids) == 2
    running.process.kill()
    for pid in pids:
        wait_until_gone(pid)


def test_what_the_two_print_is_passed_on(supervise: SupervisorStarter) -> None:
    running = supervise(worker="print('three mails went out', flush=True)\n" + WORKER)
    running.wait_for_line("^three mails went out$")
    running.wait_for_line("^Ready")


def test_it_imports_nothing_of_the_platform() -> None:
    """It must stay small and must not fail for a reason that lies in the platform."""
    code = (
        "import json, runpy, sys; runpy.run_path(sys.argv[1]);"
        "print(json.dumps([n for n in sys.modules if n.split('.')[0] in"
        " ('netapp', 'config', 'flask', 'sqlalchemy', 'click')]))"
    )
    program = Path(ROOT) / "netapp" / "site" / "supervisor.py"
    running = start([sys.executable, "-P", "-c", code, str(program)], clean_environ())
    assert running.wait_for_end() == 0
    running.end()
    assert json.loads(running.lines[-1]) == []
