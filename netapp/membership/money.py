"""Money is whole pence; people read pounds."""


def pounds(pence: int) -> str:
    """£25, £1,250.50, -£5."""
    sign = "-" if pence < 0 else ""
    whole, rest = divmod(abs(pence), 100)
    return f"{sign}£{whole:,}" + (f".{rest:02d}" if rest else "")


def exact_pounds(pence: int) -> str:
    """£25.00: as it stands on an invoice."""
    sign = "-" if pence < 0 else ""
    whole, rest = divmod(abs(pence), 100)
    return f"{sign}£{whole:,}.{rest:02d}"
