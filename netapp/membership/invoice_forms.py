"""Shape of what coordinators type about invoices."""

from wtforms.validators import DataRequired, InputRequired, ValidationError

from netapp.membership.money_forms import PoundsField
from netapp.web.edits import VersionField
from netapp.web.forms import BaseForm, DayField, LongTextField, NumberField, TextField


class PaidForm(BaseForm):
    version = VersionField()
    paid_on = DayField("Paid on", validators=[InputRequired("Enter the day.")])
    note = TextField("Note", max_length=200)

    def validate_paid_on(self, field: DayField) -> None:
        if field.day is None:
            raise ValidationError("Enter a day, like 21/1/2027.")


class CancelForm(BaseForm):
    version = VersionField()
    reason = TextField(
        "Why", max_length=200, validators=[DataRequired("Say why: it stands on the credit note.")]
    )


class InvoiceDetailsForm(BaseForm):
    version = VersionField()
    sender = LongTextField(
        "Who sends them",
        max_length=600,
        validators=[DataRequired("Enter name and address, as they stand on the invoice.")],
    )
    payment = LongTextField(
        "How to pay",
        max_length=600,
        validators=[DataRequired("Say how to pay, with the bank account.")],
    )
    due_days = NumberField(
        "Days to pay",
        at_least=0,
        at_most=365,
        validators=[InputRequired("Enter a number of days, like 30.")],
    )
    remind_days = NumberField(
        "Days from the due date to a reminder",
        at_least=1,
        at_most=92,
        validators=[InputRequired("Enter a number of days, like 7.")],
    )


class ByHandForm(BaseForm):
    """An invoice for a term that a coordinator gave."""

    amount = PoundsField(
        "Amount, in pounds", hint="The fee of the kind. Change it if another was agreed."
    )
    order_number = TextField(
        "Order number", max_length=60, hint="If they gave one: it stands on the invoice."
    )

    def validate_amount(self, field: PoundsField) -> None:
        if not field.pence:
            raise ValidationError("Enter an amount above 0, like 25 or 25.50.")
