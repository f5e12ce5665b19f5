"""`make check`: what can be said about the code without running the whole suite.

Goes through all steps, even after one failed, and says at the end which did.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEPS = (
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("ruff", "check", "--quiet", ".")),
    ("types", ("mypy",)),
    ("architecture", ("pytest", "-q", "-p", "no:randomly", "tests/architecture")),
    ("migrations", ("pytest", "-q", "-p", "no:randomly", "tests/migrations")),
)


def main() -> None:
    failed = []
    for name, command in STEPS:
        print(f"{name} ...", flush=True)
        started = time.monotonic()
        done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False)
        seconds = time.monotonic() - started
        print(f"{name}: {'FAILED' if done.returncode else 'good'} ({seconds:.0f} s)\n", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        sys.exit(f"make check: failed in {', '.join(failed)}.")
    print("make check: all good.")


if __name__ == "__main__":
    main()
