"""Rolling-origin backtest: what each method would have said in the past, against what was then published."""

import numpy as np
import pandas as pd
from scipy.special import logit, stdtr, stdtrit

from .jmp import jmp_estimate
from .model import NATION, comparable, fit, is_share, percent, share_logit

LEVEL = 0.80
METHODS = ["last_value", "straight_line", "jmp_rule", "pooled_drift", "hierarchical"]
ON_LOGITS = ("pooled_drift", "hierarchical")
SMOOTHING = 0.7  # weight of the last value in the level that the pooled drift starts from
SHARED = 2.0  # how many past forecasts the misses of all regions count for, beside those of the region
TAIL = 5.0  # degrees of freedom that turn its past errors into a distribution
KEYS = ["indicator", "region_code", "origin", "horizon"]


def backtest(observations, min_history=3, horizons=range(1, 6), found=None) -> pd.DataFrame:
    """Forecasts of every method from every past origin, in percent, with their 80 % interval (NaN without
    one).

    Columns indicator, region_code, origin, horizon, method, forecast, observed, lower, upper. Method:
    "last_value", "straight_line" (least squares, t interval), "jmp_rule", "hierarchical" (this library's
    model). Every method sees only the values up to the origin and only the current series of a region;
    hyperparameters are fitted anew at each origin. An origin counts when the panel holds `min_history`
    comparable years and the region itself has been observed in as many (breaks in between allowed). Left
    out: target years that belong to another series, and indicators that are no shares.
    """
    frames = []
    for method, frame in found or distributions(observations, min_history, horizons):
        reach = stdtrit(frame["freedom"], (1 + LEVEL) / 2) * frame["spread"]
        lower, upper = frame["mean"] - reach, frame["mean"] + reach
        scale = percent if method in ON_LOGITS else lambda share: share
        frames.append(
            frame[[*KEYS, "observed"]].assign(
                method=method, forecast=scale(frame["mean"]), lower=scale(lower), upper=scale(upper)
            )
        )
    columns = [*KEYS, "method", "forecast", "observed", "lower", "upper"]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames).sort_values([*KEYS, "method"], ignore_index=True)[columns]


def target_backtest(
    observations, targets=(70, 80, 90, 95), min_history=3, horizons=range(1, 6), found=None
) -> pd.DataFrame:
    """The probability that each method with an interval gave to "the share reaches the target", and whether
    it did.

    Columns indicator, region_code, origin, horizon, method, target, probability, met (bool); forecasts for
    which one of the methods has no probability (fewer than three points for the straight line) are left out
    for all.
    """
    frames = []
    for method, frame in found or distributions(observations, min_history, horizons):
        if method in ("straight_line", *ON_LOGITS):
            for target in targets:
                threshold = logit(target / 100) if method in ON_LOGITS else target
                chance = stdtr(frame["freedom"], (frame["mean"] - threshold) / frame["spread"])
                met = frame["observed"] >= target
                frames.append(frame[KEYS].assign(method=method, target=target, probability=chance, met=met))
    stacked = pd.concat(frames, ignore_index=True)
    return stacked[stacked.groupby([*KEYS, "target"])["probability"].transform("count") == 3].reset_index(
        drop=True
    )


def summary(forecasts) -> pd.DataFrame:
    """Per method, of `backtest` rows: forecasts, mean_absolute_error, coverage_pct, interval_score (pp)."""
    score = interval_score(forecasts)
    inside = forecasts["observed"].between(forecasts["lower"], forecasts["upper"]).where(score.notna())
    rows = forecasts.assign(
        error=(forecasts["forecast"] - forecasts["observed"]).abs(),
        inside=100 * inside.astype(float),
        score=score,
    ).groupby("method")
    return pd.DataFrame(
        {
            "forecasts": rows["error"].count(),
            "mean_absolute_error": rows["error"].mean(),
            "coverage_pct": rows["inside"].mean(),
            "interval_score": rows["score"].mean(),
        }
    ).reindex([method for method in METHODS if method in rows.groups])


def interval_score(forecasts) -> pd.Series:
    """Width of the 80 % interval plus 10 times the distance outside, pp (Gneiting and Raftery 2007); NaN
    without one.
    """
    outside = (forecasts["lower"] - forecasts["observed"]).clip(lower=0)
    outside += (forecasts["observed"] - forecasts["upper"]).clip(lower=0)
    return forecasts["upper"] - forecasts["lower"] + 2 / (1 - LEVEL) * outside


def reliability(probabilities, edges=(0, 0.1, 0.34, 0.66, 0.9, 1)) -> pd.DataFrame:
    """Per method and class of stated probability: forecasts, stated_pct and met_pct (mean probability,
    share met).
    """
    classes = pd.cut(probabilities["probability"], list(edges), include_lowest=True)
    rows = probabilities.groupby(["method", classes], observed=True)
    return pd.DataFrame(
        {
            "forecasts": rows.size(),
            "stated_pct": 100 * rows["probability"].mean(),
            "met_pct": 100 * rows["met"].mean(),
        }
    )


