"""The load test, with a handful of pages: a real server, a real process of pages, and nothing lost."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from benchmarks import live, live_table
from benchmarks.live_server import surroundings
from tests.live.streams import database

PERSON = {"cookie": "", "member": 1, "power": 7, "runs": False}
ALL = {"audience": "all", "powers": [], "persons": [], "committed": 1.0}
POWERS = {**ALL, "audience": "powers", "powers": [8]}


@pytest.mark.django_db(transaction=True)
def test_every_page_hears_what_it_may_once_and_in_order(tmp_path):
    trial = live.Trial("test", "a few pages", streams=20, events=8, over=1.0)

    def write(port):
        try:
            return live_table.write(trial.events, trial.over, port)
        finally:
            connection.close()

    environment = surroundings(Path(settings.DATA_DIR), database())
    result = live.watch(trial, tmp_path, environment, live_table.fill(), write)
    assert result.is_whole, result
    assert result.opened == 20
    # Five are for all, the form among them; of the others each is for few.
    assert result.expected > 5 * 20
    assert len(result.latencies) == result.expected - 20, (
        "of a form, nobody knows when it was there to be read"
    )


@pytest.mark.parametrize(
    ("heard", "wrong"),
    [
        ([10, 11], {}),
        ([10], {"lost": 1}),
        ([10, 10, 11], {"doubled": 1}),
        ([11, 10], {"unordered": 1}),
        ([10, 11, 12], {"strange": 1}),
    ],
)
def test_what_goes_wrong_is_noticed(heard, wrong):
    written = [{**ALL, "position": 10}, {**ALL, "position": 11}, {**POWERS, "position": 12}]
    page = {"heard": [(place, 1.5) for place in heard], "opened": [1.0], "anew": 0, "refused": 0, "ended": 0}
    trial = live.Trial("test", "one page", streams=1, events=3)
    result = live.judged(trial, {"open": 1, "took": 0.1}, [PERSON], written, [page], None, None)
    found = {name: getattr(result, name) for name in ("lost", "doubled", "unordered", "strange")}
    assert {name: count for name, count in found.items() if count} == wrong
    assert result.is_whole is not bool(wrong)
