"""A server that is told to stop: open pages go at once, and the server hears of it as if they were not there."""

import asyncio
import signal

import pytest

from khitomer.live.stopping import SIGNALS
from tests.live.streams import Stream, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("which", SIGNALS)
def test_open_pages_end_and_the_server_is_told(campaign, as_klingon, as_gm, which):
    url, told = f"/c/{campaign.slug}/live/", []
    before = signal.getsignal(which)

    def handler(number, frame):
        told.append(number)

    async def story():
        signal.signal(which, handler)
        try:
            async with Stream(url, as_klingon) as one, Stream(url, as_gm) as other:
                signal.raise_signal(which)
                async with asyncio.timeout(1):
                    for stream in (one, other):
                        await stream.until(lambda stream=stream: stream.is_over)
                async with Stream(url, as_gm) as late:
                    await late.until(lambda: late.is_over)
            assert told == [which]
            assert signal.getsignal(which) is handler
        finally:
            signal.signal(which, before)

    run(story)


def test_pages_that_come_and_go_leave_the_signals_as_they_were(campaign, as_gm):
    before = [signal.getsignal(each) for each in SIGNALS]

    async def story():
        during = [signal.getsignal(each) for each in SIGNALS]
        for _ in range(3):
            async with Stream(f"/c/{campaign.slug}/live/", as_gm):
                pass
            assert [signal.getsignal(each) for each in SIGNALS] == during

    run(story)
    assert [signal.getsignal(each) for each in SIGNALS] == before
