"""What `make run` calls: the house is made ready once, its data kept, and every obstacle said in words."""

import socket
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from khitomer import demo
from khitomer.actions import bin
from khitomer.management.commands import serve
from khitomer.models import User
from tests import factories


@pytest.fixture(autouse=True)
def quiet(monkeypatch, settings, tmp_path):
    """A house of its own for each test, with the real commands of Django behind a list of what was called."""
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.HOST, settings.HTTPS, settings.DEMO_ANYWHERE = "127.0.0.1", False, False


@pytest.fixture
def called(monkeypatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(serve, "call_command", lambda name, **options: names.append(name))
    return names


@pytest.fixture
def served(monkeypatch) -> dict[str, object]:
    given: dict[str, object] = {}
    monkeypatch.setattr(serve.uvicorn, "run", lambda app, **options: given.update(options, app=app))
    monkeypatch.setattr(serve.connections, "close_all", lambda: None)
    monkeypatch.setattr(serve, "check_port", lambda host, port: None)
    monkeypatch.setattr(serve, "Courier", nullcontext)
    return given


def test_an_empty_house_is_migrated_filled_and_served(db, called, served, settings, capsys):
    settings.PORT = 8642
    call_command("serve")
    assert called == ["migrate", "clearsessions", "collectstatic", "load_demo"]
    assert (served["app"], served["host"], served["port"]) == ("khitomer.asgi:application", "127.0.0.1", 8642)
    assert served["workers"] == settings.WORKERS
    assert served["proxy_headers"] is False
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8642/" in said
    assert "sign-up" in said


def test_a_house_with_people_in_it_is_left_as_it_is(db, gm, called, served):
    call_command("serve")
    assert "load_demo" not in called
    assert User.objects.get() == gm


def test_what_lay_in_a_bin_for_too_long_is_gone_at_the_start(db, campaign, gm, called, served, settings):
    settings.DEMO_ANYWHERE = True
    for days in (29, 31):
        thrown = timezone.now() - timedelta(days=days)
        bin.throw_away(thing=factories.make_entry(campaign, f"Thrown {days}"), by=gm, now=thrown)
    call_command("serve")
    assert [entry.name for entry in campaign.entries.all()] == ["Thrown 29"]


def test_the_demo_can_be_left_out(db, called, served):
    call_command("serve", no_demo=True)
    assert "load_demo" not in called


def test_the_demo_accounts_are_told(db, called, served, capsys):
    for account in demo.ACCOUNTS:
        user = User(username=account.username, name=account.name)
        user.set_password(demo.PASSWORD)
        user.save()
    call_command("serve")
    said = capsys.readouterr().out
    assert demo.PASSWORD in said
    assert all(account.username in said for account in demo.ACCOUNTS)


def test_a_house_open_to_others_starts_without_the_demo(db, called, served, settings, capsys):
    settings.HOST = "0.0.0.0"
    call_command("serve")
    assert "load_demo" not in called
    said = capsys.readouterr().out
    assert "KHITOMER_DEMO_ANYWHERE" in said
    assert "/sign-up/" in said


def test_without_open_sign_up_the_first_account_is_made_at_the_command_line(
    db, called, served, settings, capsys
):
    settings.HOST, settings.OPEN_SIGN_UP = "0.0.0.0", False
    call_command("serve")
    assert "createsuperuser" in capsys.readouterr().out


def test_the_published_password_is_never_served_to_others(db, called, served, settings):
    user = User(username="gm", name="Maren")
    user.set_password(demo.PASSWORD)
    user.save()
    settings.HOST = "0.0.0.0"
    with pytest.raises(CommandError, match="gm still has the demo's password"):
        call_command("serve")
    assert not served
    user.set_password("another one altogether")
    user.save()
    call_command("serve")
    assert served


def test_static_files_are_gathered_once_for_each_state(db, gm, called, served, settings, monkeypatch):
    monkeypatch.setattr(serve, "static_state", lambda: "one")
    settings.STATIC_ROOT.mkdir()
    call_command("serve")
    call_command("serve")
    assert called.count("collectstatic") == 1
    monkeypatch.setattr(serve, "static_state", lambda: "two")
    call_command("serve")
    assert called.count("collectstatic") == 2


def test_nothing_is_gathered_while_debugging(db, gm, called, served, settings):
    settings.DEBUG = True
    call_command("serve")
    assert "collectstatic" not in called
    assert served["access_log"] is True


def test_the_state_of_static_files_tells_one_keeping_from_another(settings):
    before = serve.static_state()
    assert before == serve.static_state()
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "another"}}
    assert serve.static_state() != before


def test_a_proxy_is_believed_only_when_there_is_one(db, outsider, called, served, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    call_command("serve")
    assert served["proxy_headers"] is True


def test_a_port_in_use_is_said_so():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} of 127.0.0.1 cannot be had.*PORT={port + 1}"):
            serve.check_port("127.0.0.1", port)
    serve.check_port("127.0.0.1", port)


def test_a_host_nobody_knows_is_said_so():
    with pytest.raises(CommandError, match="KHITOMER_HOST is nowhere.invalid"):
        serve.check_port("nowhere.invalid", 8000)


def test_a_database_that_does_not_answer_is_said_so(monkeypatch):
    def unreachable() -> None:
        raise OperationalError("no such place")

    monkeypatch.setattr(connection, "ensure_connection", unreachable)
    with pytest.raises(CommandError, match="cannot be reached: no such place.*docs/operations.md"):
        serve.check_database()


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("*", False),
    ],
)
def test_which_hosts_are_this_machine_alone(host, own):
    assert demo.is_loopback(host) is own


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("khitomer.example", "http://khitomer.example:8000/"),
    ],
)
def test_the_address_to_open(host, address):
    assert serve.address_of(host, 8000) == address
