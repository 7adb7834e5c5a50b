"""
The results of a plan, read back from its folder: what ``report`` and ``show`` share.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wfm.errors import StaleError

if TYPE_CHECKING:
    import numpy as np

    from wfm.domain.demand import Forecast
    from wfm.domain.promise import Requirement
    from wfm.domain.roster import Roster
    from wfm.domain.timegrid import Grid
    from wfm.workspace import Workspace


@dataclass(frozen=True)
class Folder:
    """
    A folder of result files, and the workspace around it where there is one.

    ``asked`` is the result that was asked for and ``file`` where it stands; it may have
    any name, the others have their own.
    """

    folder: Path
    asked: str
    file: Path
    place: Workspace | None

    @staticmethod
    def of(given: Path | None, asked: str, workspace: Path | None) -> Folder:
        """
        The folder of a file; without one the workspace's, or that of its latest plan.

        Parameters
        ----------
        given
            A file, or a folder that holds ``asked``.

        Raises
        ------
        StaleError
            There is no such result yet.
        """
        from wfm.workspace import Workspace

        if given is not None:
            folder = given if given.is_dir() else given.parent
            file = folder / asked if given.is_dir() else given
            return Folder(folder, asked, file, _around(folder, workspace))
        place = Workspace.find(workspace)
        plans = sorted(path.parent for path in place.folder.glob(f"plans/*/{asked}"))
        for folder in (place.folder, *reversed(plans)):
            if (folder / asked).is_file():
                return Folder(folder, asked, folder / asked, place)
        raise StaleError(
            f"there is no {asked} yet",
            place=str(place.folder),
            hint="`wfm plan` makes every result; or give a file",
        )

    def holds(self, name: str) -> bool:
        """Whether a file stands in the folder."""
        return self.path(name).is_file()

    @property
    def zone_name(self) -> str:
        """Zone of the wall clock; UTC for files that stand alone."""
        return self.place.settings.timezone if self.place else "UTC"

    @property
    def queues(self) -> list[str]:
        """Queues of the workspace, in its order."""
        return list(self.place.settings.queues) if self.place else []

    def forecast(self) -> Forecast:
        """The forecast."""
        from wfm.io.demand import read_forecast

        if self.place:
            return self.place.forecast(self.path("forecast.csv"))
        return read_forecast(self.path("forecast.csv"))

    def requirement(self) -> Requirement:
        """The requirement, with its curves where they stand beside it."""
        from wfm.io.promises import read_requirement

        if self.place:
            return self.place.requirement(self.path("requirement.csv"))
        return read_requirement(self.path("requirement.csv"), {})

    def cover(self, requirement: Requirement) -> dict[str, np.ndarray]:
        """Heads on the roster by queue and interval."""
        from wfm.io.plans import read_cover

        return read_cover(self.path("coverage.csv"), requirement.grid)

    @cached_property
    def grid(self) -> Grid:
        """The horizon: that of the requirement, else the days of the roster."""
        from wfm.io.rosters import grid_of_roster

        if self.holds("requirement.csv"):
            return self.requirement().grid
        return grid_of_roster(self.path("roster.csv"), self.zone_name)

    def roster(self) -> Roster:
        """The roster; of a file that stands alone nothing but its duties is known."""
        path = self.path("roster.csv")
        if self.place:
            return self.place.roster(path, self.grid)
        from wfm.io.plans import bare_roster

        return bare_roster(path, self.grid)

    def path(self, name: str) -> Path:
        """Where a result stands."""
        return self.file if name == self.asked else self.folder / name


def _around(folder: Path, workspace: Path | None) -> Workspace | None:
    """The workspace that is named, else the one in which a folder lies."""
    from wfm.workspace import Workspace

    if workspace is not None:
        return Workspace.find(workspace)
    near = folder.resolve()
    return next((Workspace(p) for p in (near, *near.parents) if (p / "wfm.toml").is_file()), None)
