"""
Logs of single calls.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from wfm.domain.calls import Calls
from wfm.errors import DataError
from wfm.io.columns import Column, Kind, Sheet
from wfm.io.files import read_table

ANSWERED = ("answered", "handled", "served", "agent", "completed")
ABANDONED = ("abandoned", "abandon", "hang", "hung up", "lost")

CALLS = Sheet(
    "calls",
    "calls one by one: for calibration and replay",
    (
        Column(
            "arrival",
            Kind.MOMENT,
            "when it came, local wall clock",
            aliases=("start", "timestamp", "time", "datetime"),
        ),
        Column("queue", Kind.TEXT, "queue", aliases=("queue_name", "skill", "split", "type")),
        Column("outcome", Kind.TEXT, "answered or abandoned; other rows are left out"),
        Column("wait_s", Kind.SECONDS, "wait", required=False, aliases=("wait", "queue_time_s")),
        Column(
            "service_s",
            Kind.SECONDS,
            "handle time",
            required=False,
            aliases=("handle_time_s", "talk_s", "service_time_s"),
        ),
        Column("agent", Kind.TEXT, "who answered", required=False, aliases=("agent_id", "server")),
    ),
)


def read_calls(path: Path) -> Calls:
    """
    Calls of a file, sorted by arrival.

    Raises
    ------
    DataError
        Cells cannot be read, or no row is a call that was answered or abandoned.
    """
    table = read_table(path, CALLS)
    table.check()
    outcomes = [str(text).strip().lower() for text in table.columns["outcome"]]
    kept = [at for at, text in enumerate(outcomes) if text in ANSWERED or text in ABANDONED]
    left = Counter(text for text in outcomes if text not in ANSWERED and text not in ABANDONED)
    if not kept:
        raise DataError(
            f"no row is answered or abandoned; outcomes are {', '.join(sorted(left))}",
            place=path.name,
            hint=f"known are {', '.join((*ANSWERED, *ABANDONED))}",
        )
    moments = [table.columns["arrival"][at].replace(tzinfo=None) for at in kept]
    first = min(moments).replace(hour=0, minute=0, second=0, microsecond=0)
    arrival = np.array([(moment - first).total_seconds() for moment in moments])
    order = np.argsort(arrival, kind="stable")
    remarks = tuple(
        f"{path.name}: {count} rows with outcome '{text}' are left out"
        for text, count in sorted(left.items())
    )

    def numbers(name: str) -> np.ndarray:
        values = table.get(name)
        return np.array([np.nan if values[at] is None else values[at] for at in kept])[order]

    agents = table.get("agent")
    return Calls(
        queue=np.array([table.columns["queue"][at] for at in kept], dtype=object)[order],
        arrival_s=arrival[order],
        answered=np.array([outcomes[at] in ANSWERED for at in kept])[order],
        wait_s=numbers("wait_s"),
        service_s=numbers("service_s"),
        agent=np.array([agents[at] or "" for at in kept], dtype=object)[order],
        remarks=remarks,
    )
