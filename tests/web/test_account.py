"""An account, walked through in a browser: made, verified, signed in to, secured, changed, deleted."""

import asyncio
import email
import re
from concurrent.futures import ThreadPoolExecutor
from email import policy
from pathlib import Path

import pyotp
from playwright.sync_api import Page, expect

from goatedvips.kit.clock import utc_now
from goatedvips.kit.postgres import create_engine
from goatedvips.mailing import mail_round
from goatedvips.settings import Settings
from tests.people import PASSWORD, add_person
from tests.web.conftest import System


def link_in_mail(system: System, folder: Path, address: str) -> str:
    """Send what waits, and return the path that the newest mail to an address leads to."""

    async def send() -> None:
        engine = create_engine(system.dsn, acting="system")
        settings = Settings.model_validate({"goatedvips_home": folder, "goatedvips_public_url": system.url})
        try:
            await mail_round(settings, engine, utc_now).send_all()
        finally:
            await engine.dispose()

    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(send())).result()
    mails = sorted(folder.glob("mail/*.eml"), key=lambda file: file.stat().st_mtime_ns)
    read = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in mails]
    text = next(mail.get_content() for mail in reversed(read) if mail["To"] == address)
    found = re.search(rf"{re.escape(system.url)}(/[a-z-]+#\S+)", text)
    assert found is not None, text
    return found[1]


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name or e-mail").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect_home(page)


def expect_home(page: Page) -> None:
    """A stranger's home page is there, and no step on the way to it is left."""
    page.wait_for_url(re.compile(r"^http://[^/]+/$"))
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_somebody_registers_verifies_signs_out_and_in_again(
    page: Page, system: System, tmp_path: Path, complaints: list[str]
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("newcomer_one")
    page.get_by_label("E-mail").fill("newcomer@example.com")
    page.get_by_label("Password", exact=True).fill("a walk along the river")
    page.get_by_label("Date of birth").fill("1990-05-17")
    page.get_by_role("button", name="Make the account").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    expect(page.get_by_text("not verified yet")).to_be_visible()
    page.goto(link_in_mail(system, tmp_path, "newcomer@example.com"))
    expect(page.get_by_text("Your address is verified.")).to_be_visible()
    assert "#" not in page.url
    page.get_by_role("link", name="Go on to your settings").click()
    expect(page.get_by_text("not verified yet")).to_have_count(0)
    # All of the page is there: what is still asked for when the session ends is refused, as it should be.
    for last in ("No keys.", "No prizes yet.", "this browser"):
        expect(page.get_by_text(last)).to_be_visible()
    expect(page.get_by_role("button", name="Ask for the link")).to_be_visible()
    sign_out(page)
    assert complaints == []

    sign_in(page, "newcomer@example.com", "a walk along the river")
    expect(page.get_by_role("link", name="newcomer_one: settings")).to_be_visible()


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(page: Page) -> None:
    page.goto("/register")
    page.get_by_label("Name").fill("x")
    page.get_by_label("E-mail").fill("somebody@example.com")
    page.get_by_label("Password", exact=True).fill("password1")
    page.get_by_label("Date of birth").fill("1990-05-17")
    page.get_by_role("button", name="Make the account").click()

    name = page.get_by_label("Name")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value("somebody@example.com")


def test_a_forgotten_password_is_replaced_by_mail(page: Page, system: System, tmp_path: Path) -> None:
    add_person(system.dsn, "forgetful")
    page.goto("/forgot-password")
    page.get_by_label("E-mail").fill("forgetful@example.com")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("status").filter(has_text="mail")).to_be_visible()

    page.goto(link_in_mail(system, tmp_path, "forgetful@example.com"))
    page.get_by_label("New password").fill("another walk by the sea")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, "forgetful", "another walk by the sea")
    expect(page.get_by_role("link", name="forgetful: settings")).to_be_visible()


def test_an_authenticator_is_set_up_and_asked_for(page: Page, system: System) -> None:
    add_person(system.dsn, "careful_one")
    sign_in(page, "careful_one")
    page.get_by_role("link", name="careful_one: settings").click()
    steps = page.get_by_role("region", name="Two-step sign-in")
    steps.get_by_role("button", name="Set it up").click()
    secret = steps.locator("code").inner_text()
    steps.get_by_label("Code that it shows").fill(pyotp.TOTP(secret).now())
    steps.get_by_role("button", name="Turn it on").click()
    codes = steps.get_by_role("listitem")
    expect(codes.first).to_be_visible()
    spare = codes.first.inner_text()
    steps.get_by_role("button", name="I have kept them").click()
    sign_out(page)

    sign_in(page, "careful_one")
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="careful_one: settings")).to_be_visible()


def test_a_profile_is_changed_and_an_account_deleted(page: Page, system: System) -> None:
    person = add_person(system.dsn, "leaver")
    sign_in(page, "leaver")
    page.get_by_role("link", name="leaver: settings").click()
    profile = page.get_by_role("region", name="Profile")
    profile.get_by_label("About you").fill("I like races.")
    profile.get_by_role("button", name="Save").click()
    expect(profile.get_by_role("status")).to_have_text("Saved.")
    profile.get_by_role("link", name="My public page").click()
    expect(page.get_by_text("I like races.")).to_be_visible()
    page.go_back()
    assert system.get(f"/api/users/{person.id}")["bio"] == "I like races."

    gone = page.get_by_role("region", name="Delete my account")
    gone.get_by_label("Type DELETE to go on").fill("DELETE")
    gone.get_by_role("button", name="Delete my account").click()
    expect_home(page)
    sign_in(page, "leaver")
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_player_asks_to_be_linked_by_keyboard_alone(page: Page, system: System) -> None:
    add_person(system.dsn, "linker")
    player = system.get("/api/leaderboard?limit=1")["data"][0]
    sign_in(page, "linker")
    page.get_by_role("link", name="linker: settings").click()
    part = page.get_by_role("region", name="My player")
    part.get_by_label("Or your uid there").focus()
    page.keyboard.type(player["uid"])
    page.keyboard.press("Enter")
    expect(part.get_by_text("Waits for somebody to look at it.")).to_be_visible()

    withdraw = part.get_by_role("button", name="Withdraw the request")
    withdraw.focus()
    page.keyboard.press("Enter")
    expect(part.get_by_text("Withdrawn.")).to_be_visible()
