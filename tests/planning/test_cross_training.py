"""
Cross-training: what two queues gain from people with both skills, as simulated.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.calibration import Shrinkage
from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.domain.promise import Period, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.planning import cross_training
from wfm.planning.cross_training import roster_of, training_gains
from wfm.staffing.sizing import size

GRID = Grid(date(2024, 1, 1), 1, 30)
PROMISE = ServiceLevel(share=0.8, threshold=20, over=Period.DAY, floor=0.5)


def centre(**volumes: float):
    """Queues with so many contacts a half hour from 8 to 16 o'clock, 180 seconds each."""
    opened = (GRID.clock >= 480) & (GRID.clock < 960)
    one = np.ones(GRID.n)
    forecast = Forecast(
        GRID,
        {
            name: QueueForecast(name, *[volume * opened] * 5, 180 * one, 0 * one, 0 * one)
            for name, volume in volumes.items()
        },
        dict.fromkeys(volumes, opened),
    )
    return forecast, {name: Queue(name, promises=(PROMISE,), patience_s=300) for name in volumes}


def gains(**volumes: float):
    forecast, queues = centre(**volumes)
    apart = size(forecast, queues, shrinkage=Shrinkage())
    return training_gains(forecast, queues, apart, shrinkage=Shrinkage())


@pytest.fixture(scope="module", autouse=True)
def few_calls():
    """Enough for what is asked here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cross_training, "CALLS", 60_000)
        yield


@pytest.fixture(scope="module")
def pair(few_calls):
    return gains(a=200, b=200)[0]


def test_more_people_trained_save_more(pair):
    """A tenth saves something, three tenths more, everybody most; and never all hours."""
    hours = [saved for _, saved in pair.saved]

    assert 0 < hours[0] < hours[1] < hours[2] < pair.apart


def test_few_trained_people_bring_most(pair):
    """Chains of two-skilled people: three tenths bring half of what everybody brings, and more."""
    by_share = dict(pair.saved)

    assert by_share[0.3] >= 0.5 * by_share[1.0]


def test_everybody_trained_is_one_queue(pair):
    """What the simulation saves with everybody trained is what one large queue needs less."""
    assert pair.whole == pytest.approx(pair.apart - pair.pooled, abs=0.05 * pair.apart)


def test_the_pair_that_gains_most_comes_first():
    """Three queues make three pairs, in order of what they gain."""
    found = gains(a=20, b=60, c=60)

    assert len(found) == 3
    assert [gain.whole for gain in found] == sorted((g.whole for g in found), reverse=True)


def test_posts_come_and_go_by_the_interval():
    """Two people at nine, one before; every second post serves both queues, its own first."""
    grid = Grid(date(2024, 1, 1), 1, 60)
    heads = {name: np.zeros(24, dtype=np.int64) for name in "ab"}
    heads["a"][8:11] = (1, 2, 1)
    queues = {"a": Queue("a", skills=("french",)), "b": Queue("b")}
    roster = roster_of(grid, heads, queues, 0.5)

    assert [tour.agent for tour in roster] == ["a 00000", "a 00001"]
    spans = [[(d.start, d.end, d.blocks[0].queues) for d in tour.duties] for tour in roster]
    assert spans == [[(480, 660, ("a", "b"))], [(540, 600, ("a",))]]
    assert roster.tours[0].person.agent.skills == {"french": 1.0, "b": 1.0}
