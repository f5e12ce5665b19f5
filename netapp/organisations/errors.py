"""Why the register cannot be changed as somebody asked."""

from netapp.kernel.errors import DomainError


class InRegister(DomainError):
    """``slug`` leads to the organisation that has the name."""

    message = "An organisation of that name is in the register. Change that one instead."

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class HasThatName(DomainError):
    message = "It has that name already."


class NotYet(DomainError):
    message = "That day is still to come. Choose today or an earlier day."


class SameOrganisation(DomainError):
    message = "That is the same organisation. Choose another one."


class WorksThere(DomainError):
    message = "That organisation is in the list already."


class EndsBeforeItStarts(DomainError):
    message = "The last day is before the first. Choose a later day."


class HasLeft(DomainError):
    message = "They do not work there any more."


class NotOneOfThem(DomainError):
    message = "Only somebody of the organisation can be its contact. Give them a seat first."
