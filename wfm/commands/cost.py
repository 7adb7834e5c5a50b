"""
``wfm cost``: what a roster costs, item by item.
"""

from __future__ import annotations

from wfm.commands.common import DryRunOption, JsonOption, OutputOption, WorkspaceOption
from wfm.commands.judging import RosterArgument
from wfm.errors import Exit, SettingsError


def cost(
    roster: RosterArgument = None,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """
    What a roster costs: base pay, premiums, overtime and absences, line by line.

      wfm cost                                the roster of the workspace
      wfm cost edited.csv -w centre           a plan that somebody changed by hand
      wfm cost plans/1999-02-28 --json

    Writes costs.csv beside the roster, or where -o says. Its sum is the pay in the plan's
    objective, to the cent.
    """
    from wfm import console
    from wfm.commands.results import Folder
    from wfm.io.files import write_files
    from wfm.io.results import costs_csv
    from wfm.paying.costs import cost as priced
    from wfm.paying.costs import total
    from wfm.reporting.tables import cost_table

    folder = Folder.of(roster, "roster.csv", workspace)
    if folder.place is None:
        raise SettingsError(
            "no contracts are known for this roster", hint="name a workspace with -w DIR"
        )
    found = folder.place.roster(folder.file, folder.grid)
    lines = priced(found)
    target = output or folder.file.with_name("costs.csv")
    if not dry_run:
        write_files({target: costs_csv(lines, found.grid)})
    if as_json:
        items = sorted({line.item for line in lines})
        sums = {item: total(one for one in lines if one.item == item) / 100 for item in items}
        console.show_json({"items": sums, "total": total(lines) / 100})
    elif str(target) != "-":
        console.summary(cost_table(lines))
    return Exit.DONE
