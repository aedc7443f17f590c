"""A campaign of 5,000 pages asks the database as often as one of 50: the same literal number of queries a page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.big import build
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

FEW, MANY = 50, 5000

QUERIES = """
page                            gm  klingon
./                              43  30
archive/                        16  11
archive/?kind=note              16  11
archive/?tag=tag-0              16  11
archive/?inside=station-0       17  12
archive/station-0/              26  16
archive/station-0/edit/         18  -
archive/station-0/history/      9   -
archive/bin/                    8   -
archive/bulk/                   21  -
archive/proposals/              7   7
writing/names/?q=stat           8   8
search/?q=happened              10  10
knowledge/                      11  8
knowledge/?of=power:klingon     11  8
knowledge/table/                13  -
knowledge/table/?sort=entry     13  -
timeline/                       15  8
timeline/day-0/                 12  12
divergence/                     40  -
map/                            11  11
handouts/                       12  8
handouts/letter-0/              10  9
clocks/                         11  7
sessions/5/                     23  17
ledger/                         9   -
names/                          8   -
docket/                         17  17
"""
"""How many queries a page takes, for the GM and for a player; “-” where there is no such page for them."""


def table() -> dict[tuple[str, str], int]:
    _, *lines = QUERIES.strip().splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines}
    return {
        (who, path): int(number)
        for path, numbers in rows.items()
        for who, number in zip(("gm", "klingon"), numbers, strict=True)
        if number != "-"
    }


@pytest.fixture
def clients(db):
    """A browser of the GM's and one of a player's, at a small table and at a large one."""
    cast = [factories.make_user(*person) for person in factories.CAST.items()]
    for size in (FEW, MANY):
        build(size, size // 2, slug=f"of-{size}", cast=cast, pictures=4)
    # As a database does by itself before long: until then it plans for empty tables.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {user.username: signed_in(user) for user in cast}


def queries(client, url: str) -> int:
    assert client.get(url).status_code == 200, url
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return len(asked)


def test_queries_are_as_many_with_fifty_pages_as_with_five_thousand(clients):
    expected = table()
    for size in (FEW, MANY):
        found = {
            (who, path): queries(clients[who], f"/c/of-{size}/{path.removeprefix('./')}")
            for who, path in expected
        }
        assert found == expected, size
