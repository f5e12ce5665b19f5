"""Why a file is not taken, or an import cannot go on, in words for whoever loads it."""

from netapp.kernel.errors import DomainError


class FileRefused(DomainError):
    """Base of all that is wrong with a file as a whole; ``args[0]`` says what to do."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or type(self).message)

    def __str__(self) -> str:
        return str(self.args[0])


class NoFile(FileRefused):
    message = "Choose a file: a spreadsheet saved as .xlsx or as .csv."


class FileTooBig(FileRefused):
    message = "This file is larger than 8 MB. Split it, or take out pictures and other sheets."


class NotATable(FileRefused):
    message = (
        "This is neither an Excel file (.xlsx) nor a CSV file. Open it in your spreadsheet program "
        "and save it as one of the two."
    )


class OldExcel(FileRefused):
    message = (
        "This is an Excel file of the old kind (.xls). Open it in your spreadsheet program and "
        "save it as .xlsx."
    )


class Locked(FileRefused):
    message = "This file has a password. Save it without one, and load it again."


class Damaged(FileRefused):
    message = (
        "This file could not be read: it is damaged, or holds much more than a list of people. "
        "Copy the list into a new file and save it as .xlsx or .csv."
    )


class NothingIn(FileRefused):
    message = "There is nothing in this file below its first row. The first row names the columns."


class TooManyRows(FileRefused):
    message = "This file has more than 20,000 rows. Split it into several files."


class TooManyColumns(FileRefused):
    message = "This file has more than 100 columns. Take out those that are not about people."


class CellTooLong(FileRefused):
    message = "A cell in this file holds more than 5,000 characters. Shorten it or take it out."


class ColumnsWrong(DomainError):
    """``args[0]`` says which column to change."""

    def __init__(self, message: str) -> None:
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.args[0])


class ChecksAreNotYours(DomainError):
    message = (
        "This file says which checks were seen. Only somebody who looks after checks imports it; "
        "or leave those columns out."
    )


class NotNowPossible(DomainError):
    message = "This import has moved on since the page was opened. Look at it as it is now."


class StillToDecide(DomainError):
    message = "There are people to compare first: say for each whether it is the same person."


class NothingToImport(DomainError):
    message = "Nothing in this file would change anything."


class UndoOver(DomainError):
    message = "An import can be undone for 30 days. That time is over."


class Moved(Exception):
    """Between comparing and writing somebody changed what was compared: compare again."""
