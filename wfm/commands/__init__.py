"""
The command line: every door calls ``main``, and a command loads when it is called.

A command is a function in the module of its name (``staff`` in ``staff.py``), or an
``app`` of several (``rules list``, ``rules show``) in that module. It returns nothing,
or the ``Exit`` that the shell shall see. What it imports beyond typer it imports in its
body, so that help is instant. Options that every command shares (``--quiet``,
``--no-color``, ``--log-format``) are added here.
"""

from __future__ import annotations

import os
import pkgutil
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from inspect import Parameter, Signature, cleandoc, signature
from typing import Any, NoReturn, get_type_hints

import typer
from typer.core import TyperGroup

from wfm import __version__, console
from wfm.commands.common import LogFormatOption, NoColorOption, QuietOption, VersionOption
from wfm.errors import Exit, WfmError

# Small matrices lose time to threads; processes share the work instead. Before numpy loads.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# The order of help: that of the work. A command whose module is not there is not shown.
ORDER = (
    *("init", "import", "history", "forecast", "backtest", "accuracy", "calibrate"),
    *("staff", "erlang", "schedule", "simulate", "verify", "check", "rules"),
    *("cost", "price", "whatif", "capacity", "intraday", "replan", "swap", "diff"),
    *("explain", "fairness", "report", "show", "export", "publish", "plan"),
    *("doctor", "store"),
)
MODULES = {"import": "import_"}  # a command whose name Python keeps for itself

OUTPUT_OPTIONS = {
    "quiet": (QuietOption, False),
    "no_color": (NoColorOption, False),
    "log_format": (LogFormatOption, "text"),
}


# Sums over several threads, or by other kernels, round in another order. One thread and the
# processor's own kernels give the same bytes from a terminal and from cron.
THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"),
    *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"),
)
KERNELS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


class Commands(TyperGroup):
    """
    The commands of ``wfm``, each imported when it is asked for.
    """

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the base's signature
        """Names of all commands, in the order of the work."""
        there = {module.name for module in pkgutil.iter_modules(__path__)}
        return [name for name in ORDER if MODULES.get(name, name) in there]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return _command(cmd_name)


@cache
def _command(name: str) -> Any:
    """A command, built once for the process."""
    module = import_module(f"wfm.commands.{MODULES.get(name, name)}")
    app = getattr(module, "app", None) or _single(getattr(module, module.__name__[13:]))
    for command in app.registered_commands:
        command.help = _help(command.help or command.callback.__doc__ or "")
        command.callback = _with_output_options(command.callback)  # type: ignore[arg-type]
    built = typer.main.get_command(app)
    built.name = name
    return built


def _single(function: Callable[..., Any]) -> typer.Typer:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(function)
    return app


def _help(text: str) -> str:
    """A docstring as help: indented paragraphs are examples and keep their lines."""
    paragraphs = cleandoc(text).split("\n\n")
    return "\n\n".join(
        f"\b\n{paragraph}" if paragraph.startswith(" ") else paragraph for paragraph in paragraphs
    )


def _with_output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same command with ``--quiet``, ``--no-color`` and ``--log-format``."""
    hints = get_type_hints(function, include_extras=True)
    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)
        for name, (hint, default) in OUTPUT_OPTIONS.items()
    ]

    def run(**values: Any) -> Any:
        console.use(**{name: values.pop(name) for name in OUTPUT_OPTIONS})
        try:
            return function(**values)
        except BrokenPipeError:  # here: typer would make it exit 1
            _deafen()
            return Exit.DONE

    own = [
        parameter.replace(annotation=hints[parameter.name])
        for parameter in signature(function).parameters.values()
    ]
    run.__signature__ = Signature([*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = hints | {name: hint for name, (hint, _) in OUTPUT_OPTIONS.items()}
    run.__name__, run.__doc__ = function.__name__, function.__doc__
    return run


app = typer.Typer(
    cls=Commands,
    name="wfm",
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def wfm(context: typer.Context, version: VersionOption = False) -> None:
    """
    Workforce management for contact centres: from contact history to a proven roster.

      wfm init demo --example technion     a workspace with six real weeks of calls
      wfm plan -w demo --as-of 1999-02-27  forecast, staff, schedule, verify, cost, report

    A command works in a workspace (-w DIR, else the nearest parent with wfm.toml) and on
    bare files. Exit codes: 0 done, 1 target missed, 2 usage, 3 data rejected, 4 no roster,
    5 gap too wide, 6 stale input, 7 rule broken, 8 locked, 70 bug, 130 interrupted.
    """
    if version:
        typer.echo(f"wfm {__version__}")
        raise typer.Exit()
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit()


app.registered_callback.help = _help(wfm.__doc__ or "")  # type: ignore[union-attr]


def run(arguments: Sequence[str]) -> int:
    """
    Run one command line and say how it ended; never raises.

    Parameters
    ----------
    arguments
        What stands behind ``wfm``.

    Returns
    -------
    int
        The exit code, one of ``wfm.errors.Exit``.
    """
    try:
        code = _ended(arguments)
        sys.stdout.flush()
        return int(code)
    except BrokenPipeError:  # whoever read our output has seen enough
        _deafen()
        return int(Exit.DONE)
    except OSError as error:  # a full disk, a closed stream, a folder that may not be read
        _deafen()
        console.fail(f"{error.filename or 'standard output'}: {error.strerror or error}")
        return int(Exit.USAGE)


def _ended(arguments: Sequence[str]) -> int:
    """How a command line ended, its faults told; failures of streams are raised."""
    try:
        command = typer.main.get_command(app)
        return int(command.main(list(arguments), prog_name="wfm", standalone_mode=False) or 0)
    except WfmError as error:
        console.error(error.problems)
        return error.exit
    except (KeyboardInterrupt, typer.Abort):
        console.fail(console.interruption())
        return Exit.INTERRUPTED
    except typer.TyperException as error:
        told = getattr(error, "format_message", None)
        message = told() if told else str(error)
        console.fail(message, hint="`wfm --help` lists commands, `wfm COMMAND --help` its options")
        return Exit.USAGE
    except OSError:
        raise
    except Exception:
        traceback.print_exc()
        console.fail("this is a bug in wfm, not in your files", hint="report the lines above")
        return Exit.BUG


def _deafen() -> None:
    """Lead standard output to nowhere, so that what is left in its buffer fails no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_streams() -> None:
    """
    Give the three standard streams a place where the shell has closed them.

    Else the next file opened would become standard output. What is written to a closed
    output fails when it is written, and a closed stderr takes nothing.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest free number: this one
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def main() -> NoReturn:
    """
    The one entry of ``wfm``, ``python -m wfm`` and ``python cli.py``.
    """
    _open_streams()
    os.environ |= dict.fromkeys(THREADS, "1")  # before any command loads numpy
    for name in KERNELS:
        os.environ.pop(name, None)
    sys.exit(run(sys.argv[1:]))
