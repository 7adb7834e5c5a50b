"""
Shapes of days: shares, smoothing, dates with other hours, the low-rank model.
"""

from __future__ import annotations

import numpy as np
import pytest

from wfm.forecasting import lowrank
from wfm.forecasting.profiles import Shape, Table, choose_shape, clip_intervals, profile, spread

SHAPE = np.array([1.0, 2.0, 4.0, 2.0, 1.0])


def table(days: int = 70, noise: int = 200) -> Table:
    """Days of five slots with the same shape, weekends half as busy."""
    stream = np.random.default_rng(2)
    size = np.resize([1, 1, 1, 1, 1, 0.5, 0.5], days)[:, None] * noise
    counts = stream.poisson(size * SHAPE / 10).astype(float)
    return Table(counts, np.ones((days + 7, 5), dtype=bool), np.arange(days + 7) % 7, 60)


def test_shares_sum_to_one_and_have_the_shape():
    """
    Every weekday gets the shape that all days have.
    """
    found = profile(table(), 70, Shape(10.0, 2.0, 0.0))

    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found[0], SHAPE / 10, atol=0.02)


def test_profile_sees_no_later_day():
    """
    Garbage after the origin changes nothing.
    """
    clean, dirty = table(), table()
    dirty.counts[60:] = 999

    one, two = (profile(t, 60, Shape(10.0, 2.0, 0.0)) for t in (clean, dirty))

    np.testing.assert_array_equal(one, two)


def test_wide_kernel_flattens():
    """
    A kernel over two hours lowers the peak and keeps the sum.
    """
    sharp, soft = (profile(table(), 70, Shape(10.0, 2.0, w)) for w in (0.0, 120.0))

    assert soft[0, 2] < sharp[0, 2]
    assert soft[0].sum() == pytest.approx(1)


def test_date_with_shorter_hours_keeps_relative_shares():
    """
    Open in the middle slots only: 2, 4, 2 of 8.
    """
    shares = np.tile(SHAPE / 10, (7, 1))
    opened = np.array([[False, True, True, True, False]])

    found = spread(shares, opened, np.array([0]))

    np.testing.assert_allclose(found, [[0, 0.25, 0.5, 0.25, 0]])


def test_date_with_longer_hours_gets_the_mean_share():
    """
    A slot that its weekday never opens takes the mean of the others.
    """
    shares = np.tile([0.0, 0.5, 0.5], (7, 1))

    found = spread(shares, np.ones((1, 3), dtype=bool), np.array([3]))

    np.testing.assert_allclose(found, [[1 / 3, 1 / 3, 1 / 3]])


def test_chosen_shape_smooths_thin_counts_more_than_thick_ones():
    """
    With two contacts a slot neighbours help, with two thousand they do not.
    """
    assert choose_shape(table(noise=20_000)).width <= choose_shape(table(noise=10)).width


def test_single_wild_interval_is_drawn_in():
    """
    A slot with ten times its share comes down; the others stay.
    """
    made = table()
    made.counts[30, 0] = 10 * made.counts[30, 0] + 200

    clipped = clip_intervals(made.counts, made.weekday)

    assert clipped[30, 0] < made.counts[30, 0]
    np.testing.assert_array_equal(clipped[31], made.counts[31])


def test_low_rank_model_finds_the_weekly_rows():
    """
    Root contacts of next week near those of every week; weekends lower.
    """
    made = table(noise=2000)

    root = lowrank.project(made.counts, made.weekday, np.zeros(7, dtype=int), 70, 7)

    np.testing.assert_allclose(root[0] ** 2, 200 * SHAPE, rtol=0.1)
    np.testing.assert_allclose(root[5] ** 2, 100 * SHAPE, rtol=0.15)


def test_low_rank_model_needs_days():
    """
    Nineteen known days are too few: unknown.
    """
    made = table(days=19)

    assert np.isnan(lowrank.project(made.counts, made.weekday, np.zeros(7, int), 19, 7)).all()


def test_low_rank_days_of_an_origin_see_no_later_level():
    """
    Shapes come from all days, their amounts from before: ten times the contacts after the
    origin leave its Monday near 1,000, not near 10,000.
    """
    made = table(days=70, noise=1000)
    later = made.counts.copy()
    later[56:] *= 10

    found = lowrank.day_levels(
        later, made.open, made.weekday, np.zeros(7, int), np.array([10, 56]), 7
    )

    assert np.isnan(found[0]).all()  # ten days are too few
    assert np.exp(found[1, 0]) == pytest.approx(1000, rel=0.05)
    assert np.exp(found[1, 5]) == pytest.approx(500, rel=0.1)
