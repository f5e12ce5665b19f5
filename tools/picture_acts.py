"""What somebody does on a page before its picture is taken."""

from playwright.sync_api import FilePayload, Page

from netapp.demo.people import SIGN_INS


def move_an_hour(page: Page) -> None:
    """From the form of a date to the page that says who will be told."""
    page.locator("input[name=starts]").fill("15:00")
    page.locator("input[name=ends]").fill("18:30")
    page.get_by_role("button", name="Save this date").click()
    page.get_by_role("heading", name="What happens then").wait_for()


def say_every_second_thursday(page: Page) -> None:
    """From the form of a pattern to the page that lists its dates."""
    page.get_by_label("Every how many weeks or months").fill("2")
    page.locator("input[name=first_day]").fill("2027-01-14")
    page.get_by_label("Or this many dates").fill("8")
    page.get_by_label("Leave out").select_option(index=1)
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("heading", name="What happens then").wait_for()


def show_the_booking(page: Page) -> None:
    """As it is shown right after booking."""
    page.goto(f"{page.url}?done=booked")


def give_password(page: Page) -> None:
    """From signing in to the second step, as a coordinator."""
    (person,) = (each for each in SIGN_INS if each.what == "coordinator")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_label("Password").press("Enter")
    page.get_by_role("heading", name="One more step").wait_for()


def show_what_they_wrote(page: Page) -> None:
    page.get_by_role("button", name="Show what they wrote").click()
    page.get_by_role("button", name="Save what is answered").wait_for()


def let_members_book_first(page: Page) -> None:
    """From booking and places of a draft to the form of who may book first, filled in."""
    page.locator("input[name=opens_day]").fill("2026-12-03")
    page.locator("input[name=opens_time]").fill("09:00")
    page.get_by_role("button", name="Save the rules").click()
    page.get_by_role("link", name="Who may book first").click()
    page.locator("select[name=windows-0-who]").select_option("members")
    page.locator("input[name=windows-0-day]").fill("2026-11-30")
    page.locator("input[name=windows-0-time]").fill("09:00")


def count_what_they_eat(page: Page) -> None:
    page.get_by_role("button", name="Show the numbers").click()
    page.get_by_role("heading", name="For the caterer").wait_for()


def stay_for_supper(page: Page) -> None:
    """A yes, after which another question is asked."""
    page.get_by_text("Yes", exact=True).click()
    page.get_by_text("Lentil pie", exact=True).click()


def book_the_same_afternoon(page: Page) -> None:
    """On a day on which the member has something else; nothing is booked yet."""
    for day in ("8 January", "22 January"):  # The first date is ticked already.
        page.locator(".choice").filter(has_text=f"Friday {day}").click()
    page.get_by_role("button", name="Confirm booking").click()
    page.get_by_role("button", name="Book all the same").wait_for()


def open_the_other_dates(page: Page) -> None:
    page.get_by_text("Move to another date").click()


def fill_in_a_party(page: Page) -> None:
    page.get_by_label("How many places?").fill("4")
    page.get_by_label("Organisation").fill("Sample Music Service")
    page.get_by_label("Order number").fill("SAMPLE-105")
    page.get_by_label("Names of the others").fill("Bryn Sample")
    page.get_by_label("Your name").fill("Gwen Sample")
    page.get_by_label("Email address").fill("gwen@demo.example")


def pass_on_the_names(page: Page) -> None:
    """What somebody sees who was given the link for names, and is nobody we know."""
    link = page.locator("main").get_by_text("/names?key=").first.inner_text()
    page.context.clear_cookies()
    page.goto(link)


def give_and_move(page: Page) -> None:
    """Both things to do by hand, opened."""
    page.get_by_text("Give a place now").click()
    page.locator("#by-hand input[name=reason]").first.fill("Leads a part of this session.")


def take_two_above(page: Page) -> None:
    """Two above the capacity of a date, with the reason; not saved."""
    page.get_by_label("Above that").nth(1).fill("2")
    page.get_by_label("Why").fill("Two of twenty never come to an afternoon online.")


def make_an_organisation_a_member(page: Page) -> None:
    """With the demo's member as its contact, and two people with seats."""
    page.goto("/desk/organisations?q=bury")
    page.get_by_role("link", name="Bury Music").click()
    page.get_by_role("link", name="People", exact=True).last.click()
    (person,) = (each for each in SIGN_INS if each.what == "member")
    page.get_by_label("Name", exact=True).fill(person.name)
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("What they do there").fill("SEND lead")
    page.get_by_role("button", name="Add them").click()
    page.get_by_role("button", name="Make a contact").click()
    page.get_by_role("link", name="Membership and seats").click()
    page.get_by_role("button", name="Make it a member").click()
    for name in ("Ben Sample", "Cleo Sample"):
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Email address").fill(f"{name.split()[0].lower()}@demo.example")
        page.get_by_role("button", name="Give a seat").click()
        page.get_by_text(f"{name} has a seat").wait_for()
    page.get_by_role("button", name="Make a link").click()
    page.get_by_text("Here is the new link").wait_for()


def load_a_list(page: Page) -> None:
    """From the form for a file to the page that asks what its columns are."""
    rows = (
        "Full name,E-mail,Music service,Job title,Membership,Member since,Shoe size",
        "Amina Sample,amina@example.org,Bury Music Service,SEND lead,Associate,1/9/2026,39",
        "Ben Sample,ben@example.org,Harp House,Tutor,Core member,1/9/2026,43",
    )
    file = FilePayload(
        name="members 2026.csv", mimeType="text/csv", buffer="\n".join(rows).encode()
    )
    page.get_by_label("The file").set_input_files(files=[file])
    page.get_by_role("button", name="Load this file").click()
    page.get_by_role("heading", name="What are the columns?").wait_for()
