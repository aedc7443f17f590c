"""The count in the frame follows the table, and a browser that was asked says aloud what nobody is looking at."""

from playwright.sync_api import expect

STAND_IN = """
window.shown = [];
window.asked = 0;
const Notification = function (title, options) {
    window.shown.push([title, options.body]);
    this.addEventListener = () => {};
};
Notification.permission = localStorage.getItem("allowed") ? "granted" : "default";
Notification.requestPermission = async () => {
    window.asked += 1;
    localStorage.setItem("allowed", "1");
    return (Notification.permission = "granted");
};
Object.defineProperty(window, "Notification", { value: Notification });
Document.prototype.hasFocus = () => !window.away;
"""
"""A browser's notices as a test can count them; nobody looks at the page once `away` is set."""

STIR = "() => document.body.dispatchEvent(new CustomEvent('live:any', { detail: { topic: 'sitting' } }))"


def test_the_count_and_the_notices_of_a_browser(person):
    gm, delegate = person("gm"), person("klingon")
    delegate.add_init_script(STAND_IN)
    delegate.goto("/c/notices/notices/")
    link = delegate.locator("#notices")
    expect(link).to_have_text("Notices")
    assert delegate.evaluate("window.asked") == 0
    delegate.get_by_role("button", name="Ask my browser").click()
    expect(delegate.get_by_text("Your browser tells you what happens")).to_be_visible()
    assert delegate.evaluate("window.asked") == 1

    # Whoever listens has what happens put in its order.
    delegate.evaluate("window.line = new EventSource('/c/notices/live/')")
    begin_session(gm)
    delegate.wait_for_timeout(500)
    delegate.evaluate(STIR)
    expect(link).to_contain_text("1 unread")
    expect(delegate.get_by_role("main").get_by_text("Session 1 began")).to_be_visible()
    delegate.wait_for_timeout(1500)
    assert delegate.evaluate("window.shown") == []  # somebody looks at the page

    delegate.evaluate("window.away = true; localStorage.removeItem('notices-looked')")
    for _ in range(3):
        delegate.evaluate(STIR)
    until_shown(delegate)
    delegate.evaluate(STIR)
    delegate.wait_for_timeout(1500)
    assert delegate.evaluate("window.shown") == [["The Notices", "Session 1 began"]]

    # From any page, once it is allowed.
    delegate.goto("/c/notices/members/")
    delegate.evaluate("window.away = true; localStorage.removeItem('notices-looked')")
    gm.get_by_role("button", name="Close the session").first.click()
    gm.wait_for_load_state()
    delegate.evaluate("window.line = new EventSource('/c/notices/live/')")
    delegate.wait_for_timeout(500)
    delegate.evaluate(STIR)
    until_shown(delegate)
    assert delegate.evaluate("window.shown") == [["The Notices", "Session 1 closed"]]

    delegate.goto("/c/notices/notices/")
    expect(delegate.get_by_role("main").get_by_text("Session 1 began")).to_be_visible()
    delegate.get_by_role("button", name="Mark all read").click()
    expect(link).to_have_text("Notices")
    expect(delegate.get_by_text("Nothing unread")).to_be_visible()


def until_shown(page):
    for _ in range(100):
        if page.evaluate("window.shown.length"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("The browser said nothing.")


def begin_session(gm):
    gm.goto("/c/notices/sessions/new/")
    gm.get_by_label("Title").fill("The first evening")
    gm.get_by_role("main").get_by_role("button", name="Plan it").click()
    gm.wait_for_url("**/sessions/1/**")
    gm.get_by_role("button", name="Begin").first.click()
    gm.wait_for_load_state()
