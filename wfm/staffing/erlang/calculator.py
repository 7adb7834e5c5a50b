"""
One interval as a question: whatever is missing is worked out from the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from wfm.domain.calibration import Shrinkage
from wfm.domain.promise import Abandons
from wfm.errors import SettingsError
from wfm.staffing.erlang.inverses import Target, required_agents, to_schedule
from wfm.staffing.erlang.models import Outcome, perform

MODELS = ("b", "c", "a", "x", "chat")
THRESHOLD = 20.0  # seconds, where no threshold is given
INTERVAL = 30.0  # minutes
LONGEST = 36_000.0  # seconds: mean handle times above ten hours are doubted
FINDABLE = ("agents", "contacts", "load", "aht", "within", "shrinkage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    One interval as far as it is known; None: not given.

    Parameters
    ----------
    contacts, interval, load
        Contacts in ``interval`` minutes; or the load in erlangs instead.
    aht, within, patience, short_abandon, asa
        Seconds. ``within`` is the service level's threshold; ``asa`` a mean wait not to be
        passed.
    agents, scheduled
        People on contacts; people on the roster.
    service_level, answer_rate, max_occupancy, blocking
        What is to be reached, as shares.
    model
        One of ``MODELS``; None: ``chat`` with concurrency, ``x`` with redials, ``a`` with
        patience, else ``c``.
    redial
        Share of those who hang up that call again.
    concurrency, slowing
        Chats an agent handles at once, and how many times longer the last of them makes
        each take; between, in equal steps.
    self_service, self_service_errors
        Share of contacts that a machine takes; share of these that fail and come back.
    find
        What to work out; None: the one that is missing.
    """

    contacts: float | None = None
    interval: float = INTERVAL
    load: float | None = None
    aht: float | None = None
    agents: float | None = None
    scheduled: float | None = None
    service_level: float | None = None
    within: float | None = None
    abandons: Abandons = Abandons.OFFERED
    answer_rate: float | None = None
    max_occupancy: float | None = None
    asa: float | None = None
    blocking: float | None = None
    patience: float | None = None
    short_abandon: float = 0.0
    redial: float = 0.0
    concurrency: float = 1
    slowing: float | None = None
    self_service: float = 0.0
    self_service_errors: float = 0.0
    shrinkage: float | None = None
    model: str | None = None
    find: str | None = None

    @property
    def target(self) -> Target:
        """What is asked of the interval."""
        return Target(
            service_level=self.service_level,
            abandons=self.abandons,
            answer_rate=self.answer_rate,
            max_occupancy=self.max_occupancy,
            asa_s=self.asa,
            blocking=self.blocking,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A case with nothing missing, and what its callers meet.

    ``found`` names what was worked out; ``agents`` on contacts need ``to_schedule`` people
    on the roster.
    """

    case: Case
    found: str
    outcome: Outcome
    contacts: float
    aht: float
    within: float
    agents: float
    to_schedule: int
    shrinkage: float

    @property
    def kept(self) -> bool:
        """Whether everything asked is reached."""
        return self.case.target.kept(self.outcome)

    def row(self) -> dict[str, str | float | None]:
        """
        Every figure by its name; the wait is infinite where the queue never drains.
        """
        outcome = self.outcome
        return {
            "model": outcome.model,
            "load_erlangs": outcome.load,
            "agents": _whole(self.agents),
            "to_schedule": self.to_schedule,
            "service_level": outcome.service_level(self.case.abandons),
            "answer_rate": outcome.answer_rate,
            "occupancy": outcome.occupancy,
            "asa_s": outcome.asa_s,
            "p_wait": outcome.wait,
            "contacts": _whole(self.contacts),
            "interval": _whole(self.case.interval),
            "aht": _whole(self.aht),
            "within": _whole(self.within),
            "shrinkage": self.shrinkage,
        }


def _whole(value: float) -> float | int:
    return int(value) if math.isfinite(value) and value == int(value) else value


def answer(case: Case) -> Answer:
    """
    Work out what is missing in a case.

    Raises
    ------
    SettingsError
        Too little or contradictory things are given.
    """
    _check(case)
    if (
        case.contacts is None
        and case.load is None
        and (case.agents, case.scheduled) == (None, None)
    ):
        raise SettingsError(
            "neither contacts nor agents are given",
            hint="for instance --contacts 200 --aht 180 --service-level 0.80",
        )
    find = case.find or _missing(case)
    shrinkage = Shrinkage(planned=case.shrinkage or 0.0)
    if find == "shrinkage":
        return _find_shrinkage(case)
    if case.agents is None and case.scheduled is not None:
        case = replace(case, agents=case.scheduled * shrinkage.present)
    if find != "agents" and case.agents is None:
        raise SettingsError(f"{find} cannot be found without agents", hint="give --agents")
    full = FINDERS[find](case) if find in FINDERS else case
    outcome = outcome_of(full)
    agents = outcome.agents
    return Answer(
        case=case,
        found=find,
        outcome=outcome,
        contacts=_contacts(full),
        aht=full.aht or 0.0,
        within=THRESHOLD if full.within is None else full.within,
        agents=agents,
        to_schedule=to_schedule(agents, shrinkage),
        shrinkage=shrinkage.planned,
    )


def _check(case: Case) -> None:
    for name in ("contacts", "load", "aht", "agents", "scheduled", "within", "patience"):
        value = getattr(case, name)
        if value is not None and not 0 <= value < math.inf:
            if name == "patience" and value == math.inf:
                continue
            raise SettingsError(f"{name} is {value:g}, expected 0 or more", place=f"--{name}")
    if not 0 < case.interval < math.inf:
        raise SettingsError(f"interval is {case.interval:g} minutes, expected more than 0")
    if case.contacts is not None and case.load is not None:
        raise SettingsError("contacts and load are both given", hint="one follows from the other")
    if case.model is not None and case.model not in MODELS:
        raise SettingsError(f"model '{case.model}' is not known", hint=f"use {', '.join(MODELS)}")
    _check_sides(case)
    if case.model == "a" and case.patience is None:
        raise SettingsError(
            "Erlang A needs callers' patience",
            hint="give --patience SECONDS, or measure it with `wfm calibrate`",
        )
    endless = case.patience in (None, math.inf) or case.model == "c"
    if case.answer_rate is not None and endless and case.model != "b":
        raise SettingsError(
            "an answer rate needs callers' patience: without it nobody ever hangs up",
            hint="give --patience SECONDS, or measure it with `wfm calibrate`",
        )
    if case.find is not None and case.find not in FINDABLE:
        raise SettingsError(
            f"'{case.find}' cannot be found", hint=f"use one of {', '.join(FINDABLE)}"
        )
    if case.find is not None and getattr(case, case.find) is not None:
        raise SettingsError(
            f"{case.find} is to be found, and {getattr(case, case.find):g} is given",
            hint=f"leave --{case.find} out",
        )


def _check_sides(case: Case) -> None:
    if case.concurrency < 1 or case.concurrency != int(case.concurrency):
        raise SettingsError(
            f"concurrency is {case.concurrency:g}, expected a whole number from 1",
            hint="how many chats one agent handles at once",
        )
    if case.concurrency > 1 and case.slowing is None:
        raise SettingsError(
            f"{case.concurrency:g} chats at once, but how much longer each then takes?",
            hint="measure handle times by concurrency; --slowing 1.6 is 1.6 times as long",
        )
    for name in ("self_service", "self_service_errors"):
        if not 0 <= getattr(case, name) <= 1:
            raise SettingsError(f"{name} is {getattr(case, name):g}, expected a share 0 to 1")
    wanted = {"x": case.redial > 0, "chat": case.concurrency > 1}
    if case.model in wanted and not wanted[case.model]:
        needed = {"x": "--redial SHARE", "chat": "--concurrency N --slowing FACTOR"}[case.model]
        raise SettingsError(f"model {case.model} is not told enough", hint=f"give {needed}")


def _missing(case: Case) -> str:
    """The one thing that is not given."""
    if case.contacts is None and case.load is None:
        return "contacts"
    if case.aht is None and (case.load is None or case.model != "b"):
        return "aht"
    if case.agents is None and case.scheduled is None:
        return "agents"
    return "outcome"


def doubts(case: Case) -> list[str]:
    """
    What looks as if another unit was meant.
    """
    said = []
    if case.aht is not None and 0 < case.aht < 15 and case.model != "b":
        said.append(
            f"AHT is {case.aht:g} seconds; if minutes were meant, give --aht {60 * case.aht:g}"
        )
    if case.aht is not None and case.aht > LONGEST and case.model != "b":
        said.append(
            f"AHT is {case.aht / 3600:g} hours; if milliseconds were meant, give "
            f"--aht {case.aht / 1000:g}"
        )
    if case.patience is not None and 0 < case.patience < 5:
        said.append(
            f"patience is {case.patience:g} seconds; if minutes were meant, give "
            f"--patience {60 * case.patience:g}"
        )
    return said


def load_of(case: Case) -> float:
    """
    Offered load in erlangs.
    """
    people = 1 - case.self_service * (1 - case.self_service_errors)
    if case.load is not None:
        return case.load * people
    contacts = (case.contacts or 0.0) * people
    aht = case.aht or 0.0
    if contacts > 0 and aht <= 0:
        raise SettingsError(
            "AHT is 0 s with calls to handle, expected more than 0",
            hint="give the mean handle time in seconds: talk, hold and wrap-up; "
            "`wfm calibrate CALLS` measures it from a log of calls",
        )
    return contacts * aht / (case.interval * 60)


def _contacts(case: Case) -> float:
    if case.contacts is not None:
        return case.contacts
    return (case.load or 0.0) * case.interval * 60 / case.aht if case.aht else 0.0


def outcome_of(case: Case) -> Outcome:
    """
    What callers meet in a case whose agents are given, or are the fewest that do.
    """
    load = load_of(case)
    patience = None if case.model in ("b", "c") else case.patience
    redial = case.redial if case.model in (None, "x", "chat") else 0.0
    slowing = slowing_of(case) if case.model in (None, "chat") else ()
    within = THRESHOLD if case.within is None else case.within
    loss = case.model == "b"
    aht = case.aht or 1.0  # matters to nobody where it may be missing
    agents = case.agents
    if agents is None:
        agents = required_agents(
            load,
            aht,
            case.target,
            patience_s=patience,
            threshold_s=within,
            short_s=case.short_abandon,
            loss=loss,
            redial=redial,
            slowing=slowing,
        )
    return perform(
        load,
        agents,
        aht,
        patience_s=patience,
        threshold_s=within,
        short_s=case.short_abandon,
        loss=loss,
        redial=redial,
        slowing=slowing,
    )


def slowing_of(case: Case) -> tuple[float, ...]:
    """
    How many times longer a chat takes among 1, 2, ... up to the concurrency.
    """
    many = int(case.concurrency)
    if many == 1 or case.slowing is None:
        return ()
    return tuple(1 + (case.slowing - 1) * k / (many - 1) for k in range(many))


def _find_contacts(case: Case) -> Case:
    """The most contacts that these agents can take and keep the target."""
    _need_target(case)
    if case.aht is None or case.aht <= 0:
        raise SettingsError("contacts cannot be found without AHT", hint="give --aht SECONDS")

    def missed(contacts: float) -> bool:
        return not case.target.kept(outcome_of(replace(case, contacts=contacts, load=None)))

    return replace(case, contacts=_border(missed, (case.agents or 0.0) + 1.0)[0], load=None)


def _find_load(case: Case) -> Case:
    """The largest load that these agents can take and keep the target; AHT need not matter."""
    _need_target(case)

    def missed(load: float) -> bool:
        return not case.target.kept(outcome_of(replace(case, load=load, contacts=None)))

    return replace(case, load=_border(missed, (case.agents or 0.0) + 1.0)[0], contacts=None)


def _find_aht(case: Case) -> Case:
    """The longest handle time with which these agents keep the target."""
    _need_target(case)
    if case.contacts is None:
        raise SettingsError("AHT cannot be found without contacts", hint="give --contacts")
    if case.contacts == 0:
        raise SettingsError("AHT cannot be found without calls", hint="give --contacts above 0")

    def missed(aht: float) -> bool:
        return not case.target.kept(outcome_of(replace(case, aht=aht)))

    return replace(case, aht=_border(missed, case.interval * 60)[0])


def _find_within(case: Case) -> Case:
    """The shortest threshold within which the service level is reached."""
    if case.service_level is None:
        raise SettingsError("within needs a service level", hint="give --service-level SHARE")

    def reached(within: float) -> bool:
        return case.target.kept(outcome_of(replace(case, within=within)))

    if reached(0.0):
        return replace(case, within=0.0)
    if not reached(1e7):
        raise SettingsError(
            f"no threshold reaches a service level of {case.service_level:g} with these agents",
            hint="callers hang up, or the queue never drains; give more agents",
        )
    return replace(case, within=_border(reached, 60.0)[1])


def _find_shrinkage(case: Case) -> Answer:
    """The largest shrinkage with which the scheduled people are enough."""
    if case.scheduled is None:
        raise SettingsError("shrinkage cannot be found without --scheduled")
    found = answer(replace(case, find=None, scheduled=None, shrinkage=None))
    if found.agents > case.scheduled:
        raise SettingsError(
            f"{case.scheduled:g} scheduled people are fewer than the {found.agents:g} needed"
        )
    share = 1 - found.agents / case.scheduled if case.scheduled else 0.0
    return replace(found, found="shrinkage", shrinkage=share, to_schedule=math.ceil(case.scheduled))


FINDERS: dict[str, Callable[[Case], Case]] = {
    "contacts": _find_contacts,
    "load": _find_load,
    "aht": _find_aht,
    "within": _find_within,
}


def _need_target(case: Case) -> None:
    if case.target.empty:
        raise SettingsError(
            "no target: nothing says how much is too much",
            hint="give --service-level, --answer-rate, --asa or --max-occupancy",
        )


def _border(true_above: Callable[[float], bool], guess: float) -> tuple[float, float]:
    """
    Where a condition turns true, to the last bits of a float: the largest value found at
    which it is false, and the smallest at which it is true.
    """
    low, high = 0.0, guess
    while not true_above(high):
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if true_above(middle):
            high = middle
        else:
            low = middle
    return low, high
