"""
The house's style of pictures, and SVG that is the same on every machine.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.figure import Figure

INK, QUIET, LINES = "#1b2733", "#5a6b7b", "#d5dce3"
PLAN, NEED, SHORT = "#0b6aa8", "#1b2734", "#c8401c"
PAST, BAND = "#8a98a6", "#0b6aa9"

# Colours that a page may replace by its own for a dark screen, by the page's name for each.
ROLES = {
    "ink": INK,
    "quiet": QUIET,
    "lines": LINES,
    "plan": PLAN,
    "need": NEED,
    "short": SHORT,
    "past": PAST,
    "band": BAND,
}
WIDTH = 11.0  # inches; the page scales it

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "wfm",
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "text.parse_math": False,  # a queue may be called $5 or a_b
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": QUIET,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "grid.color": LINES,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}


@contextmanager
def drawing(width: float, height: float) -> Iterator[Figure]:
    """
    A figure in the house's style, whatever a machine's own settings say.

    Names in any script are for the reader's fonts to show.
    """
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield Figure(figsize=(width, height), layout="constrained")


def svg(figure: Figure) -> str:
    """The figure as one ``<svg>`` element, without date, creator or declaration."""
    out = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(out, format="svg", metadata=nothing)
    text = out.getvalue()
    return text[text.index("<svg") :]
