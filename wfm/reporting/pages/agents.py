"""
A page for one person: their shifts, what became of their wishes, and how the load is spread.

It holds nothing about anybody else but how a burden is spread over the team.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wfm.domain.roster import Tour
from wfm.reporting import gantt, persons, team, words
from wfm.reporting.pages.report import environment
from wfm.reporting.results import Results


def agent_pages(results: Results) -> Iterator[tuple[str, str]]:
    """
    A page for everyone on the roster.

    Yields
    ------
    tuple
        Name of the file, safe on every file system and different for everyone, and HTML.
    """
    roster = results.plan.roster
    queues = list(results.requirement.queues)
    template = environment().get_template("agent.html.j2")
    taken: set[str] = set()
    for tour, part in zip(roster, persons.parts(results), strict=True):
        name = file_name(tour.agent, taken)
        taken.add(name.casefold())
        yield (
            name,
            template.render(
                results=results,
                part=part,
                name=tour.person.agent.name or tour.agent,
                zone_name=tour.person.agent.zone_name,
                weeks=words.weeks(roster.grid),
                chart=gantt.own_chart(tour, roster.grid, queues),
                legend=_served(tour, queues),
                fairness=team.fairness_table(roster, tour.agent),
            ),
        )


def _served(tour: Tour, queues: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The look of each queue that somebody serves."""
    served = {name for duty in tour.planned for block in duty.blocks for name in block.queues}
    return tuple((look, name) for look, name in gantt.legend_of(queues) if name in served)


def file_name(agent: str, taken: set[str]) -> str:
    """
    ``ada.html``: a name without anything that a path or a shell could read.

    >>> file_name("../ada lovelace", set())
    'ada_lovelace.html'
    """
    plain = re.sub(r"[^\w-]+", "_", agent).strip("_")[:80] or "agent"
    name, number = f"{plain}.html", 1
    while name.casefold() in taken or plain.casefold() in {"con", "nul", "aux", "prn"}:
        number += 1
        name = f"{plain}-{number}.html"
        if name.casefold() not in taken:
            break
    return name
