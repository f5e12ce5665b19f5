"""What each mail is called on the desk: one table, by the name of its templates."""

from typing import Final

KINDS: Final = {
    "events/already_booked": "Booked already",
    "events/booking_cancelled": "Booking cancelled",
    "events/booking_changed": "Booking changed",
    "events/booking_confirmed": "Booking confirmed",
    "events/booking_links": "Link to a booking",
    "events/booking_open": "Booking has opened",
    "events/booking_received": "Booking received, with dates to wait for",
    "events/decide": "Decide whether an event runs",
    "events/event_renamed": "New title of an event",
    "events/interest_asked": "Confirm an interest",
    "events/interest_known": "Interest known already",
    "events/invitation": "Calendar invitation",
    "events/invitation_cancelled": "Calendar entry cancelled",
    "events/names_wanted": "Names wanted",
    "events/needs_changed": "Access needs changed, without a word of them",
    "events/new_address": "Booking, to a new address",
    "events/offer": "Place on offer",
    "events/offer_ended": "Offer ended",
    "events/organiser_told": "Word to the organiser",
    "events/place_changed": "New place",
    "events/place_ended": "Place of a named person ended",
    "events/place_given": "Place for a named person",
    "events/place_handed_back": "Place handed back to the booker",
    "events/places_offered_back": "Places without a name given back",
    "events/questions": "Questions to answer",
    "events/reminder": "Reminder",
    "events/request_answered": "Answer to a request for access",
    "events/runs": "An event will run",
    "events/session_cancelled": "Date cancelled",
    "events/session_moved": "Date changed",
    "events/team_added": "Asked to help with an event",
    "events/undecided": "Not certain again whether an event runs",
    "events/waiting": "On the waiting list",
    "people/account_link": "Link to make an account",
    "people/address_changed": "Address changed by oneself, to the old one",
    "people/address_confirm": "Confirm a new address",
    "people/address_in_use": "Address known already",
    "people/address_known": "Account there already",
    "people/address_left": "Address changed, to the old one",
    "people/address_new": "Address changed, to the new one",
    "people/code": "Code to sign in",
    "people/link_invitation": "Invitation to open an account",
    "people/link_reset": "Link to set a password",
    "people/password_changed": "Password changed",
    "people/recovery_code_used": "Recovery code used",
    "people/second_factor_changed": "Second step changed",
    "people/second_factor_reset": "Second step taken away",
    "people/welcome": "Welcome",
}


def kind_words(message: str) -> str:
    """Booking confirmed. A kind that was sent once and is no more: its name in words."""
    return KINDS.get(message) or message.rpartition("/")[2].replace("_", " ").capitalize()
