"""The recount of a closed vote, for anyone at the table: its seats, its ballots, and the count step by step."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render

from diplomacy import records_votes as records
from diplomacy.access import get_motion_for
from diplomacy.models import Motion
from diplomacy.rules.charters import Mode
from diplomacy.rules.counting import Counted, count_aloud
from diplomacy.rules.tally import Status, Tally, tally
from diplomacy.rules.wording import rule_in_words
from diplomacy.views.vote_part import SAID, Row, agrees, row_of
from khitomer.access import Request, member_required


@dataclass(frozen=True, kw_only=True)
class Recount:
    """A closed vote counted again. `box` are the choices of a secret vote, sorted; None where each seat's is known."""

    rule: str
    steps: tuple[Counted, ...]
    counted: Tally | None
    agrees: bool
    rows: tuple[Row, ...]
    box: tuple[str, ...] | None


@member_required
def recount(request: Request, conference: str, number: int) -> HttpResponse:
    """The count of a vote that has closed; before that there is no such page."""
    motion = get_motion_for(request.viewer, conference, number)
    if motion.closed_at is None or motion.rule is None:
        raise Http404
    context = {"motion": motion, "recount": recount_of(motion), "here": "conferences"}
    return render(request, "diplomacy/recount.html", context)


def recount_of(motion: Motion) -> Recount:
    """A closed vote counted again from its rows."""
    secret = motion.mode == Mode.SECRET
    electors = records.in_roll_order(motion.electors.select_related("seat__power"), motion.drawn_id)
    stored = records.stored_tally(motion)
    try:
        cast = records.cast_in(motion)
        vote = records.vote_on(motion, electors=electors, cast=cast)
        counted, steps = tally(**vars(vote)), count_aloud(**vars(vote))
    except ValueError:  # what no action would have written: said in words, not with a broken page
        cast, counted, steps = {}, None, ()
    return Recount(
        rule=rule_in_words(records.frozen_vote(motion).rule),
        steps=steps,
        counted=counted,
        agrees=stored is not None and counted is not None and agrees(motion, stored, electors, cast),
        rows=tuple(
            row_of(
                each,
                "" if secret else cast.get(each.seat_id, ""),
                secret=secret and each.seat_id in cast,
            )
            for each in electors
            if each.status != Status.OBSERVER
        ),
        box=tuple(SAID[choice].lower() for choice in cast.values()) if secret else None,
    )
