"""What every answer says to the browser: run nothing foreign, frame nothing, keep nothing, tell nobody where from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from tests import factories
from tests.world import ROLES, as_if_not_done, routes

ROOT = Path(__file__).resolve().parent.parent

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""The whole policy of a page: nothing, but for our own."""

FILE_POLICY = {"default-src": "'none'", "sandbox": ""}
"""What the policy of an uploaded file must hold at least: it may run and load nothing at all."""

LOOSE = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "https:", "data:"}
PICTURES = {"picture", "power-emblem", "power-seal", "entry-token", "entry-card"}
UPLOADS = {"exhibit", "draft-exhibit", *PICTURES}
PUBLIC = {"library", "library-timeline", "library-sources", "library-kind", "library-entry"}
"""Pages that are the same for everybody, which a browser or a proxy may keep."""

HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NO_TELLING = {"same-origin", "no-referrer"}
"""Nobody else learns an address from us; the address of an invitation, which holds its secret, not even ourselves."""


def policy_of(response) -> dict[str, str]:
    parts = [part.split(None, 1) for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts}


@pytest.mark.parametrize("role", ["anonymous", "klingon", "federation", "gm"])
def test_every_answer_is_guarded(role, table):
    """Pages, redirects, files and refusals, whoever asks."""
    wrong = []
    for route in routes():
        for method in ("get", "post"):
            with as_if_not_done(table.clients[role]):
                response = getattr(table.clients[role], method)(table.world.url(route.name))
            wrong += [f"{method} {route.name}: {what}" for what in unguarded(route.name, response)]
    assert wrong == []


def unguarded(name: str, response) -> list[str]:
    """What the headers of an answer lack or say too much."""
    found = [header for header, value in HEADERS.items() if response.headers.get(header) != value]
    if response.headers.get("Referrer-Policy") not in NO_TELLING:
        found.append("Referrer-Policy")
    if name in UPLOADS and response.status_code == 200:
        if not FILE_POLICY.items() <= policy_of(response).items() or LOOSE & set(
            response["Content-Security-Policy"].split()
        ):
            found.append("the policy of a file")
    elif policy_of(response) != POLICY:
        found.append("the policy of a page")
    if name in PICTURES and response.status_code == 200:
        # Kept by the browser alone, which asks again, with its rights of that moment, before it shows what it kept.
        if words(response["Cache-Control"]) != {"private", "no-cache"} or "ETag" not in response.headers:
            found.append("Cache-Control of a picture")
    elif name not in PUBLIC and not {"no-store", "private"} <= words(response["Cache-Control"]):
        found.append("Cache-Control")
    said = {"Content-Security-Policy-Report-Only", "Server", "X-Powered-By"} & set(response.headers)
    return found + sorted(said)


def words(header: str) -> set[str]:
    return {word.strip() for word in header.split(",")}


@pytest.mark.parametrize("role", ROLES)
def test_what_is_kept_is_the_same_for_everyone(role, table):
    """If the library may be kept on the way, then it must not show who is signed in."""
    client = table.clients[role]
    with as_if_not_done(client):
        response = client.get(reverse("library"))
    kept = not {"no-store", "private"} & words(response["Cache-Control"])
    assert not (kept and "Cookie" not in response.get("Vary", "") and b"Signed in as" in response.content)


# Errors


@pytest.mark.parametrize("path", ["/nobody/has/this/address/", "/c/short-peace/", "/accords/no-such-kind/"])
def test_a_missing_page_is_guarded(path, table):
    with as_if_not_done(table.clients["gm"]):
        response = table.clients["gm"].get(path)
    assert response.status_code == 404
    assert policy_of(response) == POLICY
    assert HEADERS.items() <= response.headers.items()
    assert {"no-store", "private"} <= words(response["Cache-Control"])


def test_a_forged_form_is_guarded(db):
    response = Client(enforce_csrf_checks=True).post(reverse("sign-in"), {"username": "gm"})
    assert response.status_code == 403
    assert policy_of(response) == POLICY
    assert HEADERS.items() <= response.headers.items()


def test_a_broken_page_is_guarded(db, monkeypatch):
    """Even when nothing works: the same headers, and not a word of what broke."""
    route = next(route for route in routes() if route.name == "library")

    def broken(*args, **kwargs):
        raise RuntimeError("the warp core is 4711")

    monkeypatch.setattr("khitomer.views.library.render", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/" + route.path)
    assert response.status_code == 500
    assert b"4711" not in response.content
    assert b"Traceback" not in response.content
    assert policy_of(response) == POLICY
    assert HEADERS.items() <= response.headers.items()


def test_an_unknown_host_is_refused(db):
    response = Client(headers={"host": "evil.example"}).get("/")
    assert response.status_code == 400
    assert b"evil.example" not in response.content


# Cookies


def test_the_session_cookie(db):
    factories.make_user("gm")
    client = Client()
    response = client.post(reverse("sign-in"), {"username": "gm", "password": factories.PASSWORD})
    assert response.status_code == 302
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["domain"] == ""


def test_the_forgery_cookie(db):
    cookie = Client().get(reverse("sign-in")).cookies[settings.CSRF_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


def test_a_stranger_in_the_library_gets_no_cookie(db):
    assert not Client().get(reverse("library")).cookies


@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_cookies_over_https(db):
    factories.make_user("gm")
    client = Client()
    forgery = client.get(reverse("sign-in"), secure=True).cookies[settings.CSRF_COOKIE_NAME]
    given = {"username": "gm", "password": factories.PASSWORD}
    session = client.post(reverse("sign-in"), given, secure=True).cookies[settings.SESSION_COOKIE_NAME]
    assert forgery["secure"] is True
    assert session["secure"] is True


def test_signing_in_changes_the_session_and_signing_out_ends_it(db):
    """A session planted before signing in is not the one after, and the one after ends with it."""
    factories.make_user("gm")
    client = Client()
    client.get(reverse("sign-in"))
    client.post(reverse("sign-in"), {"username": "gm", "password": factories.PASSWORD})
    first = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("sign-out"))
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = first
    assert stolen.get(reverse("account")).status_code == 302
    client.post(reverse("sign-in"), {"username": "gm", "password": factories.PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != first


# The settings of a site that faces the world


def manage(tmp_path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("KHITOMER_", "DATABASE_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**inherited, "KHITOMER_DATA": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_deployment_check_is_clean(tmp_path):
    done = manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "INFO",
        KHITOMER_HTTPS="1",
        KHITOMER_ALLOWED_HOSTS="khitomer.example",
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


PRODUCTION = """
from django.conf import settings
for name in ("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
             "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY"):
    print(name, bool(getattr(settings, name)))
print("SECRET", len(settings.SECRET_KEY) >= 50)
"""


def test_over_https_everything_is_switched_on(tmp_path):
    done = manage(
        tmp_path,
        "shell",
        "-v",
        "0",
        "-c",
        PRODUCTION,
        KHITOMER_HTTPS="1",
        KHITOMER_ALLOWED_HOSTS="khitomer.example",
    )
    found = dict(line.split() for line in done.stdout.splitlines())
    assert found.pop("DEBUG") == "False", done.stderr
    assert set(found.values()) == {"True"}, found


@pytest.mark.parametrize(
    "name", ["KHITOMER_DEBUG", "KHITOMER_HTTPS", "PORT", "KHITOMER_WORKERS", "DATABASE_URL"]
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(tmp_path, name):
    done = manage(tmp_path, "check", **{name: "perhaps"})
    assert done.returncode != 0
    assert name in done.stderr
