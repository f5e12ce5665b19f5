"""Joining: choose a kind, a few fields, a code that confirms the address, and it is done or asked
for. Somebody who is signed in is not asked again what we know."""

import logging
from dataclasses import asdict
from typing import Any, Final

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel import submissions
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.site import site_of
from netapp.membership.application_models import Application
from netapp.membership.errors import HasAsked, HasThisKind, KindClosed
from netapp.membership.join_forms import NAMES, JoinCodeForm, JoinForm, is_known
from netapp.membership.links import application_key
from netapp.membership.models import AgeBand, Holder, MembershipKind
from netapp.membership.operations.applying import Answers, apply
from netapp.membership.queries.kinds import asked_fields, find_kind, open_kinds
from netapp.membership.queries.register import listed_names
from netapp.people import sign_ins as browser
from netapp.people.addresses import shown
from netapp.people.errors import CodeEnded, TooManyMails, WrongCode
from netapp.people.models import Person
from netapp.people.operations import codes, second_step
from netapp.people.session import current_person
from netapp.vocabulary.queries import areas, find_term
from netapp.web import once
from netapp.web.policy import everyone, policy

bp = Blueprint("join", __name__, url_prefix="/join")
log = logging.getLogger(__name__)

LONGEST_KEY: Final = 64
AN_HOUR: Final = "3600"  # In seconds.


@bp.get("")
@policy(everyone)
def index() -> ResponseReturnValue:
    return render_template("membership/join.html", kinds=open_kinds(db.session))


@bp.get("/<slug>")
@policy(everyone)
def form(slug: str) -> ResponseReturnValue:
    kind = _open_kind(slug)
    return _form_page(kind, _form(kind, empty=True))


@bp.post("/<slug>")
@policy(everyone)
def send(slug: str) -> ResponseReturnValue:
    kind, person = _open_kind(slug), current_person()
    filled = _form(kind)
    if person is None and not _is_open_to_strangers():
        return _form_page(kind, filled), 403
    if not filled.validate():
        return _form_page(kind, filled), 422
    answers = filled.answers(kind, person)
    if person is None:
        return _mail_code(kind, filled, answers)
    now = utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"join {slug}", now):
                return redirect(earlier.result, code=303)
            made = apply(db.session, kind=slug, person_id=person.id, answers=answers, now=now)
            target = once.finish(_result(made))
    except (KindClosed, HasThisKind, HasAsked) as refusal:
        return _form_page(kind, filled, refusal), 409
    return redirect(target, code=303)


@bp.get("/code/<key>")
@policy(everyone)
def code(key: str) -> ResponseReturnValue:
    """For the browser that sent the form, for a day."""
    return _code_page(key, JoinCodeForm(formdata=None))


@bp.post("/code/<key>")
@policy(everyone)
def use_code(key: str) -> ResponseReturnValue:
    """The right code confirms the address, makes the account where there is none, sends what was
    typed, and signs in: all or nothing."""
    typed, detail = JoinCodeForm(), _typed_before(key)
    if detail is None:
        return redirect(url_for(".index"), code=303)
    if not typed.validate():
        return _code_page(key, typed, status=422)
    now, asking = utcnow(), once.browser_hash()
    refused: DomainError | None = None
    try:
        with unit_of_work(db.session):
            left = codes.count_try(db.session, browser=asking, now=now)
        if not left:
            raise CodeEnded
        with unit_of_work(db.session):
            person_id = codes.use_code(db.session, browser=asking, code=typed.digits, now=now)
            try:
                with db.session.begin_nested():
                    answers = _answers_of(detail)
                    made = apply(
                        db.session,
                        kind=detail["join"],
                        person_id=person_id,
                        answers=answers,
                        now=now,
                    )
                target = _result(made)
            except (KindClosed, HasThisKind, HasAsked) as refusal:  # They are who they say.
                refused, target = refusal, url_for("my_membership.show")
            entry = second_step.enter(
                db.session,
                person_id=person_id,
                device=browser.this_device(),
                replaces=browser.current_token(),
                now=now,
            )
    except WrongCode as refusal:
        log.warning("joining refused: wrong code")
        typed.code.errors = [refusal.message]
        return _code_page(key, typed, status=422)
    except CodeEnded as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".form", slug=detail["join"]), code=303)
    if refused:
        flash(refused.message, "info")
    return browser.enter(entry, target)


