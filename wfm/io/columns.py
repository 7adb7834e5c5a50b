"""
What every file holds: its columns, their units and meaning, in one place.

Reading accepts the aliases; writing uses the names. The README's table is made from
this module, and a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """
    What a cell holds, and so how it is read and written.
    """

    TEXT = "text"
    NUMBER = "number"
    COUNT = "number, 0 or more"
    SHARE = "share, 0 to 1"
    SECONDS = "seconds; hh:mm:ss is read too"
    MONEY = "currency units, two decimals"
    MOMENT = "YYYY-MM-DDTHH:MM, local wall clock"
    DAY = "YYYY-MM-DD"
    DAY_OR_MOMENT = "YYYY-MM-DD or YYYY-MM-DDTHH:MM"
    CLOCK = "HH:MM"


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a file.

    ``aliases`` are other headers it is known by; ``#`` in one stands for a number.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One kind of file.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def _maybe(name: str, kind: Kind, meaning: str, *aliases: str) -> Column:
    return Column(name, kind, meaning, required=False, aliases=aliases)


START = Column(
    "start",
    Kind.MOMENT,
    "start of the interval",
    aliases=("timestamp", "datetime", "date_time", "interval_start", "time", "date"),
)
QUEUE = Column("queue", Kind.TEXT, "queue", aliases=("queue_name", "skill", "split", "csq"))
OFFSET = _maybe("utc_offset", Kind.TEXT, "offset from UTC, such as +02:00, where clocks change")
AGENT = Column(
    "agent", Kind.TEXT, "the person's key in every file", aliases=("agent_id", "employee")
)
CHANNEL = _maybe("channel", Kind.TEXT, "phone (or voice), chat, email, letter, fax, callback")
DATE = Column("date", Kind.DAY, "date", aliases=("day",))
AHT = Column(
    "aht_s",
    Kind.SECONDS,
    "average handle time: talk, hold, wrap-up",
    aliases=("aht", "handle_time_s", "average_handle_time", "averagehandletime"),
)

HISTORY = Sheet(
    "history",
    "contacts that came; one row per interval and queue",
    (
        START,
        QUEUE,
        Column(
            "contacts",
            Kind.COUNT,
            "offered",
            aliases=("offered", "calls", "volume", "incomingcontactvolume", "calls_offered"),
        ),
        CHANNEL,
        _maybe("answered", Kind.COUNT, "answered", "handled", "calls_answered", "contactshandled"),
        _maybe("abandoned", Kind.COUNT, "hung up before an answer", "abandons", "lost"),
        Column(AHT.name, AHT.kind, AHT.meaning, False, AHT.aliases),
        _maybe("wait_s", Kind.SECONDS, "mean wait over all contacts", "asa_s", "wait", "asa"),
        _maybe(
            "answered_in_threshold",
            Kind.COUNT,
            "answered within threshold_s",
            "answered_within_#s",
            "answered_within_#",
        ),
        _maybe("threshold_s", Kind.SECONDS, "the threshold of answered_in_threshold"),
        OFFSET,
    ),
)

ORDERS = Sheet(
    "orders",
    "orders that drive contacts, past and planned",
    (
        DATE,
        Column("orders", Kind.COUNT, "orders of the day", aliases=("order_count", "sales")),
        _maybe("queue", Kind.TEXT, "queue; empty: all"),
    ),
)

EVENTS = Sheet(
    "events",
    "sales, campaigns, closures, feasts, school holidays",
    (
        Column("date", Kind.DAY, "first day", aliases=("day", "start", "from")),
        Column("name", Kind.TEXT, "name; the same each time it comes", aliases=("event",)),
        _maybe("until", Kind.DAY, "last day; empty: the first", "end", "to"),
        _maybe("queue", Kind.TEXT, "queue; empty: all"),
        _maybe("effect", Kind.TEXT, "factor on contacts, or closed; empty: learnt from past ones"),
        _maybe("lead", Kind.COUNT, "days before it that feel it; empty: 0"),
        _maybe("lag", Kind.COUNT, "days after it that feel it; empty: 0"),
    ),
)

BACKLOG = Sheet(
    "backlog",
    "e-mail, letters and fax received and not yet done",
    (
        QUEUE,
        Column("received", Kind.MOMENT, "when; local wall clock", aliases=("date", "start")),
        Column("contacts", Kind.COUNT, "how many", aliases=("count", "open")),
    ),
)

ADJUSTMENTS = Sheet(
    "adjustments",
    "changes to a forecast that a person makes; rows are only added",
    (
        Column("start", Kind.MOMENT, "from"),
        Column("until", Kind.MOMENT, "to, exclusive"),
        Column("queue", Kind.TEXT, "queue; empty: all"),
        Column("change", Kind.COUNT, "factor on contacts"),
        Column("reason", Kind.TEXT, "why"),
        Column("author", Kind.TEXT, "who"),
        Column("entered", Kind.MOMENT, "when it was entered"),
        _maybe("expires", Kind.DAY, "day from which it no longer holds"),
    ),
)

FORECAST = Sheet(
    "forecast",
    "contacts that will come; open intervals only",
    (
        START,
        QUEUE,
        Column("contacts", Kind.COUNT, "expected offered contacts", aliases=("calls", "volume")),
        _maybe("lo80", Kind.COUNT, "80 % of counts lie between this"),
        _maybe("hi80", Kind.COUNT, "and this"),
        _maybe("lo95", Kind.COUNT, "95 % of counts lie between this"),
        _maybe("hi95", Kind.COUNT, "and this"),
        AHT,
        _maybe("day_cv", Kind.COUNT, "coefficient of variation of the shock a day shares"),
        _maybe("interval_cv", Kind.COUNT, "the same of an interval's own, beyond Poisson"),
        CHANNEL,
        OFFSET,
    ),
)

REQUIREMENT = Sheet(
    "requirement",
    "people needed; open intervals only",
    (
        START,
        QUEUE,
        Column("contacts", Kind.COUNT, "expected offered contacts"),
        AHT,
        Column("load_erlangs", Kind.COUNT, "contacts x aht / interval"),
        Column("agents", Kind.COUNT, "needed on contacts, shrinkage not included"),
        Column("to_schedule", Kind.COUNT, "needed on the roster, shrinkage included"),
        Column("service_level", Kind.SHARE, "answered within the threshold with agents"),
        Column("answer_rate", Kind.SHARE, "answered with agents"),
        Column("occupancy", Kind.SHARE, "busy time over time on queue with agents"),
        Column("asa_s", Kind.COUNT, "average speed of answer with agents, seconds"),
        _maybe("agents_erlang_c", Kind.COUNT, "plain Erlang C, for comparison"),
        _maybe("correction", Kind.NUMBER, "what simulation found beyond the curves, log-odds"),
        _maybe("promise", Kind.COUNT, "which of the queue's promises curves and aim are of; 1"),
        _maybe("aim", Kind.SHARE, "to be reached on the curves, where not the promised share"),
        _maybe("least", Kind.COUNT, "heads that the queue's other promises ask for"),
        _maybe("pace", Kind.COUNT, "contacts that can wait, as they are to be finished"),
        OFFSET,
    ),
)

CURVES = Sheet(
    "curves",
    "what each number of heads yields; unplanned absence already inside",
    (
        START,
        QUEUE,
        Column("scheduled", Kind.COUNT, "heads on the roster"),
        Column("answered", Kind.COUNT, "contacts answered"),
        Column("in_time", Kind.COUNT, "contacts answered within the threshold"),
        Column("occupancy", Kind.SHARE, "busy time over time on queue"),
        OFFSET,
    ),
)

AGENTS = Sheet(
    "agents",
    "the team",
    (
        AGENT,
        Column("contract", Kind.TEXT, "a [contract.X] of wfm.toml"),
        _maybe("name", Kind.TEXT, "name for people"),
        _maybe("site", Kind.TEXT, "where"),
        _maybe("timezone", Kind.TEXT, "zone in which law is applied; empty: the workspace's"),
        _maybe("skills", Kind.TEXT, "banking;stocks:0.8 with the efficiency; empty: none"),
        _maybe("cost_per_hour", Kind.MONEY, "replaces the contract's rate"),
        _maybe("start_date", Kind.DAY, "first day on the team"),
        _maybe("end_date", Kind.DAY, "last day on the team"),
        _maybe("traits", Kind.TEXT, "what law asks: minor;night_worker;opted_out; empty: none"),
        _maybe("rotation_from", Kind.DAY, "a day in the first week of the contract's rotation"),
    ),
)

AVAILABILITY = Sheet(
    "availability",
    "when people can work; who is not named always can, who is named only then",
    (
        AGENT,
        Column(
            "weekday_or_date",
            Kind.TEXT,
            "monday, sun-thu or a date; a date replaces its weekday",
            aliases=("weekday", "day", "date"),
        ),
        Column("from", Kind.CLOCK, "from; both empty: all day", aliases=("start",)),
        Column("until", Kind.CLOCK, "until; 00:30 after 15:30 is the next day's", aliases=("end",)),
    ),
)

ABSENCES = Sheet(
    "absences",
    "leave, training, meetings, illness",
    (
        AGENT,
        Column("start", Kind.DAY_OR_MOMENT, "first day, or moment", aliases=("from",)),
        Column("end", Kind.DAY_OR_MOMENT, "last day (included), or moment", aliases=("until",)),
        Column("kind", Kind.TEXT, "leave, training, meeting, sick", aliases=("reason", "type")),
        _maybe("hours", Kind.COUNT, "paid hours credited to its first day; empty: the contract's"),
    ),
)

FIXED = Sheet(
    "fixed",
    "what is decided already; a row of work fixes the day's shift, another what it must hold",
    (
        AGENT,
        Column("start", Kind.DAY_OR_MOMENT, "from; of a time off also its first day"),
        Column("end", Kind.DAY_OR_MOMENT, "to; of a time off also its last day (included)"),
        Column("activity", Kind.TEXT, "work, a break, training, meeting, ..., or off"),
    ),
)

WISHES = Sheet(
    "wishes",
    "what people would like",
    (
        AGENT,
        DATE,
        Column("kind", Kind.TEXT, "off, early, late, shift"),
        _maybe("weight", Kind.COUNT, "times the price of [wishes]; empty: 1"),
        _maybe("shape", Kind.TEXT, "the shape wished for by shift"),
    ),
)

ACTIVITIES = Sheet(
    "activities",
    "training and meetings to be placed inside shifts, where they hurt least",
    (
        Column("name", Kind.TEXT, "training, meeting, or another [activity.NAME] of wfm.toml"),
        Column(
            "agents_or_skill",
            Kind.TEXT,
            "who: a01;a02, a skill, or all",
            aliases=("agents", "skill", "who"),
        ),
        Column("minutes", Kind.COUNT, "length of a session; breaks do not count"),
        Column("sessions", Kind.COUNT, "how many each person is owed, at most one a day"),
        Column("from", Kind.DAY_OR_MOMENT, "from; empty: the first day planned"),
        Column("until", Kind.DAY_OR_MOMENT, "last day (included), or moment; empty: the last"),
        _maybe("together", Kind.TEXT, "yes: one slot for everybody; empty: each alone"),
    ),
)

ROSTER = Sheet(
    "roster",
    "one row per block of activity; a shift is the blocks sharing agent and date",
    (
        AGENT,
        Column("date", Kind.DAY, "day on which the shift begins"),
        Column("start", Kind.MOMENT, "start of the block"),
        Column("end", Kind.MOMENT, "end of the block"),
        Column("activity", Kind.TEXT, "work, lunch, break, training, closing, ..."),
        _maybe("queue", Kind.TEXT, "queues served, in order of priority: banking;stocks"),
    ),
)

WHO = Column(
    AGENT.name,
    AGENT.kind,
    AGENT.meaning,
    aliases=(
        *(*AGENT.aliases, "name", "nom", "salarié", "salarie", "employé", "employe"),
        *("collaborateur", "mitarbeiter"),
    ),
)
STARTS = ("start", "start_time", "début", "debut", "heure_de_début", "heure_de_debut", "beginn")
ENDS = ("end", "end_time", "fin", "heure_de_fin", "ende")

SHIFTS = Sheet(
    "shifts",
    "one row per shift, for people",
    (
        WHO,
        Column("shift_start", Kind.MOMENT, "start", aliases=STARTS),
        Column("shift_end", Kind.MOMENT, "end", aliases=ENDS),
        _maybe("date", Kind.DAY, "day on which it begins"),
        _maybe("paid_minutes", Kind.COUNT, "paid minutes"),
        _maybe("work_minutes", Kind.COUNT, "minutes of working time in the law's sense"),
    ),
)

TIMES = Sheet(
    "times",
    "one row per shift: its date, and times of day as in a grid",
    (
        WHO,
        Column("date", Kind.DAY, "day on which it begins", aliases=("jour", "day", "datum")),
        Column("shift_start", Kind.TEXT, "start", aliases=STARTS),
        Column("shift_end", Kind.TEXT, "end", aliases=ENDS),
    ),
)

COVERAGE = Sheet(
    "coverage",
    "people required and on duty",
    (
        START,
        QUEUE,
        Column("required", Kind.COUNT, "heads needed on the roster"),
        Column("scheduled", Kind.COUNT, "heads on the roster"),
        Column("surplus", Kind.NUMBER, "scheduled - required"),
        Column("predicted_service_level", Kind.SHARE, "by the curve"),
        Column("predicted_answer_rate", Kind.SHARE, "by the curve"),
        OFFSET,
    ),
)

VIOLATIONS = Sheet(
    "violations",
    "rules that the roster breaks",
    (
        Column("code", Kind.TEXT, "the rule"),
        Column("severity", Kind.TEXT, "hard, priced, info"),
        AGENT,
        DATE,
        Column("amount", Kind.NUMBER, "by how much"),
        Column("unit", Kind.TEXT, "unit of amount"),
        Column("sentence", Kind.TEXT, "the rule in words"),
        Column("source", Kind.TEXT, "where it is written"),
        Column("status", Kind.TEXT, "read, secondary, memory, setting"),
    ),
)

COSTS = Sheet(
    "costs",
    "every item of cost",
    (
        Column("item", Kind.TEXT, "base, night, sunday, overtime, absence, ..."),
        Column("rule", Kind.TEXT, "the words of the tariff"),
        AGENT,
        DATE,
        Column("queue", Kind.TEXT, "queues served; empty off contacts"),
        Column("activity", Kind.TEXT, "activity"),
        Column("start", Kind.MOMENT, "start"),
        Column("hours", Kind.NUMBER, "hours"),
        Column("rate", Kind.MONEY, "per hour"),
        Column("amount", Kind.MONEY, "cost"),
    ),
)

BACKTEST = Sheet(
    "backtest",
    "accuracy of every candidate, by rolling origin",
    (
        QUEUE,
        Column("model", Kind.TEXT, "candidate"),
        Column("horizon", Kind.COUNT, "days ahead"),
        Column("origin", Kind.DAY, "first day forecast"),
        Column("wape", Kind.NUMBER, "sum of absolute errors over sum of contacts"),
        Column("mase", Kind.NUMBER, "mean absolute error over that of seasonal naive"),
        Column("bias", Kind.NUMBER, "sum of errors over sum of contacts"),
        Column("crps", Kind.NUMBER, "continuous ranked probability score"),
        Column("cover80", Kind.SHARE, "share of counts inside the 80 % band"),
        Column("cover95", Kind.SHARE, "share of counts inside the 95 % band"),
        Column("cpu_s", Kind.COUNT, "processor seconds; they differ from run to run"),
    ),
)

SIMULATION = Sheet(
    "simulation",
    "the horizon call by call: means over replications",
    (
        START,
        QUEUE,
        Column("offered", Kind.COUNT, "contacts"),
        Column("answered", Kind.COUNT, "contacts answered"),
        Column("in_time", Kind.COUNT, "contacts answered within the threshold"),
        Column("abandoned", Kind.COUNT, "contacts that hung up"),
        Column("wait_s", Kind.COUNT, "mean wait of answered contacts, seconds"),
        Column("occupancy", Kind.SHARE, "busy time over time on queue; empty: nobody on duty"),
        OFFSET,
    ),
)

SHEETS = (
    *(HISTORY, ORDERS, EVENTS, ADJUSTMENTS, BACKLOG, FORECAST, REQUIREMENT, CURVES),
    *(AGENTS, AVAILABILITY, ABSENCES, FIXED, WISHES, ACTIVITIES),
    *(ROSTER, SHIFTS, COVERAGE, VIOLATIONS, COSTS, BACKTEST, SIMULATION),
)
