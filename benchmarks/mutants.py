"""
Mutants of the rules room: small changes of its code, and which of them no test notices.

``make mutants`` lets mutmut write the mutants and runs the rules' tests on each. pytest
collects once; every mutant is a fork of that process, in which the tests that reach its
function run until one fails: those first that told its siblings apart, then the fastest.

What survives is listed in ``tests/rules/survivors.toml`` with the reason why it changes
nothing; a survivor that is not listed ends in exit 1. ``benchmarks/mutants.csv`` keeps the
figures of the last whole run.
"""

from __future__ import annotations

import csv
import difflib
import fnmatch
import json
import os
import resource
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from functools import wraps
from io import StringIO
from pathlib import Path
from typing import Any

HERE = Path(__file__)
RESULTS = HERE.with_suffix(".csv")
LISTED = HERE.parents[1] / "tests" / "rules" / "survivors.toml"
ROOM = "wfm.rules."
ORIGINAL = "_mutmut_orig"
COLUMNS = ("date", "version", "module", "mutants", "killed", "listed", "unlisted", "cpu_s")

MUTANTS: list[tuple[str, dict[str, Any]]] = []  # (module, functions of one name), as imported


def switch(functions: dict[str, Any], is_classmethod: bool = False) -> Callable[..., Any]:
    """In place of mutmut's own: a call goes to what stands as the original, nothing else."""
    assert not is_classmethod, "the rules have no class methods"

    def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
        MUTANTS.append((function.__module__, functions))

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            return functions[ORIGINAL](*args, **kwargs)

        return call

    return wrapped


@dataclass(frozen=True)
class Function:
    """A function with its mutants: name of the module, of the function, and the code."""

    module: str
    mangled: str
    codes: dict[str, Any]

    @property
    def name(self) -> str:
        """As a reader knows it: ``rest.DailyRest.breaches``."""
        own = self.mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        return f"{self.module.removeprefix(ROOM)}.{own}"

    @property
    def mutants(self) -> list[str]:
        """Keys of its mutants."""
        return [key for key in self.codes if key != ORIGINAL]

    def change(self, mutant: str) -> tuple[str, str]:
        """The line that a mutant changes, and what stands there instead."""
        path = Path(sys.modules[self.module].__file__ or "")
        spans = json.loads(path.with_suffix(".py.spans").read_text())["spans"]
        lines = path.read_text().splitlines()
        before, after = (
            [line.strip().replace(key, "") for line in lines[slice(*spans[key])]]
            for key in (f"{self.mangled}__mutmut_orig", mutant)
        )
        told = list(difflib.ndiff(before, after))
        line, instead = (" ".join(one[2:] for one in told if one[0] == sign) for sign in "-+")
        return line, instead


def functions() -> list[Function]:
    """Every function of the room, by module and name."""
    found = [
        Function(module, codes[ORIGINAL].__name__.removesuffix("__mutmut_orig"), codes)
        for module, codes in MUTANTS
    ]
    return sorted(found, key=lambda one: one.name)


def first_failure(items: list[Any]) -> int | None:
    """Place of the first test that fails; without reports, which cost more than the tests."""
    from _pytest.tmpdir import tmppath_result_key

    for at, item in enumerate(items):
        item._initrequest()
        item.stash[tmppath_result_key] = {}
        try:
            item.session._setupstate.setup(item)
            item.runtest()
        except BaseException:
            return at
        item.session._setupstate.teardown_exact(items[at + 1] if at + 1 < len(items) else None)
    return None


