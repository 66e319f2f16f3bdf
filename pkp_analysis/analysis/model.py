"""The projection model: hyperparameters learnt from a panel, and what they say about any region's figures."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit, stdtr, stdtrit  # Student's t; scipy.stats takes longer to import than a report to make

from ..errors import DataContractError
from .local_level import UNKNOWN, Common, Scales, condition, extended, fit_noise, fit_panel, own_slope

NATION = "00"  # the sum of the provinces: projected like one of them, never part of the fit
COLUMNS = ["region_code", "indicator", "year", "value"]
KEYS = ["indicator", "region_code", "year"]
CLIP = 0.5  # percent: 0 and 100 have no logit
UNIVERSAL = 99.0  # percent: a universal target (100 %) counts as met from here
ENOUGH_REGIONS = 3  # regions with three points or more; below this nothing can be estimated
ENOUGH_CHANGES = 30  # regencies with a change; below this their noise is taken to be that of the panel


@dataclass(frozen=True)
class Model:
    """Hyperparameters per indicator: `common[indicator]`, and `scales[indicator]["province"]` and `["regency"]`."""

    common: dict
    scales: dict

    def distribution(self, observations, years, published=True) -> pd.DataFrame:
        """Student t distribution, on the logit scale, of the figure published for each region and year.

        Columns region_code, indicator, year, mean, spread, freedom; one row per year and per region and indicator with
        at least one value, of the indicators the model was fitted for. An observed year has spread 0. With
        published=False it is the level behind the figures, without the survey noise of one more figure.
        """
        years = sorted({int(year) for year in np.atleast_1d(years)})
        frames = []
        for region_codes, indicator, forecast in self._forecasts(observations, years, published):
            keys = pd.MultiIndex.from_product([region_codes, [indicator], years])
            frame = keys.to_frame(index=False, name=["region_code", "indicator", "year"])
            mean, spread = forecast.mean.ravel(), forecast.spread().ravel()
            frames.append(frame.assign(mean=mean, spread=spread, freedom=np.repeat(forecast.freedom, len(years))))
        return _stacked(frames, ["region_code", "indicator", "year", "mean", "spread", "freedom"])

    def project(self, observations, years, level=0.80, published=True) -> pd.DataFrame:
        """Median and interval, in percent, of the figure published for each region and year.

        Columns region_code, indicator, year, median, lower, upper; rows and `published` as in `distribution`.
        """
        frame = self.distribution(observations, years, published)
        reach = stdtrit(frame["freedom"], (1 + level) / 2) * frame["spread"]
        shares = {"median": frame["mean"], "lower": frame["mean"] - reach, "upper": frame["mean"] + reach}
        return frame[["region_code", "indicator", "year"]].assign(**{name: percent(z) for name, z in shares.items()})

    def probability(self, observations, targets) -> pd.DataFrame:
        """`targets` (region_code, indicator, year, value in percent, optionally direction up|down) with `probability`.

        The probability that the figure published for that year meets the target; 100 % counts as met from 99 %, and
        0 % up to 1 %. NaN for a region or indicator without observations.
        """
        targets = targets.reset_index(drop=True)
        keys = ["region_code", "indicator", "year"]
        asked = targets[keys].astype({"region_code": "str", "indicator": "str", "year": "int64"})  # an empty table has no types
        frame = asked.merge(
            self.distribution(observations, targets["year"].unique()), how="left", on=keys, validate="m:1"
        )
        value = targets["value"].to_numpy(float)
        down = targets["direction"].eq("down").to_numpy() if "direction" in targets else np.zeros(len(targets), bool)
        value = np.where(down & (value <= 0), 100 - UNIVERSAL, np.where(~down & (value >= 100), UNIVERSAL, value))
        above = (frame["mean"] - logit(value / 100)) * np.where(down, -1, 1)
        # The tiny amounts make a figure already observed, and equal to the target, count as met.
        chance = stdtr(frame["freedom"], (above + 1e-9) / frame["spread"].clip(lower=1e-12)).to_numpy()
        return targets.assign(probability=chance)

    def own_change(self, observations, level=0.80) -> pd.DataFrame:
        """The change from a region's first to its last point, judged on its own points, never on the common drift.

        Columns region_code, indicator, change_logit, lower, upper (logit scale) and word: "rising" or "falling" when
        the interval excludes 0, else "indistinct". With two points the interval is dz -+ t * sqrt(2) * s_e, with more
        a generalised least squares slope times the years spanned. Regions with one point have no row.
        """
        frames = []
        for indicator, table in _tables(observations):
            for years, region_codes, z in _patterns(table):
                if len(years) < 2 or indicator not in self.scales:
                    continue
                slope, spread, freedom = own_slope(self.scales[indicator][_level(region_codes[0])], years, z)
                reach = stdtrit(freedom, (1 + level) / 2) * spread
                words = np.select([slope > reach, slope < -reach], ["rising", "falling"], "indistinct")
                total = np.array([slope, slope - reach, slope + reach]) * (years[-1] - years[0])
                frame = pd.DataFrame({"region_code": region_codes, "indicator": indicator, "word": words})
                frames.append(frame.assign(**dict(zip(["change_logit", "lower", "upper"], total, strict=True))))
        return _stacked(frames, ["region_code", "indicator", "change_logit", "lower", "upper", "word"])

    def survey_noise(self, observations) -> pd.DataFrame:
        """How far a published figure may lie from the level behind it: columns region_code, indicator, noise_sd, freedom.

        Standard deviation on the logit scale at a region's mean share, and the degrees of freedom of its Student t.
        """
        frames = []
        for indicator, table in _tables(observations):
            for _, region_codes, z in _patterns(table) if indicator in self.scales else ():
                scales = self.scales[indicator][_level(region_codes[0])]
                noise = np.sqrt(scales.noise_of(z)[:, 0, 0])
                frames.append(pd.DataFrame({"region_code": region_codes, "indicator": indicator, "noise_sd": noise, "freedom": scales.nu}))
        return _stacked(frames, ["region_code", "indicator", "noise_sd", "freedom"])

    def draws(self, observations, year, n=4000, seed=2024) -> pd.DataFrame:
        """Joint draws, in percent, of the level behind the figures of one indicator (no survey noise): regions x n.

        What all regions share is drawn once for all of them. The same seed gives the same draws.
        """
        random = np.random.default_rng(seed)
        rows = {}
        for region_codes, _, forecast in self._forecasts(observations, [int(year)], published=False):
            if not rows:
                shared = random.multivariate_normal(np.zeros(len(forecast.common)), forecast.common, n, method="eigh")
            own = random.standard_t(np.repeat(forecast.freedom[:, None], n, axis=1))
            z = forecast.mean + own * forecast.own_spread() + forecast.loading[:, 0] @ shared.T
            rows |= dict(zip(region_codes, percent(z), strict=True))
        return pd.DataFrame(np.array([*rows.values()]).reshape(len(rows), n), index=pd.Index([*rows], name="region_code")).sort_index()

    def to_dict(self) -> dict:
        """The hyperparameters as plain numbers, for JSON."""
        scales = {key: {level: asdict(one) for level, one in both.items()} for key, both in self.scales.items()}
        return {"common": {key: asdict(common) for key, common in self.common.items()}, "scales": scales}

    @staticmethod
    def from_dict(plain) -> "Model":
        """The model that `to_dict` described."""
        scales = {key: {level: Scales(**one) for level, one in both.items()} for key, both in plain["scales"].items()}
        return Model({key: Common.from_dict(common) for key, common in plain["common"].items()}, scales)

    def _forecasts(self, observations, years, published):
        """(region codes, indicator, Forecast) per pattern of observed years, from each region's latest series."""
        wanted = np.asarray(years, float)
        for indicator, table in _tables(observations):
            if indicator not in self.common or not len(wanted):
                continue
            grid = np.arange(min(table.columns.min(), wanted.min()), max(table.columns.max(), wanted.max()) + 1)
            mean, covariance = extended(self.common[indicator], grid)
            for observed, region_codes, z in _patterns(table):
                scales = self.scales[indicator][_level(region_codes[0])]
                yield region_codes, indicator, condition(scales, mean, covariance, grid, observed, z, wanted, published)


