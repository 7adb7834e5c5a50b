"""
A plain page: a title, sentences, and tables.
"""

from __future__ import annotations

from collections.abc import Sequence

from wfm.reporting.pages.report import environment
from wfm.reporting.table import Table


def document(title: str, subtitle: str, blocks: Sequence[str | Table]) -> str:
    """
    One self-contained page of HTML.

    Parameters
    ----------
    blocks
        Paragraphs and tables, in order.
    """
    parts = [(block, isinstance(block, Table)) for block in blocks]
    template = environment().get_template("document.html.j2")
    return template.render(title=title, subtitle=subtitle, parts=parts)