def _mail_code(kind: MembershipKind, filled: JoinForm, answers: Answers) -> ResponseReturnValue:
    """What was typed waits under the key of the form until the code shows whose it is; the answer
    is the same whether or not we know the address."""
    now, email = utcnow(), filled.email.address
    if submissions.find(db.session(), key=once.sent_key(), owner=once.owner()) is None:
        with unit_of_work(db.session):
            client = browser.client_address()
            within = codes.count_mail(db.session, email=email, client=client, now=now)
        if not within:
            filled.email.errors = [TooManyMails.message]
            return _form_page(kind, filled), 429, {"Retry-After": AN_HOUR}
    with unit_of_work(db.session):
        if earlier := once.begin(f"join {kind.slug}", now):
            return redirect(earlier.result, code=303)
        codes.ask_to_join(
            db.session,
            email=email,
            name=filled.name.data,
            browser=once.browser_hash(),
            device=browser.this_device(),
            now=now,
        )
        band = answers.age_band.value if answers.age_band else ""
        detail = {"join": kind.slug, "email": email, **asdict(answers), "age_band": band}
        target = once.finish(url_for(".code", key=once.sent_key()), detail)
    return redirect(target, code=303)


def _typed_before(key: str) -> dict[str, Any] | None:
    sent = submissions.find(db.session(), key=key[:LONGEST_KEY], owner=once.owner())
    return sent.detail if sent and "join" in sent.detail else None


def _answers_of(detail: dict[str, Any]) -> Answers:
    band = detail["age_band"]
    return Answers(
        organisation=detail["organisation"],
        role=detail["role"],
        area=detail["area"],
        age_band=AgeBand(band) if band else None,
        reason=detail["reason"],
        order_number=detail["order_number"],
    )


def _result(made: Application) -> str:
    """The page of the application: by a capability, so that it opens also while a second step is
    still to be shown."""
    return url_for(
        "applications.show", name=made.key, key=application_key(site_of(db.session), made)
    )


def _open_kind(slug: str) -> MembershipKind:
    kind = find_kind(db.session, slug)
    if kind is None or not kind.is_open:
        abort(404)
    return kind


def _form(kind: MembershipKind, *, empty: bool = False) -> JoinForm:
    options: dict[str, Any] = {"formdata": None} if empty else {}
    return JoinForm(kind=kind, areas=areas(db.session), person=current_person(), **options)


def _is_open_to_strangers() -> bool:
    return bool(current_app.extensions["settings"].open_registration)


def _form_page(kind: MembershipKind, filled: JoinForm, refusal: DomainError | None = None) -> str:
    person = current_person()
    for_organisation = kind.holder is Holder.ORGANISATION
    return render_template(
        "membership/join_form.html",
        kind=kind,
        form=filled,
        refusal=refusal.message if refusal else "",
        known=_known(kind, person) if person else (),
        is_open=person is not None or _is_open_to_strangers(),
        for_organisation=for_organisation,
        names=listed_names(db.session) if for_organisation else (),
        fields=[NAMES[field] for field, _ in asked_fields(kind)],
        here=request.path,
    )


def _known(kind: MembershipKind, person: Person) -> list[tuple[str, str, str]]:
    """What we know of whoever is signed in, to be shown and not asked."""
    change = url_for("account.details")
    rows = [("Name", person.name, change), ("Email address", shown(person.email), "")]
    known = {field.value for field, _ in asked_fields(kind) if is_known(person, kind, field)}
    if "organisation" in known:
        rows.append(("Organisation", person.organisation, change))
    if "area" in known:
        area = find_term(db.session, person.area)
        rows.append(("Where you work", area.label if area else person.area, change))
    return rows


def _code_page(key: str, typed: JoinCodeForm, *, status: int = 200) -> ResponseReturnValue:
    detail = _typed_before(key)
    if detail is None:
        return redirect(url_for(".index"), code=303)
    page = render_template(
        "membership/join_code.html",
        form=typed,
        address=shown(detail["email"]),
        slug=detail["join"],
        here=url_for(".code", key=key),
    )
    return page, status
