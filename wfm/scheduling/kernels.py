"""
How kernels that allocate nothing are compiled.
"""

from __future__ import annotations

from typing import Any

# Cached, and without reference counts: counting the references to every array of the
# tuples at each call took four fifths of the time. Numba refuses what would allocate.
# Inlined, because a tuple is handed on with seven words for each of its arrays.
LEAN: dict[str, Any] = {"cache": True, "_nrt": False, "forceinline": True}
