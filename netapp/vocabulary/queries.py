"""Reads of the controlled lists."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.vocabulary.models import Term, TermKind


def terms_by_kind(session: DbSession) -> dict[TermKind, list[Term]]:
    """All terms, kind by kind, each in the order of its list; a kind without terms is left out."""
    terms = session.scalars(select(Term).order_by(Term.position, Term.id)).all()
    order = list(TermKind)
    by_kind = sorted(terms, key=lambda term: order.index(term.kind))
    return {kind: list(group) for kind, group in groupby(by_kind, key=lambda term: term.kind)}


def areas(session: DbSession) -> Sequence[Term]:
    """Where people work, in the order of the list."""
    wanted = select(Term).where(Term.kind == TermKind.AREA).order_by(Term.position, Term.id)
    return session.scalars(wanted).all()


def find_term(session: DbSession, slug: str) -> Term | None:
    return session.scalar(select(Term).where(Term.slug == slug))


def find_terms(session: DbSession, slugs: Sequence[str]) -> Sequence[Term]:
    """The terms among these slugs, in the order of their lists; unknown slugs are left out."""
    wanted = select(Term).where(Term.slug.in_(slugs)).order_by(Term.position, Term.id)
    return session.scalars(wanted).all()