def fit(observations, panel=None, volatility=1.0) -> Model:
    """The model of every indicator in `observations` that is a share (no value outside 0..100).

    `observations` and `panel` have the columns region_code, indicator, year, value (percent) and optionally series and
    is_governing. What all regions share, tau and s_w come by restricted maximum likelihood from `panel`, by default the
    provinces among the observations, or else all of them. Regencies borrow these, with tau^2 and s_w^2 times
    `volatility`, and have their own s_e, nu and steepness from the changes of all regencies. Where the panel is too
    small to estimate from, the deliberately wide UNKNOWN scales take its place. Raises DataContractError as `comparable`.
    """
    panels = dict(_tables(observations if panel is None else panel, every_series=True))
    common, scales = {}, {}
    for indicator, table in _tables(observations, every_series=True):
        source = panels.get(indicator, table)
        provinces = _of_level(source, "province")
        source = provinces if _enough(provinces) else source
        base, common[indicator] = fit_panel(_patterns(source)) if _enough(source) else UNKNOWN
        regency = Scales(base.tau * volatility**0.5, base.s_w * volatility**0.5, base.s_e, base.nu)
        changes = _of_level(table, "regency")
        if not changes.equals(source) and (changes.notna().sum(axis=1) >= 2).sum() >= ENOUGH_CHANGES:
            regency = fit_noise(_patterns(changes), regency, common[indicator])
        scales[indicator] = {"province": base, "regency": regency}
    return Model(common, scales)


