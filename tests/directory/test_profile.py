"""One's own profile: what it starts with, what is kept, what cannot be chosen, what others see."""

from datetime import date

import pytest
from sqlalchemy import select

from netapp.directory.fields import ProfileField
from netapp.directory.models import FieldLock, FieldRule, Profile
from netapp.directory.queries.catalogue import SCOPE
from netapp.kernel.revisions import revision_of
from netapp.vocabulary.operations import load_terms
from tests.directory.scenes import EVERYONE, MEMBERS, NOBODY, make_profile, path_of
from tests.factories import NOW, make_member, make_membership, make_person

HERE = "/account/profile"


@pytest.fixture
def amara(session, sign_in):
    load_terms(session, now=NOW)
    session.commit()
    return sign_in(make_member(session, name="Amara Osei", area="area-london"))


def kept(session, person):
    return session.scalars(
        select(Profile)
        .where(Profile.person_id == person.id)
        .execution_options(populate_existing=True)
    ).one()


def chosen(visitor):
    return {
        name.removeprefix("see_"): value
        for name, value in visitor.form(HERE).fields
        if name.startswith("see_")
    }


def test_nothing_is_public_and_nobody_is_listed_to_begin_with(visitor, amara):
    visitor.open(HERE)
    found = chosen(visitor)
    hidden = {name for name, value in found.items() if value == "nobody"}
    assert hidden == {"entry", "phone", "organisations", "areas"}  # Told when they joined.
    assert set(found.values()) == {"nobody", "members"}
    assert ("areas", "area-london") in visitor.form(HERE).fields  # To be seen before it is saved.


def test_it_is_kept(session, visitor, amara):
    visitor.open(HERE)
    page = visitor.send(
        HERE,
        see_entry="members",
        role="Music leader",
        about="I sing.\nA lot.",
        website="www.example.org/amara",
        phone="020 7946 0123",
        see_phone="members",
        needs=["send", "mental-health"],
    )
    assert "Members find you in the directory." in page.text
    profile = kept(session, amara)
    assert (profile.role, profile.about) == ("Music leader", "I sing.\nA lot.")
    assert profile.website == "https://www.example.org/amara"
    assert (profile.see_entry, profile.see_phone, profile.see_role) == (MEMBERS, MEMBERS, MEMBERS)
    fields = visitor.form(HERE).fields
    assert [value for name, value in fields if name == "needs"] == ["send", "mental-health"]
    visitor.send(HERE, needs="send")
    assert [value for n, value in visitor.form(HERE).fields if n == "needs"] == ["send"]
    assert revision_of(session, SCOPE)[0] == 2


def test_wrong_input_is_named_and_kept(visitor, amara):
    visitor.open(HERE)
    page = visitor.send(HERE, website="javascript:alert(1)", phone="ring me", about="x" * 2001)
    assert page.status_code == 422
    assert "Enter the address of a website, like www.example.org." in page.text
    assert "Enter a phone number in digits, like 020 7946 0123." in page.text
    assert "Shorten this to 2,000 characters. It has 2,001." in page.text
    fields = dict(visitor.form(HERE).fields)
    assert (fields["website"], fields["phone"]) == ("javascript:alert(1)", "ring me")


def test_a_stale_edit_shows_both_and_loses_nothing(session, visitor, as_person, amara):
    visitor.open(HERE)
    visitor.send(HERE, role="First")
    other = as_person(amara)
    other.open(HERE)
    visitor.send(HERE, role="By laptop")
    page = other.send(HERE, role="By phone")
    assert page.status_code == 409
    assert "By laptop" in page.text
    assert "By phone" in page.text
    other.send(HERE)
    assert kept(session, amara).role == "By phone"


def test_a_repeated_form_leads_to_the_first_result(session, visitor, amara):
    visitor.open(HERE)
    form = dict(visitor.form(HERE).fields)
    seen = [visitor.client.post(HERE, data=form).location for _ in range(2)]
    assert seen == [HERE, HERE]
    assert kept(session, amara).version == 1


def test_a_lock_leaves_nothing_to_choose_and_says_why(session, visitor, amara):
    session.add(
        FieldRule(field=ProfileField.PHONE, most=NOBODY, reason="Phones stay private.", set_at=NOW)
    )
    session.add(
        FieldLock(
            person_id=amara.id, field=ProfileField.ABOUT, reason="Please ask us.", locked_at=NOW
        )
    )
    session.commit()
    page = visitor.open(HERE)
    assert "A coordinator decided: Phones stay private." in page.text
    assert "A coordinator decided: Please ask us." in page.text
    assert {"phone", "about"} & set(chosen(visitor)) == set()
    visitor.send(HERE, about="Kept for me", see_entry="members")
    assert kept(session, amara).about == "Kept for me"


