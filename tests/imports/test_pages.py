"""The pages about imports, as a coordinator without script uses them."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.imports.models import Import, ImportRow, ImportState, Keep
from netapp.imports.operations import starting
from netapp.people.models import Person, Role, RoleGrant
from netapp.privacy.operations.keeping import carry_out
from netapp.safeguarding.operations.kinds import load_kinds
from tests.factories import NOW, make_coordinator, make_guest, make_person
from tests.imports.scenes import bring_in, load, work

FILE = "Name,Email\nAmina Okafor,amina@example.org\nBen Adeyemi,ben at example\n"
PAGE = "/desk/people/import"


@pytest.fixture
def desk(session, visitor, sign_in):
    sign_in(make_coordinator(session, name="Jo Field"))
    return visitor


def send_file(visitor, content=FILE, name="members.csv"):
    visitor.open(PAGE)
    fields = dict(visitor.form(PAGE).fields)
    data = {**fields, "file": (io.BytesIO(content.encode()), name)}
    visitor.page = visitor.client.post(
        PAGE, data=data, content_type="multipart/form-data", follow_redirects=True
    )
    return fields


def the_import(session):
    session.expire_all()
    return session.scalars(select(Import).order_by(Import.id.desc())).first()


def test_from_file_to_people_and_back(session, desk):
    send_file(desk)
    assert "What are the columns?" in desk.text
    desk.send("/columns")
    assert "Reading the rows: 0 of 2" in desk.text
    work(session, the_import(session))
    desk.open(desk.path)
    assert "1 new person" in desk.text
    assert "1 row to put right" in desk.text
    desk.send("/start")
    assert "Comparing them with whom we know" in desk.text
    work(session, the_import(session))
    desk.open(desk.path)
    assert "<h1>Imported</h1>" in desk.text
    assert "Amina Okafor" in desk.open("/desk/people").text
    here = f"{PAGE}/{the_import(session).key}"
    desk.open(f"{here}/undo")
    assert "1 new person is removed" in desk.text
    desk.send("/undo")
    work(session, the_import(session))
    desk.open(here)
    assert "<h1>Undone</h1>" in desk.text
    assert "Amina Okafor" not in desk.open("/desk/people").text


def test_one_pair_has_no_answer_for_all_and_a_chosen_organisation_is_said(session, desk):
    for place in "AB":
        make_guest(session, email=f"{place}@old.example", name=f"{place} Okafor")
    text = "Name,Email,Organisation\nA Okafor,a@new.example,Harp House\n"
    for number, more in ((1, ""), (2, "B Okafor,b@new.example,Lute Lane\n")):
        send_file(desk, text + more)
        desk.send("/columns")
        work(session, the_import(session))
        here = f"{PAGE}/{the_import(session).key}"
        desk.open(f"{here}/pairs")
        assert ("The same answer for all" in desk.text) is (number == 2)
    desk.open(f"{here}/organisations")
    desk.send("/organisations", for_all="add")
    work(session, the_import(session))
    assert "You have chosen for 2 of them." in desk.open(here).get_data(as_text=True)


def test_pressing_twice_imports_once(session, desk):
    send_file(desk)
    desk.send("/columns")
    one = work(session, the_import(session))
    desk.open(f"{PAGE}/{one.key}")
    form = desk.form("/start")
    for _ in range(2):
        answer = desk.client.post(form.action, data=dict(form.fields), follow_redirects=True)
        assert answer.status_code == 200
    assert work(session, one).tallies["new"] == 1
    desk.open(f"{PAGE}/{one.key}")
    again = desk.client.post(form.action, data=dict(form.fields), follow_redirects=True)
    assert "<h1>Imported</h1>" in again.text


def test_what_is_no_list_is_refused_in_words(desk, session):
    send_file(desk, "\x00\x01", "picture.png")
    assert desk.page.status_code == 422
    assert "This is neither an Excel file (.xlsx) nor a CSV file." in desk.text
    assert session.scalars(select(Import.id)).all() == []


def test_only_this_page_takes_a_large_body_and_not_a_larger_one(desk):
    """The length is enough to say no: nothing of it is read."""

    def answer(path, size):
        said = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
        return desk.client.post(path, environ_overrides=said)

    assert answer("/desk/people/new", 2_000_000).status_code == 413
    assert answer(PAGE, 2_000_000).status_code == 400  # No form token in it.
    assert answer(PAGE, 9_000_000).status_code == 413


def test_an_old_page_does_not_start_what_it_did_not_show(session, desk):
    send_file(desk)
    desk.send("/columns")
    one = work(session, the_import(session))
    desk.open(f"{PAGE}/{one.key}")
    form = desk.form("/start")
    starting.set_manner(
        session, key=one.key, keep=Keep.FILE, takes_leavers=False, version=one.version
    )
    work(session, one)
    answer = desk.client.post(form.action, data=dict(form.fields), follow_redirects=True)
    assert "This import has moved on since the page was opened." in answer.text
    assert the_import(session).state is ImportState.PREVIEW


def test_it_asks_who_it_is_before_a_list_is_loaded(session, desk, at):
    with at(NOW + timedelta(minutes=11)):
        assert "/account/again" in desk.open(PAGE).request.path or "again" in desk.path


def test_the_rows_are_deleted_after_thirty_days(session):
    make_person(session, email="ben@example.org", name="Ben", organisation="")
    bring_in(session, "Name,Email,Company\nA,a@example.org,\nBen,ben@example.org,Harp\n")
    carry_out(session, NOW + timedelta(days=30))
    assert len(session.scalars(select(ImportRow.id)).all()) == 2
    late = NOW + timedelta(days=31)
    assert carry_out(session, late) == 2
    session.commit()
    assert session.scalars(select(ImportRow.id)).all() == []


def test_a_list_that_would_change_nothing_says_so(session, desk):
    make_person(session, email="amina@example.org", name="Amina Okafor")
    one = load(session, "Name,Email\nAmina Okafor,amina@example.org\n")
    desk.open(f"{PAGE}/{one.key}")
    assert "Nothing in this file would change anything." in desk.text
    desk.send("/discard")
    assert "The file is thrown away." in desk.text
    assert session.scalars(select(ImportRow.id)).all() == []


def test_checks_are_offered_to_those_alone_who_look_after_them(session, desk):
    load_kinds(session)
    session.commit()
    checked = "Name,Email,Check,Seen on\nAmina Okafor,amina@example.org,references,3/5/2026\n"
    send_file(desk, checked)
    assert ("Check: seen on" in desk.text, "3/5/2026" in desk.text) == (False, False)
    jo = session.scalars(select(Person).where(Person.name == "Jo Field")).one()
    session.add(RoleGrant(person_id=jo.id, role=Role.SAFEGUARDING_LEAD, granted_at=NOW))
    session.commit()
    send_file(desk, checked)
    assert ("Check: seen on" in desk.text, "3/5/2026" in desk.text) == (True, True)
    desk.send("/columns")
    work(session, the_import(session))
    desk.open(f"{PAGE}/{the_import(session).key}/rows/new")
    assert "Check: Two references, seen 3 May 2026" in desk.text
