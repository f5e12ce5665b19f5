"""Renew the locked versions: requirements.lock (what runs) and requirements-dev.lock (what tests).

One file serves Python 3.11 to 3.13 on every system; every version comes with the hashes of its
files, and no address of a package index is written down.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    *("uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
    "pyproject.toml",
]


def main() -> None:
    run("--output-file", "requirements.lock")
    run(
        *("--group", "dev", "--constraint", "requirements.lock"),
        *("--output-file", "requirements-dev.lock"),
    )
    subprocess.run(["git", "--no-pager", "diff", "--stat", "--", "*.lock"], cwd=ROOT, check=False)
    print("The next `make` command installs the new versions.")


def run(*options: str) -> None:
    done = subprocess.run([sys.executable, "-m", *COMPILE, *options], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit("The versions could not be resolved; the lock files may be half renewed.")


if __name__ == "__main__":
    main()
