"""
The formulas compiled, for tables of many thousand rows.

Importing this module loads numba (about half a second from its cache); a calculator that
answers one case must not. Numba keeps compiled code by the date of the file in which a
loop stands: after changing ``kernels``, ``measured`` or ``sides``, touch ``loops`` too.
"""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
from numba.extending import register_jitable

from wfm.staffing.erlang import kernels, loops, measured, sides

for _function in (
    *(kernels.fractional_start, kernels.inverse_b, kernels.wait_share_c),
    *(kernels.log_gamma_ratio, kernels.digamma, kernels.queue_sums),
    *(kernels.drift, kernels.impatient, kernels.impatient_above),
    *(measured.grown, loops.rates_of, measured.top_exponent, measured.measured_patience),
    *(sides.finishing_rate, sides.beside, sides.outcome_above, sides.met),
    *(loops.fill_yield, loops.share_after, loops.reached),
):
    register_jitable(_function)


def _compiled(function: Callable[..., None]) -> Callable[..., None]:
    made: Callable[..., None] = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return made


_fill_yields = _compiled(loops.fill_yields)
_fill_agents_c = _compiled(loops.fill_agents_c)
_fill_agents_a = _compiled(loops.fill_agents_a)


def _floats(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=float)


def yields(
    loads: np.ndarray,
    contacts: np.ndarray,
    grid: np.ndarray,
    sizes: np.ndarray,
    aht_s: np.ndarray,
    *,
    patience_s: float,
    patience_curve: np.ndarray,
    slowing: np.ndarray,
    redial: float,
    threshold_s: float,
) -> np.ndarray:
    """
    What each number of agents yields, [intervals, most, 6]; see ``loops.fill_yields``.
    """
    out = np.zeros((*grid.shape, 6))
    _fill_yields(
        _floats(loads),
        _floats(contacts),
        _floats(grid),
        np.ascontiguousarray(sizes, dtype=np.int64),
        _floats(aht_s),
        float(patience_s),
        _floats(patience_curve).reshape(-1, 2),
        _floats(slowing),
        float(redial),
        float(threshold_s),
        out,
    )
    return out


def agents_c(
    loads: np.ndarray, aht_s: np.ndarray | float, share: float, threshold_s: float
) -> np.ndarray:
    """
    Fewest agents for a service level where nobody hangs up, int [n].

    Parameters
    ----------
    loads
        Erlangs, [n].
    aht_s
        Seconds, one or [n].
    share, threshold_s
        Of the service level.
    """
    out = np.zeros(len(loads), dtype=np.int64)
    threshold = np.broadcast_to(threshold_s / np.asarray(aht_s, dtype=float), out.shape)
    _fill_agents_c(_floats(loads), _floats(threshold), float(share), out)
    return out


def agents_a(
    loads: np.ndarray,
    aht_s: np.ndarray | float,
    patience_s: np.ndarray | float,
    share: float,
    *,
    threshold_s: float | None = None,
) -> np.ndarray:
    """
    Fewest agents for a service level, or without threshold an answer rate, int [n].

    Parameters are those of ``agents_c``; ``patience_s`` in seconds, above 0, finite.
    """
    out = np.zeros(len(loads), dtype=np.int64)
    aht = np.broadcast_to(np.asarray(aht_s, dtype=float), out.shape)
    patience = np.broadcast_to(np.asarray(patience_s, dtype=float), out.shape) / aht
    threshold = (0.0 if threshold_s is None else threshold_s) / aht
    _fill_agents_a(
        _floats(loads),
        _floats(patience),
        _floats(threshold),
        float(share),
        threshold_s is None,
        out,
    )
    return out