def models_for(observations) -> dict:
    """A Model for every indicator with a provincial panel to learn from, by indicator."""
    return {
        indicator: fit(observations[observations["indicator"] == indicator])
        for indicator, table in _tables(observations, every_series=True)
        if _enough(_of_level(table, "province"))
    }


def percent(z):
    """A logit as a share in percent."""
    return 100 * expit(z)


def comparable(observations) -> pd.DataFrame:
    """The governing rows with a value: region_code, indicator (text), year (int64), value (float64), series (text, "" without one).

    In order of indicator, region, year. Raises DataContractError for a missing column, a region code that is no text,
    or two values of one series in one year.
    """
    missing = [name for name in COLUMNS if name not in observations]
    if missing:
        raise DataContractError(f"observations: no column {missing[0]!r}, expected {', '.join(COLUMNS)}. Rename or add it.")
    if "is_governing" in observations:
        observations = observations[observations["is_governing"].astype(bool)]
    frame = observations[COLUMNS].assign(
        series=observations["series"].astype("str").fillna("") if "series" in observations else ""
    )
    frame = frame[frame["value"].notna()].astype({"indicator": "str", "year": "int64", "value": "float64"})
    numbers = [code for code in frame["region_code"].unique() if not isinstance(code, str)]
    if numbers:
        raise DataContractError(
            f"region_code {numbers[0]} is a number, expected text like \"6303\": a number loses its zeros. "
            "Read the column as text."
        )
    frame = frame.astype({"region_code": "str"}).sort_values([*KEYS, "series"], ignore_index=True)
    for row in frame[frame.duplicated([*KEYS, "series"])].head(1).itertuples():
        raise DataContractError(
            f"{row.region_code}, {row.indicator}, {row.year}: two values of one series, expected one. "
            "Keep the governing value of each year before fitting or projecting."
        )
    return frame


def _level(region_code):
    return "regency" if len(region_code) == 4 and region_code.isdigit() else "province"


def _codes(table):
    return table.index.get_level_values("region_code")


def _of_level(table, level):
    return table[[_level(code) == level for code in _codes(table)]]


def _enough(table):
    return (table.notna().sum(axis=1) >= 3).sum() >= ENOUGH_REGIONS


def _stacked(frames, columns):
    if not frames:
        types = {"region_code": "str", "indicator": "str", "year": "int64", "word": "str"}
        return pd.DataFrame({column: pd.Series(dtype=types.get(column, "float64")) for column in columns})
    return pd.concat(frames, ignore_index=True).sort_values(columns[:3], ignore_index=True)[columns]


def _tables(observations, every_series=False):
    """(indicator, table of logits) per indicator of shares (0..100): a row per region and series, a column per year.

    Governing values only; each region's latest series only, unless `every_series` (then without the nation).
    """
    frame = comparable(observations)
    if every_series:
        frame = frame[frame["region_code"] != NATION]
    else:
        frame = frame[frame["series"] == frame.groupby(KEYS[:2])["series"].transform("last")]
    frame = frame.assign(z=logit(frame["value"].clip(CLIP, 100 - CLIP) / 100))
    for indicator, rows in frame.groupby("indicator"):
        if rows["value"].between(0, 100).all():
            yield indicator, rows.pivot(index=["region_code", "series"], columns="year", values="z")


def _patterns(table):
    """[(years, region codes, logits)] per set of observed years and level; regions of one pattern share matrices."""
    known = table.notna().to_numpy()
    codes, years, z = _codes(table).to_numpy(), table.columns.to_numpy(float), table.to_numpy()
    labels = [seen.tobytes() + _level(code).encode() for seen, code in zip(known, codes, strict=True)]
    groups = pd.Series(range(len(labels))).groupby(labels).indices.values()
    return [(years[known[rows[0]]], codes[rows], z[rows][:, known[rows[0]]]) for rows in groups]
