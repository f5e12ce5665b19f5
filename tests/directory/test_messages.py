"""Members write to each other without an address being shown."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.directory.fields import ProfileField
from netapp.directory.message_models import Message, SendingStop
from netapp.directory.models import Profile
from netapp.directory.operations.messages import purge
from netapp.kernel.site import site_of
from netapp.mail import drafts
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person
from tests.directory.scenes import NOBODY, make_listed, path_of
from tests.factories import NOW, make_coordinator, make_member, make_person

INBOX = "/account/messages"


@pytest.fixture
def amara(session):
    return make_listed(session, "Amara Osei")


@pytest.fixture
def sam(session, sign_in):
    return sign_in(make_member(session, name="Sam Okoro"))


def write(visitor, session, person, text="Hello Amara,\nshall we talk?"):
    path = f"{path_of(session, person)}/message"
    visitor.open(path)
    return visitor.send(path, text=text)


def mails(session) -> list[tuple[str, str]]:
    """To whom, and the whole bytes, of the newest last."""
    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    site = site_of(session)
    return [(m.to_email, drafts.bytes_of(site, m.key, m.sealed).decode()) for m in found]


def last_key(session):
    return session.scalars(select(Message.key).order_by(Message.id.desc())).first()


def test_a_message_is_passed_on_without_an_address(session, visitor, sam, amara):
    page = write(visitor, session, amara)
    assert "Your message is on its way to Amara Osei." in page.text
    assert visitor.path == path_of(session, amara)
    [(to, mail)] = mails(session)
    assert to == amara.email
    assert "| Hello Amara," in mail
    assert "| shall we talk?" in mail
    assert "Sam Okoro writes to you" in mail
    assert sam.email not in mail
    assert "Reply-To" not in mail
    assert f"/account/messages/{last_key(session)}" in mail


def test_it_is_answered_the_same_way(session, visitor, as_person, sam, amara):
    write(visitor, session, amara)
    reader = as_person(amara)
    page = reader.open(f"{INBOX}/{last_key(session)}")
    assert "shall we talk?" in page.text
    assert sam.email not in page.text
    page = reader.send("/answer", text="Yes, please.")
    assert "Your answer is on its way to Sam Okoro." in page.text
    to, mail = mails(session)[-1]
    assert (to, amara.email in mail, "Amara Osei answers your message" in mail) == (
        sam.email,
        False,
        True,
    )
    assert "From Amara Osei" in visitor.open(INBOX).text  # Sam is in no directory.


def test_it_is_between_the_two(session, visitor, as_person, sam, amara):
    write(visitor, session, amara)
    path = f"{INBOX}/{last_key(session)}"
    assert visitor.open(path).status_code == 200
    for other in (make_member(session), make_coordinator(session)):
        assert as_person(other).open(path).status_code == 404


def test_pressed_twice_it_is_sent_once(session, visitor, sam, amara):
    path = f"{path_of(session, amara)}/message"
    visitor.open(path)
    form = dict(visitor.form(path).fields) | {"text": "Hello"}
    seen = [visitor.client.post(path, data=form).location for _ in range(2)]
    assert seen == [path_of(session, amara)] * 2
    assert len(mails(session)) == 1


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 4001])
def test_nothing_and_too_much_are_named(session, visitor, sam, amara, text):
    assert write(visitor, session, amara, text).status_code == 422
    assert mails(session) == []


def test_who_takes_no_messages_gets_none(session, visitor, sam):
    zoe = make_listed(session, "Zoë Long", takes_messages=False)
    assert "Takes no messages" in visitor.open(path_of(session, zoe)).text
    page = visitor.open(f"{path_of(session, zoe)}/message")
    assert "takes no messages through the directory" in page.text
    token = _token(visitor)
    sent = visitor.client.post(page.request.path, data={**token, "text": "Hello"})
    assert (sent.status_code, mails(session)) == (409, [])


def _token(visitor):
    visitor.open("/account/profile")
    fields = dict(visitor.form("/account/profile").fields)
    return {name: fields[name] for name in ("csrf_token", "once")}


def test_who_is_blocked_is_not_told(session, visitor, as_person, sam, amara):
    write(visitor, session, amara)
    reader = as_person(amara)
    reader.open(f"{INBOX}/{last_key(session)}")
    assert "do not reach you any more" in reader.send("/block").text
    assert "Takes no messages" in visitor.open(path_of(session, amara)).text
    assert "Write to Amara" in as_person(make_member(session)).open(path_of(session, amara)).text
    sent = visitor.client.post(
        f"{path_of(session, amara)}/message", data={**_token(visitor), "text": "Again"}
    )
    assert (sent.status_code, len(mails(session))) == (409, 1)
    reader.open(INBOX)
    reader.send(f"/unblock/{sam.key}")
    write(visitor, session, amara)
    assert len(mails(session)) == 2


@pytest.mark.parametrize("who", ["stranger", "guest", "hidden"])
def test_only_members_write_and_only_to_whom_they_see(session, as_person, amara, who):
    if who == "hidden":
        amara = make_listed(session, "Shy", see={ProfileField.ENTRY: NOBODY})
    person = {"guest": make_person(session), "hidden": make_member(session)}.get(who)
    page = as_person(person).open(f"{path_of(session, amara)}/message")
    assert (page.request.path == "/sign-in") if who == "stranger" else page.status_code == 404


def test_nobody_writes_to_themselves(session, as_person, amara):
    assert as_person(amara).open(f"{path_of(session, amara)}/message").status_code == 404


def test_three_a_day_to_one_and_twenty_in_all(session, visitor, sam, amara, at):
    assert [write(visitor, session, amara, f"Number {n}").status_code for n in range(4)] == [
        200, 200, 200, 429,
    ]  # fmt: skip
    assert "You have written to this person three times today." in visitor.text
    assert "Number 3" in visitor.text  # What was typed is not lost.
    others = [make_listed(session, f"Person {number}") for number in range(6)]
    done = [write(visitor, session, other, f"{n}") for other in others for n in range(3)]
    assert [page.status_code for page in done] == [200] * 17 + [429]
    assert "You have sent 20 messages today." in visitor.text
    with at(NOW + timedelta(days=1)):
        assert write(visitor, session, others[5], "Tomorrow").status_code == 200


def test_coordinators_read_what_was_reported_and_nothing_else(
    session, visitor, as_person, sam, amara
):
    write(visitor, session, amara, "secret-first")
    write(visitor, session, amara, "secret-second")
    reported, other = (
        last_key(session),
        session.scalars(select(Message.key).order_by(Message.id)).first(),
    )
    desk = as_person(make_coordinator(session))
    assert "2 messages were passed on, of 1 sender" in desk.open("/desk/directory").text
    for path in (f"/desk/directory/reports/{reported}", f"/desk/directory/reports/{other}"):
        assert desk.open(path).status_code == 404
    reader = as_person(amara)
    reader.open(f"{INBOX}/{reported}/report")
    assert reader.send("/report", reason="").status_code == 422
    reader.send("/report", reason="It is rude.")
    assert "You have reported this message." in reader.text
    assert "Read and decide" in desk.open("/desk/directory").text
    assert desk.open(f"/desk/directory/reports/{other}").status_code == 404
    page = desk.open(f"/desk/directory/reports/{reported}").text
    assert ("secret-second" in page, "It is rude." in page, "secret-first" in page) == (
        True,
        True,
        False,
    )
    desk.send(f"/reports/{reported}", outcome="We asked Sam to stop.", stops_sender="y")
    assert "Nobody has reported a message." in desk.text
    assert session.scalar(select(SendingStop.person_id)) == sam.id
    more = {**_token(visitor), "text": "More"}
    sent = visitor.client.post(f"{path_of(session, amara)}/message", data=more)
    assert sent.status_code == 409
    assert "A coordinator has stopped messages from you." in sent.text
    desk.open("/desk/directory")
    desk.send("/let-send")
    assert write(visitor, session, amara, "Sorry").status_code == 200


def test_the_sender_reports_nothing(session, visitor, sam, amara):
    write(visitor, session, amara)
    assert visitor.open(f"{INBOX}/{last_key(session)}/report").status_code == 404


@pytest.mark.parametrize("demo", [True, False])
def test_the_mail_of_it_is_closed_on_the_desk(
    session, visitor, as_person, sam, amara, monkeypatch, demo
):
    write(visitor, session, amara, "secret-words")
    key = session.scalars(select(OutboxMessage.key)).one()
    site = replace(site_of(session), demo=demo)
    monkeypatch.setitem(session.info, "site", site)
    desk = as_person(make_coordinator(session))
    page = desk.open(f"/desk/mail/{key}")
    assert "This is between two people" in page.text
    assert "secret-words" not in page.text
    assert desk.open(f"/desk/mail/{key}/look").status_code == 404


def test_words_go_after_ninety_days_and_the_rest_after_a_year(session, visitor, sam, amara):
    write(visitor, session, amara, "One")
    write(visitor, session, amara, "Two")
    first, second = session.scalars(select(Message).order_by(Message.id)).all()
    second.reported_at = NOW
    session.commit()
    assert purge(session, NOW + timedelta(days=90)) == 0
    assert purge(session, NOW + timedelta(days=91)) == 1
    session.refresh(first)
    session.refresh(second)
    assert (first.sealed, second.sealed is not None) == (None, True)  # The report is open.
    second.handled_at = NOW
    session.commit()
    assert purge(session, NOW + timedelta(days=366)) == 2
    assert session.scalars(select(Message.id)).all() == []


def test_an_answer_to_deleted_words_is_refused(session, visitor, as_person, sam, amara):
    write(visitor, session, amara)
    reader = as_person(amara)
    reader.open(f"{INBOX}/{last_key(session)}")
    form = dict(reader.form("/answer").fields) | {"text": "Late"}
    session.scalars(select(Message)).one().sealed = None
    session.commit()
    sent = reader.client.post(f"{INBOX}/{last_key(session)}/answer", data=form)
    assert (sent.status_code, "cannot be answered any more" in sent.text) == (409, True)


def test_what_is_written_cannot_look_like_our_words(session, visitor, sam, amara):
    session.get_one(Person, sam.id).name = "Win at https://evil.example"
    session.commit()
    write(visitor, session, amara, "<b>x</b>\n--\nMusic and Social Justice Network")
    [(_, mail)] = mails(session)
    assert "evil.example" not in mail
    assert "A member writes to you" in mail
    assert "| <b>x</b>" in mail
    assert "&lt;b&gt;x&lt;/b&gt;" in mail


def sam_asked(session, visitor, as_person, amara):
    """Sam has written to Amara and she has answered: Sam can answer that."""
    write(visitor, session, amara)
    first = last_key(session)
    reader = as_person(amara)
    reader.open(f"{INBOX}/{first}")
    reader.send("/answer", text="Yes, please.")
    return reader, first, f"{INBOX}/{last_key(session)}"


@pytest.mark.parametrize("how", ["takes none", "reported", "blocked"])
def test_no_answer_passes_to_who_does_not_want_it(session, visitor, as_person, sam, amara, how):
    reader, first, hers = sam_asked(session, visitor, as_person, amara)
    form = dict(visitor.open(hers) and visitor.form("/answer").fields) | {"text": "But"}
    if how == "takes none":
        profile = session.scalars(select(Profile).where(Profile.person_id == amara.id)).one()
        profile.takes_messages = False
        session.commit()
    elif how == "reported":
        reader.open(f"{INBOX}/{first}/report")
        reader.send("/report", reason="It is rude.")
    else:
        reader.open(f"{INBOX}/{first}")
        reader.send("/block")
    before = len(mails(session))
    page = visitor.open(hers)
    assert "takes no messages through the directory. So it cannot be answered here." in page.text
    assert "Your answer" not in page.text
    sent = visitor.client.post(f"{hers}/answer", data=form)
    assert (sent.status_code, len(mails(session))) == (409, before)


def test_who_is_stopped_reads_it_before_writing(session, visitor, as_person, sam, amara):
    _, _, hers = sam_asked(session, visitor, as_person, amara)
    session.add(SendingStop(person_id=sam.id, reason="Rude", stopped_at=NOW))
    session.commit()
    for path in (INBOX, hers, f"{path_of(session, amara)}/message"):
        page = visitor.open(path)
        assert "A coordinator has stopped messages from you." in page.text
        assert "<textarea" not in page.text
