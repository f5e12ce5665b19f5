"""What the pages about an import share: which one it is, who looks at it, one button."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.imports.models import Import
from netapp.imports.operations import starting
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.people.session import require_person
from netapp.web import once


def import_or_404(key: str) -> Import:
    return starting.find(db.session(), key)


def sees_checks() -> bool:
    """Whether whoever looks at it looks after checks."""
    return require_person().is_safeguarding_lead


def press(
    key: str, name: str, act: Callable[[], object], target: str = "", said: str = ""
) -> ResponseReturnValue:
    """One button: do it once, say why where it cannot be done, go back to the import."""
    here = url_for("imports.show", key=key)
    try:
        with unit_of_work(db.session):
            if once.begin(f"import.{name}:{key}", utcnow()) is None:
                act()
                once.finish(target or here)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
        return redirect(here, code=303)
    if said:
        flash(said, "success")
    return redirect(target or here, code=303)
