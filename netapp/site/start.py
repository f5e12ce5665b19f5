"""What happens between `serve` and the two processes: all that could refuse, in words."""

import errno
import socket
import sys
from pathlib import Path

from config import Settings
from netapp.kernel.db import DbSession
from netapp.site.errors import DemoPeoplePresent, PortTaken
from netapp.site.queries import demo_people_present
from netapp.site.supervisor import Plan

ROOT = Path(__file__).parents[2]
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - how we reach it, not where we bind


def require_free_port(settings: Settings) -> None:
    """Raises PortTaken. Asked before anything slow is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as refused:
            raise PortTaken(port_words(settings, refused)) from refused


def port_words(settings: Settings, refused: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if refused.errno == errno.EADDRINUSE:
        another = settings.port + 1 if settings.port < 65535 else settings.port - 1
        return (
            f"Another program already listens on {where}. Stop it, or choose another port,"
            f" for example: make run PORT={another}"
        )
    if refused.errno == errno.EACCES:
        return f"This user may not listen on {where}: ports below 1024 need special rights."
    return f"It is not possible to listen on {where}: {refused.strerror or refused}."


def refuse_demo_people(session: DbSession, settings: Settings) -> None:
    """Raises DemoPeoplePresent outside demo mode."""
    if not settings.demo and demo_people_present(session):
        raise DemoPeoplePresent(
            "The database holds the demo's sign-ins, whose passwords everybody knows:"
            " start with an empty database."
        )


def plan(settings: Settings) -> Plan:
    """How the supervisor runs the two, whatever folder we were started from."""
    program = str(ROOT / "wsgi.py")
    # -P: the folder we happen to be in is not searched for modules.
    flask = [sys.executable, "-P", "-m", "flask", "--app", program]
    address = EVERYWHERE.get(settings.host, settings.host)
    shown = f"[{address}]" if ":" in address else address
    greeting = f"Ready: http://{shown}:{settings.port}"
    if not settings.demo:
        greeting += f"  (public address: {settings.base_url})"
    return Plan(
        web=[sys.executable, program],
        worker=[*flask, "worker"],
        address=address,
        port=settings.port,
        host_header=settings.base_host,
        greeting=greeting,
    )


def supervisor_command(settings: Settings) -> list[str]:
    """What `serve` turns into: a small process that imports nothing of the platform."""
    program = Path(__file__).with_name("supervisor.py")
    return [sys.executable, "-P", str(program), plan(settings).to_json()]
