"""The machine, as far as it matters for the figures: no names, no paths."""

import importlib.metadata
import os
import platform
from pathlib import Path

from sqlalchemy import text

from bench.filling import database_of
from bench.servers import Site

PACKAGES = ("flask", "werkzeug", "jinja2", "sqlalchemy", "waitress")


def machine_words(site: Site) -> list[str]:
    """One line each: computer, language, database, packages."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return [
        f"{cores} cores ({_processor()}), {memory:.0f} GB memory, {platform.system()}",
        f"{platform.python_implementation()} {platform.python_version()}",
        _database_words(site),
        versions,
    ]


def load_words() -> str:
    """How busy the machine was, ourselves included: processes that wanted to run."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _database_words(site: Site) -> str:
    with database_of(site) as session:
        if session.get_bind().dialect.name == "postgresql":
            return f"PostgreSQL {session.scalar(text('SHOW server_version'))}, on the same machine"
        version = session.scalar(text("SELECT sqlite_version()"))
        return f"SQLite {version}, WAL, synchronous FULL"
