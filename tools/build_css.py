"""Join the parts of static/css into the one file that pages load, static/css/site.css.

    python -m tools.build_css

The parts are the source; the joined file is committed so that nothing has to be built to run, and
a test fails when it is not current. Comments and white space go; every address of a font carries
the hash of the file, as `netapp.web.assets` does for addresses in pages.
"""

import re
from pathlib import Path

from netapp.web.assets import file_version

ROOT = Path(__file__).resolve().parents[1]
CSS = ROOT / "static" / "css"
LAYERS = "@layer reset,tokens,base,layout,components,pages,print;\n"
FIRST = ("fonts.css", "tokens.css", "base.css", "layout.css")
LAST = ("print.css",)


def parts() -> list[Path]:
    """The parts in order: base, components by name, pages by name, print."""
    folders = [sorted((CSS / folder).glob("*.css")) for folder in ("components", "pages")]
    return [
        *(CSS / name for name in FIRST),
        *(path for paths in folders for path in paths),
        *(CSS / name for name in LAST),
    ]


def shorten(css: str) -> str:
    """Drop comments and white space. Strings in our parts hold no comment signs or braces."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    css = re.sub(r"(?<=[\w-]): ", ":", css)
    return css.replace(";}", "}").strip()


def with_versions(css: str) -> str:
    """Add `?v=hash` to each address of a vendored file."""

    def versioned(found: re.Match[str]) -> str:
        path = found.group(1)
        return f'url("../{path}?v={file_version(ROOT / "static" / path)}")'

    return re.sub(r'url\("\.\./([^"]+)"\)', versioned, css)


def build() -> str:
    joined = [shorten(path.read_text()) for path in parts()]
    return LAYERS + with_versions("\n".join(joined)) + "\n"


def main() -> None:
    css = build()
    (CSS / "site.css").write_text(css)
    print(f"static/css/site.css: {len(css.encode()):,} bytes from {len(parts())} parts.")


if __name__ == "__main__":
    main()
