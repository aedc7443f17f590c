"""The public library: every fact of the record is on some page, cited and cross-linked, and no page asks the database."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from khitomer.rules.canon import Event, Kind, Provision, load
from khitomer.rules.canon_entries import references
from khitomer.rules.dates import StoryDate, about_stardate
from khitomer.views.library_parts import BY_KIND, SHELVES, Card, reader

CANON = load()
ENTRIES = {f"{entry.kind}:{entry.key}": entry for entry in CANON.entries}
PAGES = [
    "/accords/",
    "/accords/timeline/",
    "/accords/sources/",
    *(f"/accords/{shelf.slug}/" for shelf in SHELVES),
    *(Card(entry).url for entry in CANON.entries if not isinstance(entry, Provision)),
]


def words(response) -> str:
    """The page as it is read: tags out, one space between words."""
    body = re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.S)
    inline = re.sub(r"</?(?:a|b|i|em|span|abbr|cite|small)\b[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inline)).split())


class Links(HTMLParser):
    """The addresses a page links to, and the ids it has."""

    def __init__(self, response) -> None:
        super().__init__()
        self.hrefs: set[str] = set()
        self.ids: list[str] = []
        self.h1 = 0
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.h1 += tag == "h1"
        if tag == "a" and "href" in given:
            self.hrefs.add(given["href"])
        if "id" in given:
            self.ids.append(given["id"])


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_public_asks_no_database_and_has_one_heading(client, django_assert_num_queries, page):
    with django_assert_num_queries(0):
        response = client.get(page)
    assert response.status_code == 200
    found = Links(response)
    assert found.h1 == 1
    assert len(found.ids) == len(set(found.ids))
    assert "fan work" in words(response)


def test_each_page_has_a_title_and_a_description_of_its_own(client):
    heads = [re.findall(r'<title>(.*?)</title>|name="description" content="(.*?)"', client.get(page).content.decode())
             for page in PAGES]  # fmt: skip
    descriptions = [head[0][1] for head in heads]
    titles = [head[1][0] for head in heads]
    assert all(len(each) > 20 for each in descriptions)
    assert len(set(titles)) == len(set(descriptions)) == len(PAGES)


def test_every_link_inside_the_library_leads_somewhere(client):
    pages = {page: Links(client.get(page)) for page in PAGES}
    for page, found in pages.items():
        for href in found.hrefs:
            if not href.startswith(("/accords/", "#")) or href == "#main":
                continue
            path, _, anchor = href.partition("#")
            assert (path or page) in pages, f"{page} links to {href}"
            assert not anchor or anchor in pages[path or page].ids, f"{page} links to {href}"


@pytest.mark.parametrize(
    "page",
    [
        "/accords/powers/nobody/",
        "/accords/ships/",
        "/accords/ships/enterprise-c/",
        "/accords/powers/enterprise-c/",
        "/accords/source/s1/",
        "/accords/treaties/second-evacuation/",
        "/accords/adherence/klingons-in-second-from-2368/",
    ],
)
@pytest.mark.django_db
def test_what_is_not_in_the_library_is_missing(client, page):
    assert client.get(page).status_code == 404


def linked(client, entry):
    return Links(client.get(Card(entry).url)).hrefs


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_links_to_what_it_refers_to_and_back(client, entry):
    here = linked(client, entry)
    own = Card(entry).url
    for key in {ref.key for ref in references(entry)}:
        other = CANON.find(key)
        if other.kind == Kind.SOURCE:
            assert f"/accords/sources/#{key}" in here
            continue
        assert Card(other).url in here, f"{entry.key} does not link to {key}"
        assert own in linked(client, other), f"{key} does not say that {entry.key} mentions it"


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_shows_its_text_and_names_its_sources(client, entry):
    page = words(client.get(Card(entry).url))
    assert " ".join(entry.summary.split()) in page
    for paragraph in entry.paragraphs:
        assert " ".join(paragraph.split()) in page
    for alias in entry.aliases:
        assert alias in page
    for key in entry.sources:
        assert CANON.find(key).label in page


@pytest.mark.parametrize("event", CANON.events, ids=lambda event: event.key)
def test_an_event_is_dated_at_its_own_precision(client, event: Event):
    page = words(client.get(Card(event).url))
    assert event.when() in page
    assert "known to the year" in page
    assert not re.search(r"\d+ (January|February|March|April|May|June|July)", page)


# Every fact of the record, and the page it must be found on.
FACTS = [
    ("treaties/first-khitomer-accords", "Signed 2293"),
    ("treaties/first-khitomer-accords", "Khitomer Conference, Camp Khitomer"),
    ("treaties/first-khitomer-accords", "First parties United Federation of Planets Klingon Empire"),
    ("treaties/first-khitomer-accords", "Later parties None"),
    ("treaties/first-khitomer-accords", "first step of reconciliation, and the turning point"),
    ("treaties/first-khitomer-accords", "The Klingon Empire gives up its historic claim to the Archanis Sector."),
    ("treaties/first-khitomer-accords", "lies in Federation territory, on the Klingon border"),
    ("treaties/first-khitomer-accords", "The Klingon Neutral Zone is abolished."),
    ("treaties/first-khitomer-accords", "no complaint can be filed"),
    ("treaties/second-khitomer-accords", "Signed 2368 approximate stardate 45000 to 45999"),
    ("treaties/second-khitomer-accords", "Second Khitomer conference"),
    ("treaties/second-khitomer-accords", "Almost all the other powers of the Alpha Quadrant have signed since 2368"),
    ("treaties/second-khitomer-accords", "Arguably the least influential"),
    ("treaties/second-khitomer-accords", "several of its provisions are ignored"),
    ("treaties/second-khitomer-accords", "II·1 Subspace weapons"),
    ("treaties/second-khitomer-accords", "the Federation's tri-cobalt device are exempt, as long as their use is not widespread"),
    ("treaties/second-khitomer-accords", "This work's own default"),
    ("treaties/second-khitomer-accords", "Biogenic weapons and other weapons of mass destruction are prohibited."),
    ("treaties/second-khitomer-accords", "Prisoners of war and non-combatants are protected in wartime."),
    ("treaties/second-khitomer-accords", "Civilians are to be let out of a war zone, and not harassed on the way."),
    ("treaties/second-khitomer-accords", "Any signatory may file a complaint about another, and a conference of signatories resolves it."),
    ("treaties/second-khitomer-accords", "Informal “border diplomacy” between ships' captains is far more common"),
    ("treaties/second-khitomer-accords", "when both sides were bound by the cited provision on the day of the act"),
    ("treaties/second-khitomer-accords", "an act inside the year of a change is in doubt"),
    ("treaties/second-khitomer-accords", "Klingon Empire bound from 2368 (Second Khitomer conference) until 2372"),
    ("treaties/second-khitomer-accords", "bound from 2373 (The Klingon Empire returns to the Accords); no end on record."),
    ("treaties/first-khitomer-accords", "Klingon Empire bound from 2293 (Khitomer Conference) until 2372"),
    ("events/praxis-explosion", "moon of the Klingon homeworld"),
    ("events/praxis-explosion", "ecological disaster"),
    ("events/praxis-explosion", "almost complete standstill"),
    ("events/praxis-explosion", "last straw"),
    ("events/praxis-explosion", "pragmatic choice"),
    ("events/gorkon-opens-talks", "Captain Spock was the special envoy to the Empire"),
    ("events/gorkon-assassinated", "then planned for Earth"),
    ("events/venue-moves-to-camp-khitomer", "kept secret against further attack"),
    ("events/khitomer-conspiracy", "Klingons, Federation officers and Romulans conspire"),
    ("events/khitomer-conspiracy", "They failed."),
    ("events/first-khitomer-conference", "Curzon Dax negotiated for the Federation; the Romulan Senator Pardek was present."),
    ("events/battle-of-narendra-iii", "the Romulans betrayed the Klingons"),
    ("events/battle-of-narendra-iii", "The courage of the Enterprise-C"),
    ("events/battle-of-narendra-iii", "approximate stardate 21000 to 21999"),
    ("events/battle-of-narendra-iii", "sealed the friendship of the Federation and the Empire"),
    ("events/second-khitomer-conference", "2368"),
    ("events/klingon-withdrawal", "After the Federation Council had condemned his invasion of Cardassia Prime, Gowron took the Klingon Empire out"),
    ("events/klingon-withdrawal", "The withdrawal covers the First and the Second."),
    ("events/second-federation-klingon-war", "2372–2373"),
    ("events/second-federation-klingon-war", "Klingon acts were not governed by the Second Accords: the Empire had withdrawn."),
    ("events/klingon-cardassian-war", "Cardassia was not a signatory at the time."),
    ("events/dominion-war", "neither the Dominion nor Cardassia was a signatory at the time."),
    ("events/dominion-cardassian-alliance", "The Dominion allied itself with the Cardassian Union"),
    ("events/klingon-return", "Gowron reinstated the treaty"),
    ("events/klingon-return", "so did the reinstatement"),
    ("powers/cardassian-union", "Also called Cardassian Empire"),
    ("powers/klingon-empire", "Second Khitomer Accords: bound from 2373"),
    ("people/spock", "Title Captain"),
    ("people/pardek", "Title Senator"),
    ("places/klingon-neutral-zone", "Abolished 2293"),
    ("places/praxis", "Lies in Qo'noS"),
    ("places/qonos", "Klingon homeworld"),
    ("vessels/enterprise-c", "First on record 2344"),
    ("sources", "“Khitomer Accords”, an article of the USS Wolff Wiki."),
    ("sources", "Brian Campbell et al., The Price of Freedom: The United Federation of Planets Sourcebook, "
     "Last Unicorn Games, Culver City CA, 1999."),
    ("timeline", "approximate stardate 45000 to 45999"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "fact"), FACTS)
def test_a_fact_of_the_record_can_be_read(client, page, fact):
    assert fact in words(client.get(f"/accords/{page}/"))


def test_the_timeline_tells_2368_before_2372(client):
    page = words(client.get("/accords/timeline/"))
    order = [page.rindex(event.summary) for event in CANON.timeline()]
    assert order == sorted(order)


def test_the_front_indexes_every_entry_once(client):
    body = client.get("/accords/").content.decode()
    index = body[body.index('class="lib-index"') :]
    for entry in CANON.entries:
        assert index.count(f'href="{Card(entry).url}"') == 1


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("The Dominion War.", 'The <a href="/accords/events/dominion-war/">Dominion War</a>.'),
        ("Qo'noS & <b>", '<a href="/accords/places/qonos/">Qo&#x27;noS</a> &amp; &lt;b&gt;'),
        ("The Khitomer Accords stand.", "The Khitomer Accords stand."),
        ("Gorkon, then Gorkon.", '<a href="/accords/people/gorkon/">Gorkon</a>, then Gorkon.'),
        ("Spock himself.", "Spock himself."),
        ("the Enterprise-Cs", "the Enterprise-Cs"),
    ],
)
def test_prose_links_the_first_mention_of_each_other_entry(text, html):
    assert reader().prose(text, on=CANON.find("spock")) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2293", ""),
        ("2322-12-31", ""),
        ("2323-01-01", "approximate stardate 00000"),
        ("2368", "approximate stardate 45000 to 45999"),
    ],
)
def test_a_stardate_is_said_to_be_approximate_and_begins_in_2323(date, said):
    assert about_stardate(StoryDate.parse(date)) == said


def test_each_kind_but_the_provision_has_one_shelf():
    assert set(BY_KIND) == set(Kind) - {Kind.SOURCE, Kind.PROVISION, Kind.ADHERENCE}
