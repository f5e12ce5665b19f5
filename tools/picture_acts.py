"""What somebody does on a page before its picture is taken.

Controls are found by the names of their fields and by addresses, which stay when words change.
"""

from playwright.sync_api import FilePayload, Locator, Page

from netapp.demo.examples import QUESTIONS
from netapp.demo.people import SIGN_INS, SignInDetails


class Refused(Exception):
    """What was sent came back to be put right, so that a picture of it would show no such thing."""


def demo_person(what: str) -> SignInDetails:
    return next(each for each in SIGN_INS if each.what == what)


def field(page: Page, name: str) -> Locator:
    return page.locator(f"main [name='{name}']").first


def fill(page: Page, **values: str) -> None:
    for name, text in values.items():
        field(page, name).fill(text)


def unfold(page: Page, inner: str) -> None:
    """Open whatever is folded around what the selector finds."""
    folds = page.locator("main details").filter(has=page.locator(inner))
    folds.evaluate_all("folds => folds.forEach(fold => { fold.open = true; })")


def press(button: Locator, *, asks_back: bool = False) -> None:
    """And wait for the page that comes of it. ``asks_back``: it asks before it does it. Without
    the mouse: buttons within dialogs are pressed, too, and nothing is hovered over."""
    page = button.page
    with page.expect_navigation():
        button.evaluate("each => each.click()")
    if not asks_back and page.locator("#error-summary").count():
        raise Refused(" ".join(page.locator("#error-summary").inner_text().split()))


def send(page: Page, name: str, *, asks_back: bool = False) -> None:
    """Press the button of the form with the field of that name."""
    form = page.locator("main form").filter(has=page.locator(f"[name='{name}']")).first
    press(form.locator("[type=submit]").first, asks_back=asks_back)


def send_to(page: Page, action: str) -> None:
    """Press the button of the form whose address ends like this."""
    press(page.locator(f"main form[action$='{action}'] [type=submit]").first)


def move_an_hour(page: Page) -> None:
    """From the form of a date to the page that says who will be told."""
    fill(page, starts="15:00", ends="18:30")
    send(page, "starts")


def say_every_second_thursday(page: Page) -> None:
    """From the form of a pattern to the page that lists its dates."""
    fill(page, every="2", first_day="2027-01-14", number="8")
    field(page, "leave_out").select_option(index=1)
    send(page, "every")


def show_the_booking(page: Page) -> None:
    """As it is shown right after booking."""
    page.goto(f"{page.url}?done=booked")


def give_password(page: Page, what: str = "coordinator") -> None:
    """From signing in on; for a coordinator to the second step."""
    person = demo_person(what)
    fill(page, email=person.email, password=person.password)
    with page.expect_navigation():
        field(page, "password").press("Enter")


def show_what_they_wrote(page: Page) -> None:
    send_to(page, "/needs")


def let_members_book_first(page: Page) -> None:
    """From booking and places of a draft to the form of who may book first, filled in."""
    fill(page, opens_day="2026-12-03", opens_time="09:00")
    send(page, "opens_day")
    press(page.locator("main a[href$='/windows']").first)
    field(page, "windows-0-who").select_option("members")
    fill(page, **{"windows-0-day": "2026-11-30", "windows-0-time": "09:00"})


def count_what_they_eat(page: Page) -> None:
    send_to(page, "/needs/catering")


def stay_for_supper(page: Page) -> None:
    """A yes, after which another question is asked."""
    page.get_by_label("Yes", exact=True).check(force=True)
    page.get_by_label(QUESTIONS[1].options[0], exact=True).check(force=True)


def book_the_same_afternoon(page: Page) -> None:
    """On a day on which the member has something else; nothing is booked yet."""
    page.locator("#book [name=session]").last.check(force=True)
    send(page, "session", asks_back=True)
    page.locator("#book [name=agreed]").first.wait_for(state="attached")


def open_the_other_dates(page: Page) -> None:
    unfold(page, "select[name=to]")


def fill_in_a_party(page: Page) -> None:
    fill(
        page,
        places="4",
        organisation="Sample Music Service",
        order_number="SAMPLE-105",
        names="Bryn Sample",
        name="Gwen Sample",
        email="gwen@demo.example",
    )


def pass_on_the_names(page: Page) -> None:
    """What somebody sees who was given the link for names, and is nobody we know."""
    link = page.locator("main").get_by_text("/names?key=").first.inner_text()
    page.context.clear_cookies()
    page.goto(link)


