"""
The models by name.
"""

from __future__ import annotations

from wfm.errors import SettingsError, nearest
from wfm.forecasting.combining import Combination
from wfm.forecasting.models import Model, SeasonalNaive, WeekdayMean
from wfm.forecasting.statistical import Ets, NegativeBinomial, Sarimax, UnobservedComponents

YARDSTICK = "seasonal_naive"


def all_models() -> dict[str, Model]:
    """Every model a user can ask for, by name."""
    models: tuple[Model, ...] = (
        SeasonalNaive(),
        WeekdayMean(),
        Ets(),
        Sarimax(),
        UnobservedComponents(),
        NegativeBinomial(),
        Combination(),
    )
    return {model.name: model for model in models}


def model_named(name: str) -> Model:
    """
    The model of that name.

    Raises
    ------
    SettingsError
        There is none.
    """
    models = all_models()
    if name not in models:
        raise SettingsError(f"there is no model '{name}'", hint=nearest(name, models))
    return models[name]
