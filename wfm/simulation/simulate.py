"""
A roster judged call by call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from wfm.domain.calibration import Calibration, Shrinkage, calibrated
from wfm.domain.demand import Forecast, Queue
from wfm.domain.outcome import Progress, SimulationResult, Stop, never, silent
from wfm.domain.reaching import reaching
from wfm.domain.roster import Roster
from wfm.errors import InterruptedRun, SettingsError
from wfm.simulation.engine import GROUP, LINE, PERSON, Floor, play, play_line
from wfm.simulation.floor import due_times, floor_of, thresholds
from wfm.simulation.result import result_of
from wfm.simulation.scenario import (
    Behaviour,
    Chance,
    batches,
    behaviour_of,
    draw,
    stratified_paths,
)
from wfm.simulation.tally import Tally, add, empty
from wfm.simulation.team import CONTACTS, Team, present, team_of, with_pauses

SALT = 0x51B  # keeps simulated scenarios apart from those that the plan was made on


@dataclass(frozen=True)
class _Setting:
    """What all replications share."""

    team: Team
    floor: Floor
    forecast: Forecast
    queues: tuple[Queue, ...]
    behaviours: Mapping[str, Behaviour]
    shrinkage: Shrinkage
    seed: int


def simulate(
    roster: Roster,
    forecast: Forecast,
    queues: Mapping[str, Queue],
    *,
    shrinkage: Shrinkage = Shrinkage(),  # noqa: B008 - frozen
    calibration: Calibration | None = None,
    behaviours: Mapping[str, Behaviour] | None = None,
    oldest_first: bool = False,
    anonymous: bool = False,
    replications: int = 200,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = silent,
    stop: Stop = never,
) -> SimulationResult:
    """
    What callers would meet if this roster were worked again and again.

    Parameters
    ----------
    queues
        The workspace's queues by name; every queue of the forecast is among them.
    shrinkage
        ``unplanned``: each duty is not worked with this chance. ``planned``: this share of
        every block on contacts is lost to a pause that the roster does not place.
    calibration
        What was measured of handle times and patience.
    behaviours
        Replaces, by queue, what follows from ``queues`` and ``calibration``.
    oldest_first
        People who become free take whoever has waited longest on any of their queues,
        instead of the first queue of their list.
    anonymous
        Only numbers of people count: at the end of a block whoever of a group is idle, or
        else finishes first, goes home for the named person. For plans without names.
    replications
        Times the whole horizon is played.
    seed
        Scenarios are those of ``Forecast.paths``, with a seed of their own.
    workers
        Processes; the result does not depend on it.

    Raises
    ------
    SettingsError
        Fewer than one replication.
    DataError
        Contacts without handle time; queues that nobody knows.
    InterruptedRun
        Stopped before the first group of replications was done.
    """
    if replications < 1:
        raise SettingsError(f"{replications} replications, expected at least 1")
    forecast = calibrated(reaching(forecast, queues), calibration)
    names = tuple(name for name in forecast.queues)
    _known(names, queues)
    measured = calibration.queues if calibration else {}
    known = {name: behaviour_of(queues[name], measured.get(name)) for name in names}
    known |= {name: b for name, b in (behaviours or {}).items() if name in known}
    team = team_of(roster, queues, names)
    own_seed = int(np.random.SeedSequence([seed, SALT]).generate_state(1)[0])
    setting = _Setting(
        team,
        floor_of(team, forecast, queues, known)._replace(oldest=oldest_first, anonymous=anonymous),
        forecast,
        tuple(queues[name] for name in names),
        known,
        shrinkage,
        own_seed,
    )
    groups = batches(replications)
    found = stratified_paths(forecast, groups, own_seed)
    paths = {name: found[name] for name in names}  # in the order of the team's queues
    total = _new_tally(setting, replications)
    done: list[range] = []
    for group, part in zip(groups, _parts(setting, paths, groups, workers), strict=False):
        _include(total, part, group)
        done.append(group)
        progress(group.stop, replications, "replications")
        if stop():
            break
    if not done:
        raise InterruptedRun("stopped before the simulation had anything to say")
    return result_of(total, team, forecast, queues, done, seed)


def _known(names: Iterable[str], queues: Mapping[str, Queue]) -> None:
    missing = [name for name in names if name not in queues]
    if missing:
        raise SettingsError(
            f"the forecast has queue '{missing[0]}', which the settings do not know",
            hint=f"add [queue.{missing[0]}] to wfm.toml",
        )


def _parts(
    setting: _Setting, paths: Mapping[str, np.ndarray], groups: list[range], workers: int
) -> Iterator[Tally]:
    """The tally of each group, in order."""
    jobs = (({name: path[g.start : g.stop] for name, path in paths.items()}, g) for g in groups)
    if workers == 1:
        yield from (play_group(setting, rates, group) for rates, group in jobs)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=workers, return_as="generator")
    yield from parallel(delayed(play_group)(setting, rates, group) for rates, group in jobs)


def play_group(setting: _Setting, rates: Mapping[str, np.ndarray], group: range) -> Tally:
    """
    Play some replications and count.

    ``rates`` are by queue, float [replications of the group, intervals].
    """
    tally = _new_tally(setting, len(group))
    grid = setting.forecast.grid
    threshold = thresholds(setting.queues)
    contacts = {name: Chance([setting.seed, 2, *name.encode()]) for name in rates}
    people = Chance([setting.seed, 2, 0])
    for place, replication in enumerate(group):
        rows, base = draw(
            {name: path[place] for name, path in rates.items()},
            setting.forecast,
            setting.behaviours,
            {name: chance.of(replication) for name, chance in contacts.items()},
        )
        blocks = _people(setting, people.of(replication))
        play_once(rows, base, blocks, setting.team, setting.floor)
        due = due_times(rows, setting.forecast, setting.queues)
        days = tally.days[place]
        add(
            *tally[:1],
            days,
            *tally[2:],
            rows,
            blocks,
            threshold,
            due,
            grid.day,
            setting.floor.width,
        )
    return tally


def _people(setting: _Setting, stream: np.random.Generator) -> np.ndarray:
    """Who comes, and when they are away unplaced."""
    team, shrinkage = setting.team, setting.shrinkage
    comes = stream.random(team.duties) >= shrinkage.unplanned
    return present(with_pauses(team.blocks, shrinkage.planned, stream), comes)


def play_once(rows: np.ndarray, base: int, blocks: np.ndarray, team: Team, floor: Floor) -> None:
    """
    Play one replication; what happens is written into ``rows`` and ``blocks``.

    ``base`` contacts arrive by themselves; those after them are further attempts.
    """
    single = len(team.queues) == 1 and floor.room.max() == 1 and not floor.reserve.any()
    if single and len(rows) == base and not floor.anonymous:
        play_single(rows, blocks, team, floor)
    else:
        play_many(rows, base, blocks, team, floor)


def _everybody(blocks: np.ndarray, team: Team) -> np.ndarray:
    people = np.zeros(len(team.agents), dtype=PERSON)
    people["before"] = people["after"] = people["block"] = -1
    numbers = np.arange(len(people))
    people["first"] = np.searchsorted(blocks["agent"], numbers, side="left")
    people["stop"] = np.searchsorted(blocks["agent"], numbers, side="right")
    return people


def _nobody(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    A tournament of who becomes free next, when nobody is expected yet.

    Returns
    -------
    tuple
        Float [2 x leaves], the moment of each node, infinite; int [2 x leaves], whose it is.
    """
    leaves = 1 << max(len(people) - 1, 1).bit_length()
    whose = np.zeros(2 * leaves, dtype=np.int64)
    whose[leaves:] = np.arange(leaves)
    return np.full(2 * leaves, np.inf), whose