def give_and_move(page: Page) -> None:
    """Both things to do by hand, opened."""
    unfold(page, "[name=reason]")
    page.locator("#by-hand [name=reason]").first.fill("Leads a part of this session.")


def take_two_above(page: Page) -> None:
    """Two above the capacity of a date, with the reason; not saved."""
    page.locator("main [name$=over_booking]").nth(1).fill("2")
    fill(page, reason="Two of twenty never come to an afternoon online.")


def make_an_organisation_a_member(page: Page) -> None:
    """With the demo's member as its contact, and two people with seats."""
    page.goto("/desk/organisations?q=bury")
    page.get_by_role("link", name="Bury Music").click()
    here = page.url
    person = demo_person("member")
    page.goto(f"{here}/people")
    fill(page, name=person.name, email=person.email, role="SEND lead")
    send(page, "role")
    send_to(page, "/contact")
    page.goto(f"{here}/membership")
    send(page, "kind")
    for name in ("Ben Sample", "Cleo Sample"):
        fill(page, name=name, email=f"{name.split()[0].lower()}@demo.example")
        send(page, "email")
    send_to(page, "/link")


def name_whom_to_talk_to(page: Page) -> None:
    """The safeguarding contact; the coordinator sees checks from then on, and notes one."""
    page.goto("/desk/safeguarding/contact")
    fill(page, name="Nia Sample", role="Designated Safeguarding Lead", phone="01632 960105")
    fill(page, email="nia@demo.example", hours="Monday to Friday, 9am to 5pm")
    send(page, "phone")
    page.goto(f"/desk/people?q={demo_person('coordinator').email}")
    press(page.locator("main tbody a").first)
    send_to(page, "/safeguarding-lead")
    page.goto("/desk/safeguarding?q=amara")
    press(page.locator("main .rows a").first)
    field(page, "kind").select_option(index=1)
    fill(page, seen_on="2024-01-15")
    send(page, "seen_on")


def ask_about_data(page: Page) -> None:
    page.goto("/account/privacy")
    fill(page, words="Please correct my organisation on last year’s bookings: it is Bury Music.")
    send(page, "words")


def have_a_list_read(page: Page) -> None:
    """Load a file and say what its columns are; the worker then reads its rows."""
    page.goto("/desk/people/import")
    load_a_list(page)
    send_to(page, "/columns")


def wait_until_it_is_read(page: Page) -> None:
    for _ in range(60):  # The worker looks every second, by its clock.
        if not page.locator("[data-follow]").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise Refused("the worker did not read the rows")


def take_a_fee(page: Page) -> None:
    """What stands on invoices, and one invoice written by hand; the page of that."""
    page.goto("/desk/membership/invoices/details")
    fill(page, sender="Music and Social Justice Network\n1 Sample Street\nLondon")
    fill(page, payment="By bank transfer to Sample Bank, 00-00-00, 00000000.")
    send(page, "sender")
    page.goto("/desk/membership/kinds/organisation")
    unfold(page, "[name=fee]")
    fill(page, fee="60")
    send(page, "fee")
    if page.locator("[name=confirmed]").count():
        send(page, "confirmed")
    page.goto("/desk/organisations?q=bury")
    press(page.get_by_role("link", name="Bury Music"))
    page.goto(f"{page.url}/membership")
    press(page.locator("main a[href*='/invoices/for/']").first)
    fill(page, order_number="SAMPLE-106")
    send(page, "order_number")


def load_a_list(page: Page) -> None:
    """From the form for a file to the page that asks what its columns are."""
    rows = (
        "Full name,E-mail,Music service,Job title,Membership,Member since,Shoe size",
        "Amina Sample,amina@example.org,Bury Music Service,SEND lead,Associate,1/9/2026,39",
        "Bea Sample,bea@example.org,Harp House,Tutor,Core member,1/9/2026,43",
        "Cai Sample,cai.example.org,Harp House,Tutor,Core member,1/9/2026,41",
        f"{demo_person('member').name},{demo_person('member').email},,SEND lead,,,38",
    )
    file = FilePayload(
        name="members 2026.csv", mimeType="text/csv", buffer="\n".join(rows).encode()
    )
    field(page, "file").set_input_files(files=[file])
    send(page, "file")
