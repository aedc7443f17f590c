"""Loading the demo: whole or not at all, and only where nobody else can walk in."""

from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from diplomacy.demo import loader, story
from khitomer import demo
from khitomer.errors import Refused
from khitomer.models import Campaign, User

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def test_a_loading_that_fails_leaves_nothing_behind(db, monkeypatch):
    before = default_storage.listdir("exhibits")[1] if default_storage.exists("exhibits") else []
    monkeypatch.setattr(loader, "_march", lambda house: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        loader.load(now=NOW)
    assert not User.objects.exists()
    assert not Campaign.objects.exists()
    after = default_storage.listdir("exhibits")[1] if default_storage.exists("exhibits") else []
    assert sorted(after) == sorted(before)


def test_a_name_that_is_taken_stops_it(db, gm):
    with pytest.raises(Refused, match="taken"):
        loader.load(now=NOW)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "open_to_others",
    [
        {"HOST": "0.0.0.0"},
        {"HOST": "192.168.1.4"},
        {"HTTPS": True},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
        {"ALLOWED_HOSTS": ["localhost", "khitomer.example"]},
    ],
)
def test_the_command_refuses_where_others_can_reach_the_server(db, settings, open_to_others):
    settings.ALLOWED_HOSTS = ["localhost"]
    for name, value in open_to_others.items():
        setattr(settings, name, value)
    with pytest.raises(CommandError, match="public"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_the_command_loads_anywhere_when_told_to(db, settings, capsys):
    settings.HOST, settings.DEMO_ANYWHERE = "0.0.0.0", True
    call_command("load_demo")
    assert Campaign.objects.get().slug == story.SLUG
    assert demo.PASSWORD in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("load_demo")
