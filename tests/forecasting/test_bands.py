"""
Quantiles and scores against values known by hand.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from tests.forecasting.conftest import MONDAY, busy_days
from wfm.forecasting import scores
from wfm.forecasting.bands import (
    LEVELS,
    conformal,
    independent_origins,
    negative_binomial,
    student_factor,
    weighted_quantiles,
)
from wfm.forecasting.combining import Combination, error_bands
from wfm.forecasting.days import make_days


def test_equal_weights_give_plain_quantiles():
    """
    Of 1 to 99, the median is 50 and the tenth of them 10 by the halfway rule.
    """
    found = weighted_quantiles(np.arange(1.0, 100), np.ones(99), np.array([0.1, 0.5]))

    np.testing.assert_allclose(found, [10.4, 50.0])


def test_heavy_weight_moves_the_median():
    """
    A value that has all the say is the median.
    """
    found = weighted_quantiles(np.array([1.0, 2.0, 9.0]), np.array([1, 1, 1e6]), np.array([0.5]))

    assert found[0] == pytest.approx(9, abs=0.01)


def test_few_errors_widen_bands():
    """
    Five independent errors say less than five hundred.
    """
    assert (student_factor(5)[[0, -1]] > student_factor(500)[[0, -1]]).all()
    assert student_factor(500)[0] == pytest.approx(1, abs=0.01)


def test_overlapping_origins_are_worth_fewer():
    """
    Weekly origins that look a week ahead share no day; daily ones share most and count less.
    """
    assert independent_origins(16, 15 * 7, 7) == pytest.approx(16)
    # 16 origins in 15 days, 15 days ahead: two stretches, so 16^(3/4) 2^(1/4)
    assert independent_origins(16, 15, 15) == pytest.approx(8 * 2**0.25)


def test_recent_errors_set_the_width_old_ones_the_shape():
    """
    Errors ten times smaller for the last months: bands are far narrower than when it is rough.
    """
    stream = np.random.default_rng(3)
    origins = np.arange(0, 360, 6)
    calm, rough = stream.normal(0, 0.1, (60, 7)), stream.normal(0, 0.1, (60, 7))
    calm[30:] /= 10
    groups = (range(7),)

    widths = [np.ptp(error_bands(error, origins, groups)[0, [2, 10]]) for error in (calm, rough)]

    assert widths[0] < widths[1] / 4


def test_half_of_a_bias_is_believed():
    """
    Errors around 0.2 give bands around 0.1.
    """
    quantiles = 0.2 + np.linspace(-0.1, 0.1, len(LEVELS))

    assert conformal(quantiles, 5000, 5000)[6] == pytest.approx(0.1)


@pytest.mark.parametrize("mean", [5.0, 40.0, 400.0])
def test_counts_without_spread_are_poisson(mean):
    """
    The band holds the Poisson quantiles within one contact.
    """
    found = negative_binomial(np.array([mean]), np.array([0.0]), np.array([0.1, 0.9]))[0]

    np.testing.assert_allclose(found, poisson.ppf([0.1, 0.9], mean), atol=1.0)


def test_counts_with_spread_are_negative_binomial():
    """
    Mean 100 and a spread of 20 %: within two contacts of the exact quantiles.
    """
    size = 1 / 0.2**2
    exact = nbinom.ppf([0.025, 0.975], size, size / (size + 100))

    found = negative_binomial(np.array([100.0]), np.array([0.2]), np.array([0.025, 0.975]))[0]

    np.testing.assert_allclose(found, exact, atol=2)


def test_scores_by_hand():
    """
    10 and 30 came, 12 and 26 were expected: WAPE 6/40, bias -2/40, MASE by a scale of 4.
    """
    actual, guess = np.array([10.0, 30.0, np.nan]), np.array([12.0, 26.0, 99.0])

    assert scores.wape(actual, guess) == pytest.approx(6 / 40)
    assert scores.bias(actual, guess) == pytest.approx(-2 / 40)
    assert scores.mase(actual, guess, 4.0) == pytest.approx(6 / 8)


def test_score_of_a_point_is_its_error():
    """
    All quantiles at one value: the CRPS is the absolute error over the volume.
    """
    quantiles = np.full((1, len(LEVELS)), 12.0)

    assert scores.crps(np.array([10.0]), quantiles) == pytest.approx(2 / 10)


def test_cover_counts_both_bands():
    """
    Of 5 and 50 with a band of 10 to 90 (80 %) and 0 to 100 (95 %), one and both lie inside.
    """
    quantiles = np.tile(np.linspace(10, 90, len(LEVELS)), (2, 1))
    quantiles[:, 0], quantiles[:, -1], quantiles[:, 2], quantiles[:, 10] = 0, 100, 10, 90

    assert scores.cover(np.array([5.0, 50.0]), quantiles) == (0.5, 1.0)


def test_bands_of_four_weeks_are_wide_but_not_idle():
    """
    Thirty queues with four weeks of history: their 80 % bands hold 75 to 95 % of next week.
    """
    inside = []
    for seed in range(30):
        y = busy_days(35, noise=0.08, seed=seed)
        found = Combination().forecast(make_days("q", MONDAY, y[:28], 7))
        inside.append(scores.cover(y[28:], found.quantiles)[0])

    assert 0.75 < np.mean(inside) < 0.95
