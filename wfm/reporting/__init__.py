"""
Results for people: rows of tables, pictures and pages. Nothing here decides anything.
"""

from __future__ import annotations

import logging

# Where matplotlib keeps its font cache, and that it makes one, is not the user's concern.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
