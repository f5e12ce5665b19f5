from pathlib import Path

from netapp.web.icons import ICONS
from tools.vendor import AXE, PACKAGES, VENDOR, versions


def test_what_is_vendored_is_there_with_its_licence():
    missing = [
        str(package.folder / kept)
        for package in PACKAGES
        for _, kept in package.files
        if not (package.folder / kept).is_file()
    ]

    assert missing == []
    assert all((package.folder / "LICENSE").is_file() for package in PACKAGES)


def test_the_list_of_versions_is_current():
    assert (VENDOR / "VERSIONS.md").read_text() == versions(len(ICONS)), "run: make vendor"


def test_test_tools_are_not_served():
    assert not AXE.folder.is_relative_to(Path(VENDOR).parent)
