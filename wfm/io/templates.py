"""
Files of a new workspace: those of a scenario, or empty tables with a settings file.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from wfm.errors import SettingsError, nearest
from wfm.io import columns as sheets

TABLES = (
    sheets.HISTORY,
    sheets.AGENTS,
    sheets.AVAILABILITY,
    sheets.ABSENCES,
    sheets.FIXED,
    sheets.WISHES,
    sheets.ACTIVITIES,
    sheets.EVENTS,
)


def scenarios() -> dict[str, Traversable]:
    """
    Folders of scenarios by name: inside the installed package, else beside its source.
    """
    package = files("wfm")
    inside = package.joinpath("examples")
    source = Path(str(package)).parent / "examples"
    root: Traversable = inside if inside.is_dir() else source
    if not root.is_dir():
        return {}
    return {place.name: place for place in root.iterdir() if place.joinpath("wfm.toml").is_file()}


def example_workspace(name: str) -> dict[str, bytes]:
    """
    The files of a scenario; pictures of its report are not among them.

    Raises
    ------
    SettingsError
        There is none of that name.
    """
    known = scenarios()
    if name not in known:
        raise SettingsError(f"there is no example '{name}'", hint=nearest(name, known))
    return {
        place.name: place.read_bytes()
        for place in known[name].iterdir()
        if place.is_file() and not place.name.startswith(".") and not place.name.endswith(".png")
    }


def empty_workspace() -> dict[str, bytes]:
    """
    A settings file that explains every key, and tables with their headers.
    """
    settings = files("wfm.io").joinpath("new.toml").read_bytes()
    tables = {
        f"{sheet.name}.csv": (",".join(column.name for column in sheet.columns) + "\n").encode()
        for sheet in TABLES
    }
    return {"wfm.toml": settings, **tables}
