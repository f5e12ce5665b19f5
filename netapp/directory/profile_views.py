"""One's own profile: write it, say who sees each part, see it as others do."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.directory.errors import NotOffered
from netapp.directory.fields import TERM_KINDS, Audience, Visibility
from netapp.directory.forms import ProfileForm
from netapp.directory.operations import profile as operations
from netapp.directory.queries.own import Own, own_profile
from netapp.directory.queries.seen import preview
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.people.queries import as_it_is_now
from netapp.people.session import require_person
from netapp.web import once
from netapp.web.edits import carried, differences
from netapp.web.policy import policy, signed_in

bp = Blueprint("profile", __name__, url_prefix="/account/profile")

SAVED_WORDS = {
    Visibility.NOBODY: "Your profile is saved. You are not in the directory.",
    Visibility.MEMBERS: "Your profile is saved. Members find you in the directory.",
    Visibility.EVERYONE: "Your profile is saved. Members find you, and you have a public page.",
}


@bp.get("")
@policy(signed_in)
def show() -> ResponseReturnValue:
    own = _own()
    return _page(ProfileForm.of(own), own)


@bp.post("")
@policy(signed_in)
def save() -> ResponseReturnValue:
    own, now = _own(), utcnow()
    form = ProfileForm(own=own)
    if not form.validate():
        return _page(form, own), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("directory.profile", now):
                return redirect(earlier.result, code=303)
            kept = operations.save(
                db.session(),
                person_id=require_person().id,
                version=form.version.number,
                plan=form.plan,
                now=now,
            )
            target = once.finish(url_for(".show"))
            entry = kept.see_entry
    except NotOffered:  # Locked between the page and the button.
        own = _own()
        form = ProfileForm(own=own)
        form.validate()
        return _page(form, own), 422
    except StaleEdit:
        return _conflict(form), 409
    flash(SAVED_WORDS[entry] if own.is_member else "Your profile is saved.", "success")
    return redirect(target, code=303)


@bp.post("/not-now")
@policy(signed_in)
def not_now() -> ResponseReturnValue:
    with unit_of_work(db.session):
        operations.say_not_now(db.session(), person_id=require_person().id, now=utcnow())
    flash("You are not in the directory. You can change that in your profile.", "success")
    return redirect("/account", code=303)


@bp.get("/preview")
@policy(signed_in)
def look() -> ResponseReturnValue:
    """As members see it, or (``as=public``) as everyone does."""
    audience = Audience.PUBLIC if request.args.get("as") == "public" else Audience.MEMBERS
    person_id, now = require_person().id, utcnow()
    entry = preview(db.session(), person_id, audience=audience, at=now)
    if entry is None:
        return redirect(url_for(".show"), code=303)
    own = _own()
    return render_template(
        "directory/preview.html",
        entry=entry,
        own=own,
        is_public=audience is Audience.PUBLIC,
        is_on=own.is_on_for(audience),
    )


def _own() -> Own:
    session = db.session()
    return own_profile(session, as_it_is_now(session, require_person().id), at=utcnow())


def _page(form: ProfileForm, own: Own) -> str:
    lists = [field.value for field in TERM_KINDS]
    return render_template("directory/profile.html", form=form, own=own, lists=lists)


def _conflict(mine: ProfileForm) -> str:
    kept = _own()
    theirs = ProfileForm.of(kept)
    return render_template(
        "directory/profile_conflict.html",
        differences=differences(mine, theirs),
        carried=carried(request.form, ("version", "base")),
        version=theirs.version.data,
        base=theirs.base.data,
    )
