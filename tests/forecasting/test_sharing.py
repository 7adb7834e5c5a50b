"""
Queues on other machines: the same results, and plain words where there is no cluster.
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec

import numpy as np
import pytest

from tests.forecasting.conftest import MONDAY, busy_days
from wfm.domain.demand import History, QueueHistory
from wfm.domain.timegrid import DAILY, Grid
from wfm.errors import SettingsError
from wfm.forecasting import sharing
from wfm.forecasting.forecast import forecast


def three_queues() -> tuple[History, Grid]:
    grid = Grid(MONDAY, 90, DAILY)
    queues = {name: QueueHistory(name, busy_days(90, seed=at)) for at, name in enumerate("abc")}
    return History(grid, queues), Grid(grid.until, 7, DAILY)


def test_cluster_without_dask_says_what_to_install(monkeypatch):
    """
    Dask is optional: where it is missing, the hint installs it.
    """
    monkeypatch.setattr(sharing, "find_spec", lambda _name: None)
    history, horizon = three_queues()

    with pytest.raises(SettingsError, match="needs Dask") as caught:
        forecast(history, {}, horizon, cluster="tcp://nowhere:8786")

    assert "[cluster]" in caught.value.problems[0].hint


@pytest.mark.skipif(not find_spec("distributed"), reason="Dask is not installed: extra cluster")
def test_a_cluster_changes_nothing():
    """
    Workers of a Dask cluster give the bytes of one process.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        history, horizon = three_queues()
        here = forecast(history, {}, horizon)
        with LocalCluster(2, threads_per_worker=1, processes=False, dashboard_address=None) as many:
            there = forecast(history, {}, horizon, cluster=many.scheduler_address)

    assert list(there.queues) == ["a", "b", "c"]
    for name, queue in here.queues.items():
        np.testing.assert_array_equal(queue.contacts, there.queues[name].contacts)
        np.testing.assert_array_equal(queue.lo95, there.queues[name].lo95)


@pytest.mark.skipif(not find_spec("distributed"), reason="Dask is not installed: extra cluster")
def test_nobody_at_the_address_is_said(monkeypatch):
    """
    A scheduler that does not answer is a fault of the option, not a traceback.
    """
    monkeypatch.setattr(sharing, "PATIENCE", 0.2)
    history, horizon = three_queues()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(SettingsError, match="no Dask scheduler"):
            forecast(history, {}, horizon, cluster="tcp://127.0.0.1:1")
