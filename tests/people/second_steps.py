"""Signing in with a password, for the tests of the second step."""

from netapp.people import passwords

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)
STEP = "/sign-in/second-step"


def give_password(visitor, email="jo@example.org", **more):
    visitor.open("/sign-in" + (f"?next={more.pop('next')}" if "next" in more else ""))
    visitor.send("/sign-in", email=email, password=PASSWORD, way="password", **more)


def is_signed_in(visitor):
    visitor.open("/account")
    return visitor.path == "/account"
