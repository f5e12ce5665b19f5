"""Answer what an event asks: for whoever holds the link of the booking or of one place on it, or
is signed in as its owner. The booker answers for everybody; others only for themselves.
"""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.answers import Value
from netapp.events.booking_views import (
    LONGEST_KEY,
    LONGEST_PERSON,
    LONGEST_REFERENCE,
    closed_door,
    keep_private,
)
from netapp.events.errors import AnswersMissing, QuestionsChanged, QuestionsClosed
from netapp.events.operations.answers import save_answers
from netapp.events.queries.booking_questions import (
    BookingQuestions,
    PersonQuestions,
    booking_questions,
    booking_questions_of,
)
from netapp.events.queries.bookings import open_booking
from netapp.events.queries.named import open_place
from netapp.events.queries.questions import earlier_answers
from netapp.events.question_forms import AnswersForm, answers_form, fitting
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.words import count_words
from netapp.people.session import viewer_id
from netapp.web.policy import link_holder, policy

bp = Blueprint("questions", __name__, url_prefix="/bookings")
bp.after_request(keep_private)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers: the booker, for anybody on the booking, or one person for themselves."""

    booking_id: int
    reference: str
    by_link: bool
    own_key: str = ""  # Of the person, who is not the booker.

    @property
    def by_booker(self) -> bool:
        return not self.own_key


@bp.get("/<reference>/questions")
@policy(link_holder)
def index(reference: str) -> ResponseReturnValue:
    """Whom to answer for; where there is only one person, straight to the questions."""
    answering = _opened(reference)
    if answering is None:
        return closed_door()
    page = _questions(answering)
    if len(page.people) == 1:
        return redirect(_address(answering, page.people[0].key), code=303)
    if not page.people:
        return redirect(_way_back(answering), code=303)
    return render_template("bookings/questions_of_all.html", page=page, key=_key_for(answering))


@bp.get("/<reference>/questions/<person>")
@policy(link_holder)
def show(reference: str, person: str) -> ResponseReturnValue:
    answering = _opened(reference, person)
    if answering is None:
        return closed_door()
    page = _questions(answering)
    found = page.person(person)
    if found is None:
        return redirect(_way_back(answering), code=303)
    return _page(answering, page, found)


@bp.post("/<reference>/questions/<person>")
@policy(link_holder)
def save(reference: str, person: str) -> ResponseReturnValue:
    answering, now = _opened(reference, person), utcnow()
    if answering is None:
        return closed_door()
    page = _questions(answering)
    found = page.person(person)
    if found is None:
        return redirect(_way_back(answering), code=303)
    form = answers_form(found.to_answer, sent=True)
    if not form.validate():
        return _page(answering, page, found, form), 422
    try:
        with unit_of_work(db.session):
            saved = save_answers(
                db.session,
                booking_id=answering.booking_id,
                attendee_key=found.key,
                replies=form.replies,
                by_booker=answering.by_booker,
                same_for_all="all" in request.form,
                now=now,
            )
    except AnswersMissing as refusal:
        form.say_missing(refusal.keys)
        return _page(answering, page, found, form), 422
    except (QuestionsChanged, QuestionsClosed) as refusal:
        page = _questions(answering)
        found = page.person(person)
        if found is None:
            return redirect(_way_back(answering), code=303)
        form = answers_form(found.to_answer, sent=True)
        form.show_newest_words()
        return _page(answering, page, found, form, refusal.message), 409
    same = f" So are the same for {count_words(saved.others, 'other')}." if saved.others else ""
    flash(f"Your answers are kept.{same} Thank you.", "success")
    left = _questions(answering)
    if answering.by_booker and len(left.people) > 1 and left.wanted:
        return redirect(_address(answering), code=303)
    return redirect(_way_back(answering), code=303)


@bp.app_template_global()
def questions_on(reference: str, person: str = "") -> BookingQuestions | None:
    """What a page of a booking, or of one ``person`` on it, says of questions."""
    return booking_questions_of(db.session, reference, utcnow(), attendee_key=person)


def _opened(reference: str, person: str = "") -> Answering | None:
    """None for everybody who may not answer, whether it exists or not."""
    if len(reference) > LONGEST_REFERENCE or len(person) > LONGEST_PERSON:
        return None
    key, who = _key(), viewer_id()
    if booking := open_booking(db.session, reference, person_id=who, key=key):
        return Answering(booking.id, booking.reference, booking.by_link)
    place = open_place(db.session, reference, person, person_id=who, key=key) if person else None
    if place is None:
        return None
    return Answering(place.booking_id, place.reference, place.by_link, place.attendee_key)


def _questions(answering: Answering) -> BookingQuestions:
    return booking_questions(
        db.session, answering.booking_id, utcnow(), attendee_key=answering.own_key
    )


def _key() -> str:
    key = request.form.get("key", "") or request.args.get("key", "")
    return key if len(key) <= LONGEST_KEY else ""


def _key_for(answering: Answering) -> str:
    """The key that the forms of the page carry; its owner needs none."""
    return _key() if answering.by_link else ""


def _address(answering: Answering, person: str = "") -> str:
    key = _key_for(answering) or None
    if person:
        return url_for(".show", reference=answering.reference, person=person, key=key)
    return url_for(".index", reference=answering.reference, key=key)


def _way_back(answering: Answering) -> str:
    """To the booking, or to the page of one place on it."""
    key = _key_for(answering) or None
    if answering.by_booker:
        return url_for("bookings.show", reference=answering.reference, key=key)
    return url_for("named.place", reference=answering.reference, person=answering.own_key, key=key)


def _page(
    answering: Answering,
    page: BookingQuestions,
    person: PersonQuestions,
    form: AnswersForm | None = None,
    refusal: str = "",
) -> str:
    earlier = _earlier(answering, person)
    lines = person.to_answer
    shown = form or answers_form(
        lines, sent=False, earlier={key: value for key, (value, _) in earlier.items()}
    )
    others = [p for p in page.people if p is not person and any(x.is_wanted for x in p.lines)]
    return render_template(
        "bookings/questions.html",
        page=page,
        person=person,
        form=shown,
        lines=lines,
        closed=[x for x in person.lines if not x.is_open and x.is_met and not x.is_private],
        words_of={line.question.id: line.question.words for line in person.lines},
        key_of={line.question.id: line.question.key for line in lines},
        filled={
            line.question.id: title
            for line in lines
            if not line.is_answered
            for value, title in [earlier.get(line.question.question_id, (None, ""))]
            if fitting(line.question, value) is not None
        },
        is_own=person.is_booker or not answering.by_booker,
        others=others if answering.by_booker else [],
        key=_key_for(answering),
        back=_address(answering) if len(page.people) > 1 else _way_back(answering),
        refusal=refusal,
    )


def _earlier(answering: Answering, person: PersonQuestions) -> dict[int, tuple[Value, str]]:
    """What they told us before, for the signed-in person alone: a link shows nothing of other
    events."""
    viewer = viewer_id()
    if answering.by_link or viewer is None or not (person.is_booker or not answering.by_booker):
        return {}
    return earlier_answers(db.session, viewer, [line.question for line in person.lines])
