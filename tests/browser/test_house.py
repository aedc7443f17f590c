"""The house stands, and people get in."""

import pytest

from tests.browser.conftest import sign_in


def test_a_stranger_finds_the_accords(person):
    page = person(None)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Accords").first.click()
    page.wait_for_url("**/accords/**")
    assert page.locator("h1").count() == 1


def test_signing_in_and_out(person):
    page = person(None)
    sign_in(page, "federation")
    page.goto("/c/long-peace/")
    page.get_by_role("heading", level=1, name="United Federation of Planets").wait_for()
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/c/long-peace/")
    assert "/sign-in/" in page.url


@pytest.mark.parametrize("who", ["gm", "federation", "klingon", "observer"])
def test_everyone_has_a_desk(person, who):
    page = person(who)
    assert page.goto("/c/long-peace/").status == 200
    assert page.locator("h1").count() == 1
