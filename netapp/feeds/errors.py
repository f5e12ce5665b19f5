from netapp.kernel.errors import DomainError


class TooManyAddresses(DomainError):
    message = (
        "You have as many calendar addresses as one person can have. "
        "End one that you no longer use, then make the new one."
    )


class AddressInUse(DomainError):
    message = (
        "This calendar address was made already, and a calendar has used it. It is shown only "
        "once: to see an address again, make a new one."
    )
