"""
Pages for people: one HTML file each, complete in itself, that loads nothing from anywhere.

``page(Results(...))`` gives the report of a plan as text.
"""

from __future__ import annotations

from wfm.reporting.pages.report import page
from wfm.reporting.results import Results

__all__ = ["Results", "page"]
