"""A list with faults is loaded, put right, imported and undone, in a browser."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from netapp.imports.models import Import
from netapp.people.models import Person
from tests.browser.looking import sticks_out
from tests.factories import make_coordinator, make_guest
from tests.imports.scenes import work, workbook

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.slow]

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS: list[list[str | None]] = [
    ["Name", "Email", "Organisation"],
    ["Amina Okafor", "amina@example.org", "Harp House"],
    ["Ben Adeyemi", "ben at example", "Lute Lane"],
    ["Cai Evans", "cai@new.example", None],
]


def names(session) -> set[str]:
    session.expire_all()
    return set(session.scalars(select(Person.name)))


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_list_is_put_right_imported_and_undone(session, browse, axe, script):
    make_guest(session, email="cai@old.example", name="Cai Evans")
    page = browse(make_coordinator(session, name="Jo Field"), script=script)

    def let_the_worker_work() -> None:
        one = session.scalars(select(Import).order_by(Import.id.desc())).first()
        work(session, one)
        if not script:
            page.get_by_role("link", name="See how far it is").click()

    def load(name: str, kind: str, content: bytes) -> None:
        page.goto("/desk/people")
        page.get_by_role("link", name="Import people").click()
        file = {"name": name, "mimeType": kind, "buffer": content}
        page.get_by_label("The file").set_input_files(files=[file])
        page.get_by_role("button", name="Load this file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What are the columns?")
        page.get_by_role("button", name="Read the rows").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Reading the file")
        let_the_worker_work()
        expect(page.get_by_role("heading", level=1)).to_have_text("What would happen")

    load("members.xlsx", EXCEL, workbook(ROWS))
    expect(page.get_by_text("1 row has something to put right")).to_be_visible()
    page.get_by_role("link", name="Read what is wrong").click()
    expect(page.get_by_text("“ben at example” is not an email address.")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the rows to put right").click()
    faulty = saved.value.path().read_text("utf-8-sig")
    page.go_back()
    page.get_by_role("link", name="Compare them").click()
    expect(page.get_by_text("cai@old.example")).to_be_visible()
    page.locator("label", has_text="The same person: fill gaps").click()
    if script:
        assert axe(page) == []
        assert sticks_out(page) == ""
    page.get_by_role("button", name="Save these choices").click()
    let_the_worker_work()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would happen")
    page.get_by_role("button", name="Import", exact=True).click()
    let_the_worker_work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported")
    first = page.url

    load("corrected.csv", "text/csv", faulty.replace("ben at example", "ben@example.org").encode())
    expect(page.get_by_text("1 new person")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    let_the_worker_work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported")
    assert {"Amina Okafor", "Ben Adeyemi"} <= names(session)

    for address in (page.url, first):
        page.goto(address)
        page.get_by_role("link", name="Undo this import").click()
        expect(page.get_by_text("1 new person is removed")).to_be_visible()
        page.get_by_role("button", name="Undo the import").click()
        one = session.scalars(select(Import).where(Import.key == address.rpartition("/")[2])).one()
        work(session, one)
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Undone")
    assert names(session) == {"Cai Evans", "Jo Field"}
