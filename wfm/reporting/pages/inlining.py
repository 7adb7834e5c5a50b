"""
A drawing put into a page: its colours follow the page's, its names clash with no other's.
"""

from __future__ import annotations

import re
from html import escape

from wfm.reporting.drawing import ROLES

_HEAD = re.compile(r"<svg[^>]*>")
_BOX = re.compile(r'viewBox="[^"]*"')
_FONT = re.compile(r"'DejaVu Sans'(?:, [^;\"]*)?")


def inline(svg: str, prefix: str, label: str) -> str:
    """
    An ``<svg>`` element for a page.

    Parameters
    ----------
    prefix
        Put before every id, so that two drawings on a page never share one.
    label
        What the picture shows, for those who do not see it.
    """
    box = _BOX.search(svg)
    head = f'<svg {box.group() if box else ""} role="img" aria-label="{escape(label)}">'
    body = svg[_HEAD.match(svg).end() :] if _HEAD.match(svg) else svg  # type: ignore[union-attr]
    for old, new in (
        (' id="', f' id="{prefix}-'),
        ("url(#", f"url(#{prefix}-"),
        ('href="#', f'href="#{prefix}-'),
    ):
        body = body.replace(old, new)
    for role, colour in ROLES.items():
        body = body.replace(f": {colour}", f": var(--{role})")
    return head + _FONT.sub("var(--font)", body)
