"""Forms of the pages about imports."""

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField

from netapp.imports.models import Keep
from netapp.web.edits import VersionField
from netapp.web.forms import BaseForm, choices_of


class LoadForm(BaseForm):
    file = FileField("The file")
    hint = "A spreadsheet saved as .xlsx or .csv; up to 20,000 rows and 8 MB."


class MannerForm(BaseForm):
    version = VersionField()
    keep = RadioField(
        "Where the file says something else than we hold",
        choices=choices_of(
            [
                (Keep.OURS.value, "Keep what we hold, and fill only what is empty"),
                (Keep.FILE.value, "Take what the file says"),
            ]
        ),
        default=Keep.OURS.value,
    )
    takes_leavers = BooleanField("Bring in those who left the mailing list, too")


class StartForm(BaseForm):
    version = VersionField()
    invites = BooleanField("Invite the new people by email to open an account")


class StepForm(BaseForm):
    """A button that goes on from what its page showed."""

    version = VersionField()
    for_all = HiddenField()