def forked(work: Callable[[], str], seconds: float) -> tuple[str | None, float]:
    """What a fork of this process answers, None when it is killed; and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            with os.fdopen(sink, "w") as file:
                file.write(work())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(sink)
    with os.fdopen(source) as file:
        answer = file.read()
    _, status = os.waitpid(child, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (answer if status == 0 else None), cpu


class Hunt:
    """A plugin of pytest: in place of the tests, the mutants."""

    def __init__(self, patterns: list[str]):
        self.patterns = patterns
        self.survivors: list[tuple[str, str, str]] = []
        self.counts: dict[str, Counter[str]] = {}

    def pytest_runtestloop(self, session: Any) -> bool:
        """Runs every mutant that was asked for."""
        items = {item.nodeid: item for item in session.items}
        room = functions()
        reached, took = self.reach(items, room)
        for function in room:
            tests, sharp = reached[function.name], Counter[str]()
            for mutant in function.mutants:
                if not any(fnmatch.fnmatch(function.name, one) for one in self.patterns):
                    continue
                tests.sort(key=lambda test: (-sharp[test], took[test]))
                killer, cpu = self.run(function, mutant, [items[test] for test in tests])
                told = self.counts.setdefault(function.name.split(".")[0], Counter())
                told["mutants"] += 1
                told["cpu_ms"] += round(1000 * cpu)
                if killer == "":
                    self.survivors.append((function.name, *function.change(mutant)))
                    print("{}\n  - {}\n  + {}".format(*self.survivors[-1]), flush=True)
                elif killer is not None:
                    sharp[killer] += 1
        return True

    def run(self, function: Function, mutant: str, tests: list[Any]) -> tuple[str | None, float]:
        """The test that fails, empty where none does, None where there is no end; CPU seconds."""

        def work() -> str:
            function.codes[ORIGINAL] = function.codes[mutant]
            at = first_failure(tests)
            return "" if at is None else tests[at].nodeid

        return forked(work, 120)

    def reach(
        self, items: dict[str, Any], room: list[Function]
    ) -> tuple[dict[str, list[str]], dict[str, float]]:
        """The tests that call each function, and the CPU seconds of each test."""

        def work() -> str:
            called: set[str] = set()
            for function in room:
                function.codes[ORIGINAL] = noting(function.name, function.codes[ORIGINAL], called)
            reached: dict[str, list[str]] = {function.name: [] for function in room}
            took = {}
            for name, item in items.items():
                called.clear()
                begun = time.process_time()
                if first_failure([item]) is not None:
                    return json.dumps(name)
                took[name] = time.process_time() - begun
                for one in called:
                    reached[one].append(name)
            return json.dumps([reached, took])

        answer = json.loads(forked(work, 600)[0] or "null")
        assert isinstance(answer, list), f"fails before anything is changed: {answer}"
        reached, took = answer
        return reached, took


def noting(name: str, function: Callable[..., Any], called: set[str]) -> Callable[..., Any]:
    """The function, and a note that it was called."""

    def call(*args: Any, **kwargs: Any) -> Any:
        called.add(name)
        return function(*args, **kwargs)

    return call


def listed() -> set[tuple[str, str, str]]:
    """Survivors with their reasons, as (function, line, line instead)."""
    table = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    return {
        (row["where"], line, instead)
        for row in table["survivor"]
        for line, instead in row["changes"]
    }


def write_mutants() -> None:
    """The folder ``mutants``, as mutmut writes it."""
    from mutmut import __main__ as mutmut
    from mutmut.mutation import trampoline

    trampoline.set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    with redirect_stdout(StringIO()):  # every file that it copies
        mutmut.copy_src_dir()
        mutmut.copy_also_copy_files()
        mutmut.setup_source_paths()
        mutmut.store_lines_covered_by_tests()
        mutmut.create_mutants(1)
    trampoline.wrap_in_trampoline = switch


def rows(hunt: Hunt, known: Iterable[tuple[str, str, str]]) -> Iterator[dict[str, object]]:
    """The table, module by module, and all of them together."""
    lists = set(known)
    for module, told in hunt.counts.items():
        own = [one for one in hunt.survivors if one[0].split(".")[0] == module]
        named = sum(one in lists for one in own)
        yield {
            "module": module,
            "mutants": told["mutants"],
            "killed": told["mutants"] - len(own),
            "listed": named,
            "unlisted": len(own) - named,
            "cpu_s": round(told["cpu_ms"] / 1000),
        }


def main(patterns: list[str]) -> int:
    """Everything, or the functions that patterns such as ``rest.*`` name."""
    import pytest

    write_mutants()
    os.chdir("mutants")
    hunt = Hunt(patterns or ["*"])
    options = ["-q", "-s", "-p", "no:cacheprovider", "-m", "not prove"]
    if pytest.main([*options, "tests/rules"], plugins=[hunt]) not in (0, 5):
        return 1
    known = listed()
    found = list(rows(hunt, known))
    figures = ("mutants", "killed", "listed", "unlisted", "cpu_s")
    found.append({"module": "all"} | {key: sum(row[key] for row in found) for key in figures})
    for row in found:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    for one in hunt.survivors:
        if one not in known:
            print("not listed: {}\n  - {}\n  + {}".format(*one))
    if not patterns:
        from wfm import __version__

        with RESULTS.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            table.writeheader()
            for row in found:
                table.writerow({"date": date.today(), "version": __version__, **row})
    return int(found[-1]["unlisted"] != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
