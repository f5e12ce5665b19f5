"""Fetch the fonts, icons and test tools that the site carries, and record their versions.

    python -m tools.vendor

Packages come from npm by name and exact version, each checked against the digest below. Only the
files named here are kept, with their licences; nothing on a page is loaded from another host. The
icons become one sprite. `static/vendor/VERSIONS.md` is written from the same table, so what it says
is what is there. Run it after changing a version or the list of icons; the result is committed.
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from netapp.web.icons import ICONS
from tools import build_css

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "static" / "vendor"
BROWSER_TESTS = ROOT / "tests" / "browser" / "vendor"
CALENDAR_TESTS = ROOT / "tests" / "kernel" / "ical" / "vendor"


@dataclass(frozen=True)
class Package:
    """One npm package: what is kept of it and where it goes."""

    name: str
    version: str
    licence: str
    used_for: str
    digest: str
    folder: Path
    files: tuple[tuple[str, str], ...]

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.version}"


def _font_files(stem: str, faces: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    names = [f"{stem}-{part}-{face}.woff2" for part in ("latin", "latin-ext") for face in faces]
    return (("LICENSE", "LICENSE"), *((f"files/{name}", name) for name in names))


BRICOLAGE = Package(
    name="@fontsource-variable/bricolage-grotesque",
    version="5.3.0",
    licence="SIL Open Font License 1.1",
    used_for="headings",
    digest="6e99e0d844f7bc152bb3b007f9b1493c53e60cc0744cc681bb744e0b5f14665e",
    folder=VENDOR / "fonts" / "bricolage-grotesque",
    files=_font_files("bricolage-grotesque", ("wght-normal",)),
)
ATKINSON = Package(
    name="@fontsource-variable/atkinson-hyperlegible-next",
    version="5.3.0",
    licence="SIL Open Font License 1.1",
    used_for="text; drawn for low vision",
    digest="75d5156505841b7dd4251398f0a5ff9e44120c87c2e388e9a108879b4def23a6",
    folder=VENDOR / "fonts" / "atkinson-hyperlegible-next",
    files=_font_files("atkinson-hyperlegible-next", ("wght-normal", "wght-italic")),
)
PHOSPHOR = Package(
    name="@phosphor-icons/core",
    version="2.1.1",
    licence="MIT",
    used_for="icons, as one sprite",
    digest="313332be6190b724da24107addd781799b48bf76b13963f24501112ffe1baadd",
    folder=VENDOR / "phosphor",
    files=(("LICENSE", "LICENSE"),),
)
AXE = Package(
    name="axe-core",
    version="4.14.1",
    licence="MPL-2.0",
    used_for="browser tests only, never served",
    digest="e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
    folder=BROWSER_TESTS,
    files=(("LICENSE", "LICENSE"), ("axe.min.js", "axe.min.js")),
)
ICAL_JS = Package(
    name="ical.js",
    version="2.2.1",
    licence="MPL-2.0",
    used_for="calendar tests only, never served",
    digest="36482280d62cc50f0adddb0587612cff32b96df18eb9e2071ec9929c2e7b3107",
    folder=CALENDAR_TESTS,
    files=(("LICENSE", "LICENSE"), ("dist/ical.min.js", "ical.min.mjs")),
)
PACKAGES = (BRICOLAGE, ATKINSON, PHOSPHOR, AXE, ICAL_JS)


def fetch(package: Package, into: Path) -> Path:
    """Download the package's archive; stop when it is not the one that was reviewed."""
    answer = subprocess.run(
        ["npm", "pack", "--silent", package.spec],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = into / answer.stdout.strip().splitlines()[-1]
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.digest:
        raise SystemExit(
            f"{package.spec} is not the archive that was reviewed.\n"
            f"  expected sha256 {package.digest}\n  received sha256 {found}"
        )
    return archive


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(f"package/{name}")
    if member is None:
        raise SystemExit(f"The package has no file {name}.")
    return member.read()


def symbol(name: str, svg: str) -> str:
    """One icon of the sprite: the drawing without its frame. Colour comes from the page."""
    inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", svg.strip())
    return f'<symbol id="{name}" viewBox="0 0 256 256">{inner}</symbol>'


def write_sprite(archive: tarfile.TarFile) -> int:
    """Write the icons of `netapp.web.icons` to one file; their number is returned."""
    symbols = []
    for name in sorted(ICONS):
        drawing, weight = ICONS[name]
        file = drawing if weight == "regular" else f"{drawing}-{weight}"
        svg = read_member(archive, f"assets/{weight}/{file}.svg").decode()
        symbols.append(symbol(name, svg))
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"
    (PHOSPHOR.folder / "sprite.svg").write_text(sprite)
    return len(symbols)


def versions(icons: int) -> str:
    lines = [
        "# What is vendored here",
        "",
        "Written by `make vendor` (tools/vendor.py); do not edit by hand.",
        "",
        "| package | version | licence | used for | sha256 of the archive |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {p.name} | {p.version} | {p.licence} | {p.used_for} | `{p.digest}` |" for p in PACKAGES
    ]
    lines += ["", f"The sprite holds {icons} icons; their list is netapp/web/icons.py.", ""]
    return "\n".join(lines)


def main() -> None:
    icons = 0
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            print(f"Fetching {package.spec}")
            with tarfile.open(fetch(package, Path(folder))) as archive:
                package.folder.mkdir(parents=True, exist_ok=True)
                for name, kept in package.files:
                    (package.folder / kept).write_bytes(read_member(archive, name))
                if package is PHOSPHOR:
                    icons = write_sprite(archive)
    (VENDOR / "VERSIONS.md").write_text(versions(icons))
    print(f"Vendored {len(PACKAGES)} packages and {icons} icons.")
    build_css.main()  # Addresses of fonts in it carry the hash of the file.


if __name__ == "__main__":
    main()
