"""
The house itself: who may import whom, what help loads, and that every door is the same.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("pandas", "scipy", "statsmodels", "ortools", "numba")

STAGES = ("forecasting", "staffing", "simulation", "rules", "paying", "scheduling", "verifying")
MAY_IMPORT = {
    "errors": (),
    "domain": (),
    "forecasting": (),
    "staffing": (),
    "simulation": (),
    "rules": (),
    "paying": ("rules",),
    "scheduling": ("rules", "paying"),
    "verifying": ("rules", "paying", "simulation"),
    "settings": (),
    "pipeline": ("settings", *STAGES),
    "planning": ("pipeline", *STAGES),
    "revising": ("pipeline", *STAGES),
    "explaining": ("pipeline", *STAGES),
    "warming": ("console", "pipeline", *STAGES),
    "io": (),
    "store": (),
    "workspace": ("settings", "io", "store"),
    "reporting": ("rules", "paying"),  # words of their results
    "console": (),
}
ALL = (*MAY_IMPORT, "commands")
ONLY_IN = {
    "ortools": ("scheduling",),
    "typer": ("commands",),
    "rich": ("console",),
    "sqlalchemy": ("store", "io"),
    "openpyxl": ("io",),
    "matplotlib": ("reporting",),
    "jinja2": ("reporting",),
}


def modules() -> list[Path]:
    return sorted((ROOT / "wfm").rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(ROOT / "wfm").parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Every module that a file imports, anywhere in it; relative ones start with a dot."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append("." * node.level + (node.module or ""))
            if any(alias.name == "*" for alias in node.names):
                found.append("*")
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_import_only_their_neighbours(path):
    """
    Each room imports errors, domain and what STYLE's table allows; nothing relative.
    """
    room = room_of(path)
    if room in ("__init__", "__main__", "commands"):
        return
    allowed = {room, "errors", "domain", *MAY_IMPORT[room]}
    if room == "errors":
        allowed = {"errors"}
    if room == "domain":
        allowed = {"errors", "domain"}
    for name in imports(path):
        assert not name.startswith((".", "*")), f"{name} in {path}"
        if name.startswith("wfm."):
            assert name.split(".")[1] in allowed, f"{room} imports {name}"
        outside = name.split(".")[0]
        if outside in ONLY_IN:
            assert room in ONLY_IN[outside], f"{room} imports {outside}"


def test_no_room_is_a_drawer():
    """
    No module is called utils, helpers or misc.
    """
    assert not [path for path in modules() if path.stem in ("utils", "helpers", "misc", "util")]


def loaded_by(*arguments: str) -> set[str]:
    """Top-level modules that a command line loads."""
    code = (
        "import sys\n"
        "from wfm.commands import run\n"
        f"run({list(arguments)!r})\n"
        "print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.rpartition("LOADED")[2].split())


def test_help_loads_no_heavy_library():
    """
    ``wfm --help`` loads none of the heavy libraries, not even numpy.
    """
    assert not loaded_by("--help") & {*HEAVY, "numpy", "pydantic", "matplotlib"}


def test_the_calculator_loads_no_heavy_library():
    """
    ``wfm erlang`` loads none of the heavy libraries, not even numpy.
    """
    asked = "erlang --contacts 200 --interval 30 --aht 180 --service-level 0.80 --within 20 --json"

    assert not loaded_by(*asked.split()) & {*HEAVY, "numpy"}


def doors() -> list[list[str]]:
    return [
        [sys.executable, "cli.py"],
        [sys.executable, "-m", "wfm"],
        [str(Path(sys.executable).parent / "wfm")],
    ]


def _said(door: list[str], arguments: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [*door, *arguments], check=False, capture_output=True, text=True, cwd=ROOT
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["no-such-command"]])
def test_the_doors_are_one(arguments):
    """
    ``wfm``, ``python -m wfm`` and ``python cli.py`` say the same and leave with the same code.
    """
    assert len({_said(door, arguments) for door in doors()}) == 1


def test_every_command_stands_in_the_readme():
    """
    README names every command that help lists.
    """
    from wfm.commands import Commands

    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    missing = [
        name for name in Commands(name="wfm").list_commands(None) if f"wfm {name}" not in readme
    ]

    assert not missing


def test_every_column_stands_in_the_readme():
    """
    README's table of files is that of ``wfm.io.columns``.
    """
    from wfm.io.columns import SHEETS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    for sheet in SHEETS:
        needed = ", ".join(f"`{column.name}`" for column in sheet.columns if column.required)
        others = ", ".join(f"`{column.name}`" for column in sheet.columns if not column.required)
        row = (
            f"| `{sheet.name}.csv` | {sheet.meaning} | {needed}{f' [{others}]' if others else ''} |"
        )
        assert row in readme, row


def test_the_lock_holds_no_address():
    """
    requirements.lock names versions and hashes, and no place to load them from.
    """
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "--hash=sha256:" in text
    assert not re.search(r"://|--index|--find-links|--extra|@ file", text)


def test_the_package_has_a_free_name():
    """
    The distribution is not called wfm, a name that is taken; the command is.
    """
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert 'name = "wfm"' not in text
    assert 'wfm = "wfm.commands:main"' in text