def test_what_is_not_offered_is_refused(session, visitor, amara):
    """Chosen on a page that was opened before it was locked, or by hand."""
    session.add(FieldRule(field=ProfileField.PHONE, most=MEMBERS, reason="Not public.", set_at=NOW))
    session.commit()
    visitor.open(HERE)
    form = dict(visitor.form(HERE).fields) | {"see_phone": "everyone", "phone": "020 7946 0123"}
    assert visitor.client.post(HERE, data=form).status_code == 422
    assert session.scalar(select(Profile.id)) is None


def test_a_young_member_is_never_public(session, sign_in, visitor):
    load_terms(session, now=NOW)
    ada = sign_in(make_person(session, name="Ada"))
    make_membership(session, person_id=ada.id, kind="young-member")
    page = visitor.open(HERE)
    assert "your profile is never public" in page.text
    assert set(chosen(visitor).values()) == {"nobody"}
    assert "Also a page for anybody" not in page.text
    form = dict(visitor.form(HERE).fields) | {"see_entry": "everyone"}
    assert visitor.client.post(HERE, data=form).status_code == 422
    visitor.open(HERE)
    visitor.send(HERE, see_entry="members")
    assert (kept(session, ada).see_entry, kept(session, ada).takes_messages) == (MEMBERS, False)


def test_who_becomes_young_is_public_no_more(session, as_person):
    ada = make_person(session, name="Ada")
    make_membership(session, person_id=ada.id, kind="young-member")
    make_profile(session, ada, see={ProfileField.ENTRY: EVERYONE, ProfileField.ROLE: EVERYONE})
    assert as_person(None).open(path_of(session, ada)).status_code == 404


def test_the_preview_shows_what_others_would_see(visitor, amara):
    visitor.open(HERE)
    visitor.send(HERE, role="Music leader", see_role="everyone", about="For members only")
    page = visitor.open(f"{HERE}/preview")
    assert "You are not in the directory" in page.text
    assert "For members only" in page.text
    page = visitor.open(f"{HERE}/preview?as=public")
    assert "You have no public page" in page.text
    assert "Music leader" in page.text
    assert "For members only" not in page.text
    visitor.open(HERE)
    visitor.send(HERE, see_entry="everyone")
    assert "This is what everyone sees" in visitor.open(f"{HERE}/preview?as=public").text


def test_without_a_profile_the_preview_leads_to_it(visitor, amara):
    visitor.open(f"{HERE}/preview")
    assert visitor.path == HERE


def test_who_is_no_member_writes_but_is_not_shown(session, sign_in, visitor, as_person):
    load_terms(session, now=NOW)
    guest = sign_in(make_person(session, name="Not Yet"))
    assert "Only members are in the directory." in visitor.open(HERE).text
    visitor.send(HERE, see_entry="everyone")
    assert as_person(None).open(path_of(session, guest)).status_code == 404
    make_membership(session, person_id=guest.id)
    assert as_person(None).open(path_of(session, guest)).status_code == 200


def test_not_now_is_remembered(session, visitor, amara):
    visitor.client.post(f"{HERE}/not-now", data=_token(visitor))
    profile = kept(session, amara)
    assert (profile.answered_at, profile.see_entry) == (NOW, NOBODY)


def _token(visitor):
    visitor.open(HERE)
    return {"csrf_token": dict(visitor.form(HERE).fields)["csrf_token"]}


def test_strangers_sign_in_first(as_person):
    assert as_person(None).open(HERE).request.path == "/sign-in"


def test_membership_that_ended_takes_the_entry_away(session, as_person):
    zoe = make_person(session, name="Zoë Long")
    make_profile(session, zoe, see={ProfileField.ENTRY: EVERYONE})
    make_membership(session, person_id=zoe.id, ends_on=date(2026, 12, 1))  # Grace has ended, too.
    assert as_person(None).open(path_of(session, zoe)).status_code == 404
    make_membership(session, person_id=zoe.id, ends_on=date(2027, 1, 5))  # In its days of grace.
    assert as_person(None).open(path_of(session, zoe)).status_code == 200
