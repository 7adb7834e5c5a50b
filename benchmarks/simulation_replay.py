"""
Real calls replayed: parameters from January, judged on February.

    python -m benchmarks.simulation_replay [PERCALL.csv.gz]

The bank's log of single calls (Guedj and Mandelbaum, Technion, 2000) gives every arrival,
and the agents' calls give who was there. Handle times and patience are measured on January;
the time per call that a log of talk misses, and how long a silence counts as presence, are
those with which January is met best. February then has nothing left to choose.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from wfm.domain.demand import Queue
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Agent, Contract, Pay, Person, Shape
from wfm.simulation.engine import SERVED, Floor
from wfm.simulation.scenario import contacts, measured_patience
from wfm.simulation.simulate import play_once
from wfm.simulation.team import Team, team_of

LOG = Path(__file__).parents[2] / "shared" / "data" / "technion1999_percall.csv.gz"
QUEUES = ("PS", "NW", "NE", "IN", "TT", "PE")
CONTRACT = Contract("any", 40, 7, (Shape("day", (0, 0), (480,)),), Pay("base", 2000))
THRESHOLD = 20.0
AHEAD = 90.0  # seconds by which the bank puts its preferred callers ahead in the line


@dataclass(frozen=True)
class Month:
    """Calls of one month: seconds since its first midnight."""

    calls: pd.DataFrame  # arrival, queue (number), answered, wait, service, start, agent
    first: date
    days: int

    @property
    def service_level(self) -> float:
        """Recorded share answered within the threshold, of all offered."""
        return float((self.calls.answered & (self.calls.wait <= THRESHOLD)).mean())

    @property
    def abandonment(self) -> float:
        """Recorded share that hung up."""
        return float((~self.calls.answered).mean())


def read(path: Path, number: int) -> Month:
    """One month of the log, calls that were offered to people."""
    log = pd.read_csv(path, parse_dates=["arrival", "service_start"])
    first = pd.Timestamp(1999, number, 1)
    log = log[(log.arrival.dt.month == number) & (log.offered == 1)]
    calls = pd.DataFrame(
        {
            "arrival": (log.arrival - first).dt.total_seconds() + log.vru_s.clip(0, 60),
            "queue": log.queue.map({name: k for k, name in enumerate(QUEUES)}),
            "answered": log.outcome == "answered",
            "wait": log.wait_s.astype(float),
            "service": log.service_s.fillna(0.0),
            "start": (log.service_start - first).dt.total_seconds(),
            "agent": log.agent,
        }
    ).dropna(subset=["queue"])
    return Month(calls.sort_values("arrival"), first.date(), int(first.days_in_month))


def sessions(month: Month, silence: float) -> pd.DataFrame:
    """Spans in which an agent was there: calls no more than ``silence`` seconds apart."""
    served = month.calls[month.calls.start.notna() & month.calls.agent.notna()]
    served = served.assign(end=served.start + served.service).sort_values(["agent", "start"])
    before = served.groupby("agent").end.cummax().groupby(served.agent).shift()
    served["span"] = ((served.start - before).isna() | (served.start - before > silence)).cumsum()
    return served.groupby(["agent", "span"]).agg(
        start=("start", "min"),
        end=("end", "max"),
        queues=("queue", lambda q: tuple(sorted(set(q)))),
    )


def team(month: Month, silence: float) -> Team:
    """The people of a month, on the queues that they answered that day."""
    grid = Grid(month.first, month.days, 30)
    spans = sessions(month, silence).reset_index()
    spans["day"] = (spans.start // 86400).astype(int)
    daily = spans.groupby(["agent", "day"]).queues.agg(lambda q: tuple(sorted(set().union(*q))))
    tours = []
    for agent, mine in spans.groupby("agent"):
        duties, last = [], -1
        for span in mine.itertuples():
            start, end = max(last, int(span.start // 60)), int(np.ceil(span.end / 60))
            if end <= start:
                continue
            names = tuple(QUEUES[int(q)] for q in daily[agent, span.day])
            duties.append(Duty(span.day, (Block(start, end, WORK, names),)))
            last = end
        person = Person(Agent(str(agent), CONTRACT, skills=dict.fromkeys(QUEUES, 1.0)))
        tours.append(Tour(person, Calendar(grid), tuple(duties)))
    return team_of(Roster(grid, tuple(tours)), {name: Queue(name) for name in QUEUES}, QUEUES)


def patience_curve(month: Month) -> list[tuple[float, float]]:
    """Kaplan-Meier over callers who waited: seconds, share whose patience is longer."""
    waited = month.calls[month.calls.wait > 0]
    order = np.argsort(waited.wait.to_numpy(), kind="stable")
    gone = ~waited.answered.to_numpy()[order]
    left = np.cumprod(1 - gone / np.arange(len(order), 0, -1))
    table = pd.Series(left, index=waited.wait.to_numpy()[order]).groupby(level=0).last()
    table = table[(table > 0.05) & (table.index <= 900)]
    return [(float(t), float(s)) for t, s in table.items()]


def hidden_time(month: Month) -> float:
    """
    Mean seconds from the end of a call to the agent's next while somebody waits.

    Only where the next call had been waiting when the last one ended, and within two
    minutes: longer, and the agent was away.
    """
    served = month.calls[month.calls.start.notna() & month.calls.agent.notna()].sort_values(
        ["agent", "start"]
    )
    end = (served.start + served.service).groupby(served.agent).shift()
    gap = served.start - end
    waiting = served.start - served.wait < end
    return float(gap[waiting & (gap >= 0) & (gap <= 120)].mean())


def play(
    month: Month, measured: Month, silence: float, hidden: float, seeds: range
) -> tuple[float, float, float]:
    """Service level, abandonment and mean wait of a month, simulated with measured parameters."""
    people = team(month, silence)
    floor = Floor(
        np.full((len(QUEUES), 1), np.inf),
        1e12,
        np.ones(len(QUEUES), dtype=np.int64),
        np.ones((len(QUEUES), 2)),
        np.zeros(len(QUEUES), dtype=np.int64),
        np.ones((len(people.groups),) * 2, dtype=bool),
        oldest=True,
    )
    curve = patience_curve(measured)
    talk = measured.calls[measured.calls.answered]
    means, spreads = talk.groupby("queue").service.mean(), talk.groupby("queue").service.std()
    figures = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        rows = contacts(month.calls.arrival.to_numpy())
        rows["queue"] = month.calls.queue.astype(int)
        cv = (spreads / means).reindex(rows["queue"]).to_numpy()
        sigma = np.sqrt(np.log1p(cv**2))
        factor = np.exp(sigma * rng.standard_normal(len(rows)) - sigma**2 / 2)
        rows["work"] = means.reindex(rows["queue"]).to_numpy() * factor + hidden
        rows["patience"] = measured_patience(curve, rng.standard_exponential(len(rows)))
        blocks = people.blocks.copy()
        play_once(rows, len(rows), blocks, people, floor)
        served = rows["state"] == SERVED
        wait = np.where(served, rows["start"], rows["deadline"]) - rows["arrival"]
        figures.append(
            (np.mean(served & (wait <= THRESHOLD)), 1 - np.mean(served), wait[served].mean())
        )
    return tuple(float(x) for x in np.mean(figures, axis=0))  # type: ignore[return-value]


def replay(path: Path = LOG, seeds: int = 10) -> dict[str, float]:
    """The figures of the replay; errors in points."""
    january, february = read(path, 1), read(path, 2)
    seen = hidden_time(january)

    def distance(silence: float, hidden: float) -> float:
        """How far January is missed, in the tolerances of a replay: 3 points and 1."""
        level, gone, _ = play(january, january, silence, hidden, range(3))
        return float(
            np.hypot((level - january.service_level) / 0.03, (gone - january.abandonment) / 0.01)
        )

    tried = [(s, seen + h) for s in (90, 120, 180, 240, 300, 420, 600) for h in range(0, 24, 4)]
    silence, hidden = min(tried, key=lambda pair: distance(*pair))
    level, gone, wait = play(february, january, silence, hidden, range(seeds))
    own = play(january, january, silence, hidden, range(seeds))
    return {
        "hidden_seen_s": seen,
        "hidden_s": hidden,
        "silence_s": silence,
        "january_recorded_sl20": 100 * january.service_level,
        "january_simulated_sl20": 100 * own[0],
        "january_recorded_abandonment": 100 * january.abandonment,
        "january_simulated_abandonment": 100 * own[1],
        "february_recorded_sl20": 100 * february.service_level,
        "february_simulated_sl20": 100 * level,
        "february_recorded_abandonment": 100 * february.abandonment,
        "february_simulated_abandonment": 100 * gone,
        "february_simulated_wait_s": wait,
        "error_sl20": 100 * (level - february.service_level),
        "error_abandonment": 100 * (gone - february.abandonment),
    }


if __name__ == "__main__":
    found = replay(Path(sys.argv[1]) if len(sys.argv) > 1 else LOG)
    print(json.dumps({name: round(value, 2) for name, value in found.items()}))
