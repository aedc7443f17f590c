"""Every page, part, print and file of a campaign, fetched as every member, and read for canaries."""

from __future__ import annotations

import io
import logging
import multiprocessing
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from khitomer.auditing.canaries import CANARIES, PREFIX, Canary
from khitomer.models import Campaign, Membership

_LINKS = re.compile(r'(?:href|src|action|formaction|hx-get|data-url)="([^"]+)"')
PARTS = {"HX-Request": "true"}
"""The headers of a page that asks for a part of itself."""
WAYS_BACK = ("next",)
"""What a link carries only to find back to where it stood: the same page otherwise, and so asked for once."""
AT_ONCE = 25
"""How many addresses a worker asks for before it tells what it found."""


@dataclass(frozen=True, order=True)
class Leak:
    """A canary where its reader may not see it."""

    member: str
    url: str
    where: str

    def __str__(self) -> str:
        return f"{self.member} at {self.url}: {self.where}"


@dataclass(frozen=True)
class Answer:
    """What an address answered: whether there is something to read for this reader, all that it tells, and whether it
    would answer otherwise if it were asked for a part."""

    there: bool
    text: str
    in_parts: bool


@dataclass(frozen=True)
class Read:
    """What came of asking for some addresses as one member."""

    member: int
    there: int
    parts: int
    links: frozenset[str]
    leaks: frozenset[Leak]


