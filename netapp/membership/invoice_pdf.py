"""An invoice as a PDF that screen readers can read (PDF/UA-1, ISO 14289-1), made by typst.

What people typed goes in as data and is never run; no file but our template and fonts is read.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netapp.kernel.site import Site
from netapp.kernel.words import day_words
from netapp.membership.invoice_models import Invoice, InvoiceKind
from netapp.membership.money import exact_pounds

if TYPE_CHECKING:
    import typst

log = logging.getLogger(__name__)

DATA: Final = Path(__file__).parent / "data"
MEDIA_TYPE: Final = "application/pdf"


def pdf_of(invoice: Invoice, *, site: Site) -> bytes:
    """``credits`` is loaded where it is a credit note. The same invoice makes the same bytes.

    A name in a script for which we ship no font (such as Chinese) cannot stand in PDF/UA: then it
    is a PDF without that promise, still tagged, and the log says so.
    """
    import typst  # 8 MB, which a process that makes no invoice does without.

    values = {"data": json.dumps(_values(invoice, site))}
    try:
        return _compile(values, invoice, accessible=True)
    except typst.TypstError as refused:
        log.warning("invoice %s is no PDF/UA: %s", invoice.number, str(refused)[:200])
    return _compile(values, invoice, accessible=False)


def filename(invoice: Invoice) -> str:
    return f"{invoice.kind.value}-{invoice.number}.pdf"


def _compile(values: dict[str, str], invoice: Invoice, *, accessible: bool) -> bytes:
    import typst

    issued = invoice.issued_on
    made = typst.compile(
        input=(DATA / "invoice.typ").read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=values,
        pdf_standards=["ua-1"] if accessible else None,
        timestamp=int(datetime(issued.year, issued.month, issued.day, tzinfo=UTC).timestamp()),
    )
    return bytes(made)


@cache
def _fonts() -> typst.Fonts:
    """Ours and those within typst: the same on every machine."""
    import typst

    return typst.Fonts(font_paths=[DATA / "fonts"], include_system_fonts=False)


def _values(invoice: Invoice, site: Site) -> dict[str, Any]:
    is_credit = invoice.kind is InvoiceKind.CREDIT_NOTE
    title = f"{'Credit note' if is_credit else 'Invoice'} {invoice.number}"
    facts = [("Date", day_words(invoice.issued_on))]
    if is_credit and invoice.credits:
        facts.append(("Takes back", f"invoice {invoice.credits.number}"))
    if invoice.order_number:
        facts.append(("Your order number", invoice.order_number))
    if not is_credit:
        facts.append(("Please pay by", day_words(invoice.due_on)))
    return {
        "title": title,
        "network": site.name,
        "contact": site.contact_email,
        "sender": invoice.sender,
        "name": invoice.name,
        "facts": facts,
        "words": invoice.words,
        "amount": exact_pounds(-invoice.pence if is_credit else invoice.pence),
        "note_title": "Why",
        "note": invoice.note if is_credit else "",
        "payment": "" if is_credit else invoice.payment,
        "year": invoice.issued_on.year,
        "month": invoice.issued_on.month,
        "day": invoice.issued_on.day,
    }