def play_single(rows: np.ndarray, blocks: np.ndarray, team: Team, floor: Floor) -> None:
    """
    Play one queue whose contacts come one at a time and once each.
    """
    people = _everybody(blocks, team)
    pace = team.skills.pace
    play_line(people, rows, blocks, *_nobody(people), floor.clear, floor.width, pace, floor.slow)


def play_many(rows: np.ndarray, base: int, blocks: np.ndarray, team: Team, floor: Floor) -> None:
    """
    Play any number of queues.
    """
    people = _everybody(blocks, team)
    agents, groups = len(people), team.skills.order.shape[0]
    lists = np.zeros(groups, dtype=GROUP)
    lists["head"] = lists["tail"] = -1
    lines = np.zeros(len(team.queues), dtype=LINE)
    lines["head"] = lines["tail"] = -1
    lines["room"], lines["reserve"] = floor.room, floor.reserve
    hands = (agents, int(floor.room.max(initial=1)))
    later = int((rows["again"] >= 0).sum()) + 1 if len(rows) > base else 1
    on_contacts = np.flatnonzero(blocks["kind"] == CONTACTS)
    play(
        people,
        rows,
        blocks,
        on_contacts[np.argsort(blocks["end"][on_contacts], kind="stable")],
        base,
        lists,
        lines,
        *_nobody(people),
        np.zeros(hands, dtype=np.int64),
        np.zeros(hands),
        np.zeros(later, dtype=np.int64),
        np.zeros(later),
        np.zeros(1, dtype=np.int64),
        *team.skills,
        floor.clear,
        floor.width,
        floor.slow,
        floor.live,
        bool((floor.reserve > 0).any()),
        floor.oldest,
        floor.anonymous,
    )


def _new_tally(setting: _Setting, replications: int) -> Tally:
    team, grid = setting.team, setting.forecast.grid
    return empty(
        len(team.queues),
        grid.n,
        grid.days,
        replications,
        len(team.groups),
        len(team.agents),
        thresholds(setting.queues).shape[1],
    )


def _include(total: Tally, part: Tally, group: range) -> None:
    for name in ("counts", "busy", "ready", "agents", "lateness"):
        getattr(total, name)[...] += getattr(part, name)
    total.days[group.start : group.stop] = part.days