def audit(
    campaign: Campaign,
    canaries: Mapping[str, Canary],
    *,
    only: Collection[str] = (),
    leave_out: re.Pattern[str] | None = None,
    workers: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> list[Leak]:
    """Fetch everything as every member, and give each place where a canary shows that its reader may not see.

    Every address that a link leads anybody to is asked for by everyone, as a page and (where it says that it varies by
    it) as a part, until no link is new; so are searches for whatever begins like a canary. An address that bears a
    canary answers those alone who may know it. `only` names the members to try, all unless some are named; what
    `leave_out` finds is not asked for. More `workers` than one are processes of their own, which do not see what is
    not committed yet.
    """
    everyone = campaign.memberships.select_related("user", "power")
    members = [member for member in everyone if not only or member.user.username in only]
    names = {member.pk: member.user.username for member in members}
    crawler = Crawler(campaign, members, canaries, leave_out)
    leaks: set[Leak] = set()
    there, parts = Counter[int](), Counter[int]()
    new = {_home(campaign), *searches(campaign)}
    found = set(new)
    with _quietly(), _at_work(crawler, workers) as each_of:
        while new:
            rounds = [(member, some) for some in _some(sorted(new)) for member in names]
            linked: set[str] = set()
            for read in each_of(rounds):
                leaks |= read.leaks
                linked |= read.links
                there[read.member] += read.there
                parts[read.member] += read.parts
            new = linked - found
            found |= new
            say(f"{len(found)} addresses known, {len(new)} of them new")
    for key, name in names.items():
        say(
            f"{name}: {len(found)} addresses asked for, {there[key]} answered, {parts[key]} of them also in part"
        )
    return sorted(leaks)


class Crawler:
    """Whoever asks for addresses as each of some members, and reads what is answered."""

    def __init__(
        self,
        campaign: Campaign,
        members: Iterable[Membership],
        canaries: Mapping[str, Canary],
        leave_out: re.Pattern[str] | None = None,
    ) -> None:
        self.home, self.canaries, self.leave_out = _home(campaign), canaries, leave_out
        self.clients = {member.pk: (member.user.username, client_of(member)) for member in members}

    def read(self, member: int, urls: Sequence[str]) -> Read:
        """Ask for these addresses as a member: what they lead to, and what they tell that they should not."""
        name, client = self.clients[member]
        there = parts = 0
        links: set[str] = set()
        leaks: set[Leak] = set()
        for url in urls:
            answer = answer_of(client, url)
            texts = [answer.text]
            if answer.there:
                there += 1
                texts.append(urlsplit(url).path)  # that it answers says that what is named in it is there
                if answer.in_parts:
                    parts += 1
                    texts.append(answer_of(client, url, PARTS).text)
            for text in texts:
                links.update(links_in(text, url, self.home, self.leave_out))
                leaks.update(Leak(name, url, canary.where) for canary in self.told(text, member))
        return Read(member, there, parts, frozenset(links), frozenset(leaks))

    def told(self, text: str, member: int) -> Iterator[Canary]:
        """The canaries in a text that this member may not see."""
        for word in set(CANARIES.findall(text)):
            canary = self.canaries.get(word.lower())
            if canary is not None and member not in canary.seen_by:
                yield canary


def _some(urls: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(urls), AT_ONCE):
        yield urls[first : first + AT_ONCE]


Rounds = Sequence[tuple[int, Sequence[str]]]

_crawler: Crawler | None = None


@contextmanager
def _at_work(crawler: Crawler, workers: int) -> Iterator[Callable[[Rounds], Iterable[Read]]]:
    """What reads all of some rounds, in whatever order: here, or in that many processes."""
    global _crawler
    if workers == 1:
        yield lambda rounds: (crawler.read(*each) for each in rounds)
        return
    _crawler = crawler  # a process that is forked has it, too
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield lambda rounds: pool.imap_unordered(_read, rounds)


def _read(each: tuple[int, Sequence[str]]) -> Read:
    assert _crawler is not None
    return _crawler.read(*each)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without a line in the log for each page that answers, as most should, that it is not there."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _home(campaign: Campaign) -> str:
    return reverse("desk", kwargs={"campaign": campaign.slug})


def searches(campaign: Campaign) -> Iterator[str]:
    """What is asked of a search that no link leads to: anything that begins like a canary."""
    for name in ("search", "archive", "writing-names"):
        yield f"{reverse(name, kwargs={'campaign': campaign.slug})}?q={PREFIX}"


def client_of(member: Membership) -> Client:
    """A browser in which this member is signed in."""
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def crawl(
    client: Client, campaign: Campaign, leave_out: re.Pattern[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Every address below the campaign that links lead to from its first page, with what it answers."""
    home = _home(campaign)
    waiting, seen = [home], {home}
    while waiting:
        url = waiting.pop()
        text = answer_of(client, url).text
        yield url, text
        for to in links_in(text, url, home, leave_out):
            if to not in seen:
                seen.add(to)
                waiting.append(to)


def links_in(text: str, url: str, home: str, leave_out: re.Pattern[str] | None = None) -> Iterator[str]:
    """The addresses below the campaign's first page that a page leads to, without the ways back."""
    for link in set(_LINKS.findall(text)):
        to = urlsplit(urljoin(url, unescape(link)))
        if not to.netloc and to.path.startswith(home):
            query = [pair for pair in parse_qsl(to.query, keep_blank_values=True) if pair[0] not in WAYS_BACK]
            address = f"{to.path}?{urlencode(query)}" if query else to.path
            if not (leave_out and leave_out.search(address)):
                yield address


def answer_of(client: Client, url: str, headers: Mapping[str, str] | None = None) -> Answer:
    """All that an address answers: body, a PDF's words, headers."""
    response = client.get(url, headers=headers, secure=settings.HTTPS)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        words = _words_of(body)
    else:
        words = body.decode("utf-8", "replace")
    told = (
        f"{name}: {value}"
        for name, value in response.headers.items()
        if name not in ("Set-Cookie", "HX-Redirect")
    )
    in_parts = "hx-request" in response.headers.get("Vary", "").lower()
    # That an address is posted to, it says whether or not anything is there.
    return Answer(response.status_code not in (404, 405), "\n".join([words, *told]), in_parts)


def _words_of(data: bytes) -> str:
    """The text of a PDF, where pypdf is at hand to read it; its raw bytes otherwise, which tell titles and links."""
    try:
        from pypdf import PdfReader
    except ImportError:
        return data.decode("latin-1")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
