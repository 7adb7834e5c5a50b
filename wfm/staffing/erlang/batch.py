"""
The recursions of ``kernels``, compiled: for tables of many thousand rows.

Importing this module loads numba (about a second from its cache); a calculator that
answers one case must not.
"""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
from numba.extending import register_jitable

from wfm.staffing.erlang import kernels

for _function in (
    kernels.fractional_start,
    kernels.inverse_b,
    kernels.wait_share_c,
    kernels.log_gamma_ratio,
    kernels.digamma,
    kernels.queue_sums,
    kernels.drift,
    kernels.impatient,
    kernels.fill_yield,
):
    register_jitable(_function)

_fill_yields: Callable[..., None] = numba.njit(cache=True, nogil=True, error_model="numpy")(
    kernels.fill_yields
)


def yields(
    loads: np.ndarray,
    contacts: np.ndarray,
    grid: np.ndarray,
    sizes: np.ndarray,
    patience: np.ndarray,
    threshold: np.ndarray,
) -> np.ndarray:
    """
    What each number of agents yields, [intervals, most, 6]; see ``kernels.fill_yields``.
    """
    out = np.zeros((*grid.shape, 6))
    floats = (loads, contacts, grid)
    _fill_yields(
        *(np.ascontiguousarray(values, dtype=float) for values in floats),
        np.ascontiguousarray(sizes, dtype=np.int64),
        np.ascontiguousarray(patience, dtype=float),
        np.ascontiguousarray(threshold, dtype=float),
        out,
    )
    return out