def brier(probabilities) -> pd.Series:
    """Mean squared difference between stated probability and outcome per method, 0 best."""
    square = (probabilities["probability"] - probabilities["met"]) ** 2
    return square.groupby(probabilities["method"]).mean()


def distributions(observations, min_history, horizons):
    """(method, frame of KEYS, observed, mean, spread, freedom) per origin; logits for the methods of
    ON_LOGITS. A list of them may be given to both backtests as `found`, so that the models are fitted once.
    """
    frame = comparable(observations)
    frame = frame[frame["region_code"] != NATION]
    for indicator, rows in frame.groupby("indicator"):
        for origin in sorted(rows["year"].unique()) if is_share(indicator) else []:
            history = rows[rows["year"] <= origin]
            wanted = _wanted(rows, history, origin, min_history, horizons)
            if not len(wanted):
                continue
            current = history.merge(wanted[["region_code", "series"]].drop_duplicates())
            years = sorted(wanted["year"].unique())
            model = fit(history).distribution(current, years)
            yield "hierarchical", wanted.merge(model, on=["indicator", "region_code", "year"], validate="1:1")
            yield "pooled_drift", wanted.merge(_pooled_drift(current, years), on=["region_code", "year"])
            simple = [_simple(region, points, years) for region, points in current.groupby("region_code")]
            simple = wanted.merge(pd.concat(simple), on=["region_code", "year"], validate="1:m")
            yield from simple.groupby("method")


def _wanted(rows, history, origin, min_history, horizons):
    """Region, year and observed value of what is to be forecast from `origin`."""
    if history.groupby(["region_code", "series"])["year"].nunique().max() < min_history:
        return rows.head(0)
    seen = history.groupby("region_code")["year"].nunique()
    current = history[(history["year"] == origin) & history["region_code"].map(seen).ge(min_history)]
    later = rows[rows["year"].isin(origin + np.atleast_1d(horizons))]
    later = later.merge(current[["region_code", "series"]], on=["region_code", "series"])
    return later.assign(origin=origin, horizon=later["year"] - origin).rename(columns={"value": "observed"})


def _pooled_drift(points, years):
    """Mean, spread and freedom (logits) of the rule a sceptic thinks of first: the last value, smoothed,
    plus the median yearly change of all regions for each year ahead. Its spread is what it would have
    missed so far by, as many years ahead, with that same change; a region that was missed by more than
    others in one year has more.
    """
    z = points.assign(z=share_logit(points["value"])).pivot(index="region_code", columns="year", values="z")
    z = z.reindex(columns=range(z.columns.min(), z.columns.max() + 1))
    changes = z.interpolate(axis=1, limit_area="inside").diff(axis=1).stack()
    drift, levels = changes.median() if len(changes) else 0.0, z.copy()
    for year in z.columns[1:]:
        carried, seen = levels[year - 1] + drift, z[year]
        levels[year] = (SMOOTHING * seen + (1 - SMOOTHING) * carried).fillna(seen).fillna(carried)

    def missed(ahead):
        return (z.shift(-ahead, axis=1) - levels - ahead * drift).iloc[:, 1:] ** 2

    one = missed(1)
    shared = one.stack().mean()
    own = (SHARED * shared + one.sum(axis=1)) / (SHARED + one.count(axis=1))
    frames = []
    for ahead in np.asarray(years) - z.columns[-1]:
        known = max(min(ahead, z.shape[1] - 2), 1)
        reach = (missed(known).div(own, axis=0).stack() ** 0.5).quantile(LEVEL) * (ahead / known) ** 0.5
        spread = reach * own**0.5 / stdtrit(TAIL, (1 + LEVEL) / 2)
        frame = pd.DataFrame(
            {"mean": levels[z.columns[-1]] + ahead * drift, "spread": spread, "freedom": TAIL}
        )
        frames.append(frame.assign(year=z.columns[-1] + ahead).reset_index())
    return pd.concat(frames, ignore_index=True)


def _simple(region_code, points, years):
    """Mean, spread and freedom (percent) of the three simple methods for one region."""
    year, value = points["year"].to_numpy(float), points["value"].to_numpy(float)
    n, ahead = len(year), np.asarray(years, float) - year.mean()
    squares = ((year - year.mean()) ** 2).sum()
    slope = (year - year.mean()) @ value / squares if n > 1 else 0.0
    rest = value - value.mean() - slope * (year - year.mean())
    spread = np.sqrt(rest @ rest / (n - 2) * (1 + 1 / n + ahead**2 / squares)) if n > 2 else np.nan
    last = value[year.argmax()]
    means = {
        "last_value": last,
        "straight_line": value.mean() + slope * ahead,
        "jmp_rule": jmp_estimate(points, years),
    }
    frames = [
        pd.DataFrame({"year": years, "method": method, "mean": np.asarray(mean)}).assign(
            spread=spread if method == "straight_line" else np.nan
        )
        for method, mean in means.items()
    ]
    return pd.concat(frames).assign(region_code=region_code, freedom=max(n - 2, 1))
