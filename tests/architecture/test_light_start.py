"""What the web server loads: not what only commands and rare acts need."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"alembic", "css_inline", "netapp.demo", "smtplib", "typst", "webauthn"}
LOAD = """
import sys
from netapp import create_app
create_app(commands=False).test_client().get("/healthz")
print(*sys.modules)
"""


@pytest.mark.one_database
def test_a_web_server_loads_nothing_that_it_seldom_needs(tmp_path: Path) -> None:
    environ = {"NETAPP_DEMO": "yes", "INSTANCE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert HEAVY & set(done.stdout.split()) == set()
