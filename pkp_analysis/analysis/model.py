"""The projection model: hyperparameters learnt from a panel, and what they say about any region's figures."""

from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
import pandas as pd
from scipy.special import (  # Student's t; scipy.stats takes longer to import than a report to make
    expit,
    logit,
    stdtr,
    stdtrit,
)

from ..errors import DataContractError
from .local_level import UNKNOWN, Common, Scales, condition, extended, fit_noise, fit_panel, own_slope

NATION = "00"  # the sum of the provinces: projected like one of them, never part of the fit
COLUMNS = ["region_code", "indicator", "year", "value"]
CLIP = 0.5  # percent: 0 and 100 have no logit
UNIVERSAL = 99.0  # percent: a universal target (100 %) counts as met from here
ENOUGH_REGIONS = 3  # regions with three points or more; below this nothing can be estimated
ENOUGH_CHANGES = 30  # regencies with a change; below this their noise is taken to be that of the panel


@dataclass(frozen=True)
class Model:
    """Hyperparameters per indicator: `common[indicator]`, and `scales[indicator]["province"]` and
    `["regency"]`.
    """

    common: dict
    scales: dict

    def distribution(self, observations, years, published=True) -> pd.DataFrame:
        """Student t distribution, on the logit scale, of the figure published for each region and year.

        Columns region_code, indicator, year, mean, spread, freedom; one row per year and per region and
        indicator with
        at least one value, of the indicators the model was fitted for. An observed year has spread 0. With
        published=False it is the level behind the figures, without the survey noise of one more figure.
        """
        years = sorted({int(year) for year in np.atleast_1d(years)})
        frames = []
        for region_codes, indicator, forecast in self._forecasts(observations, years, published):
            keys = pd.MultiIndex.from_product([region_codes, [indicator], years])
            frame = keys.to_frame(index=False, name=["region_code", "indicator", "year"])
            mean, spread = forecast.mean.ravel(), forecast.spread().ravel()
            frames.append(
                frame.assign(mean=mean, spread=spread, freedom=np.repeat(forecast.freedom, len(years)))
            )
        return _stacked(frames, ["region_code", "indicator", "year", "mean", "spread", "freedom"])

    def project(self, observations, years, level=0.80, published=True) -> pd.DataFrame:
        """Median and interval, in percent, of the figure published for each region and year.

        Columns region_code, indicator, year, median, lower, upper; rows and `published` as in `distribution`.
        """
        frame = self.distribution(observations, years, published)
        reach = stdtrit(frame["freedom"], (1 + level) / 2) * frame["spread"]
        shares = {"median": frame["mean"], "lower": frame["mean"] - reach, "upper": frame["mean"] + reach}
        return frame[["region_code", "indicator", "year"]].assign(
            **{name: percent(z) for name, z in shares.items()}
        )

    def probability(self, observations, targets) -> pd.DataFrame:
        """`targets` (region_code, indicator, year, value in percent, optionally direction up|down) with
        `probability`.

        The probability that the figure published for that year meets the target; 100 % counts as met from 99
        %, and
        0 % up to 1 %. NaN for a region or indicator without observations.
        """
        targets = targets.reset_index(drop=True)
        keys = ["region_code", "indicator", "year"]
        asked = targets[keys].astype(
            {"region_code": "str", "indicator": "str", "year": "int64"}
        )  # an empty table has no types
        frame = asked.merge(
            self.distribution(observations, targets["year"].unique()), how="left", on=keys, validate="m:1"
        )
        value = targets["value"].to_numpy(float)
        down = (
            targets["direction"].eq("down").to_numpy()
            if "direction" in targets
            else np.zeros(len(targets), bool)
        )
        value = np.where(
            down & (value <= 0), 100 - UNIVERSAL, np.where(~down & (value >= 100), UNIVERSAL, value)
        )
        above = (frame["mean"] - logit(value / 100)) * np.where(down, -1, 1)
        # The tiny amounts make a figure already observed, and equal to the target, count as met.
        chance = stdtr(frame["freedom"], (above + 1e-9) / frame["spread"].clip(lower=1e-12)).to_numpy()
        return targets.assign(probability=chance)

    def own_change(self, observations, level=0.80) -> pd.DataFrame:
        """The change from a region's first to its last point, judged on its own points, never on the common
        drift.

        Columns region_code, indicator, change_logit, lower, upper (logit scale) and word: "rising" or
        "falling" when
        the interval excludes 0, else "indistinct". With two points the interval is dz -+ t * sqrt(2) * s_e,
        with more
        a generalised least squares slope times the years spanned. Regions with one point have no row.
        """
        frames = []
        for indicator, panel in _panels(observations):
            for years, region_codes, z in panel.patterns():
                if len(years) < 2 or indicator not in self.scales:
                    continue
                slope, spread, freedom = own_slope(self.scales[indicator][_level(region_codes[0])], years, z)
                reach = stdtrit(freedom, (1 + level) / 2) * spread
                words = np.select([slope > reach, slope < -reach], ["rising", "falling"], "indistinct")
                total = np.array([slope, slope - reach, slope + reach]) * (years[-1] - years[0])
                frame = pd.DataFrame({"region_code": region_codes, "indicator": indicator, "word": words})
                frames.append(
                    frame.assign(**dict(zip(["change_logit", "lower", "upper"], total, strict=True)))
                )
        return _stacked(frames, ["region_code", "indicator", "change_logit", "lower", "upper", "word"])

    def survey_noise(self, observations) -> pd.DataFrame:
        """How far a published figure may lie from the level behind it: columns region_code, indicator,
        noise_sd, freedom.

        Standard deviation on the logit scale at a region's mean share, and the degrees of freedom of its
        Student t.
        """
        frames = []
        for indicator, panel in _panels(observations):
            for _, region_codes, z in panel.patterns() if indicator in self.scales else ():
                scales = self.scales[indicator][_level(region_codes[0])]
                noise = np.sqrt(scales.noise_of(z)[:, 0, 0])
                frames.append(
                    pd.DataFrame(
                        {
                            "region_code": region_codes,
                            "indicator": indicator,
                            "noise_sd": noise,
                            "freedom": scales.nu,
                        }
                    )
                )
        return _stacked(frames, ["region_code", "indicator", "noise_sd", "freedom"])

    def draws(self, observations, year, n=4000, seed=2024) -> pd.DataFrame:
        """Joint draws, in percent, of the level behind the figures of one indicator (no survey noise):
        regions x n.

        What all regions share is drawn once for all of them. The same seed gives the same draws.
        """
        random = np.random.default_rng(seed)
        codes, rows = [], [np.empty((0, n))]
        for region_codes, _, forecast in self._forecasts(observations, [int(year)], published=False):
            if not codes:
                shared = random.multivariate_normal(
                    np.zeros(len(forecast.common)), forecast.common, n, method="eigh"
                )
            own = random.standard_t(np.repeat(forecast.freedom[:, None], n, axis=1))
            z = forecast.mean + own * forecast.own_spread() + forecast.loading[:, 0] @ shared.T
            codes.extend(region_codes)
            rows.append(percent(z))
        return pd.DataFrame(
            np.vstack(rows), index=pd.Index(codes, dtype="str", name="region_code")
        ).sort_index()

    def to_dict(self) -> dict:
        """The hyperparameters as plain numbers, for JSON."""
        scales = {
            key: {level: asdict(one) for level, one in both.items()} for key, both in self.scales.items()
        }
        return {"common": {key: asdict(common) for key, common in self.common.items()}, "scales": scales}

    @staticmethod
    def from_dict(plain) -> "Model":
        """The model that `to_dict` described."""
        scales = {
            key: {level: Scales(**one) for level, one in both.items()}
            for key, both in plain["scales"].items()
        }
        return Model({key: Common.from_dict(common) for key, common in plain["common"].items()}, scales)

    def _forecasts(self, observations, years, published):
        """(region codes, indicator, Forecast) per pattern of observed years, from each region's latest
        series.
        """
        wanted = np.asarray(years, float)
        for indicator, panel in _panels(observations):
            if indicator not in self.common or not len(wanted):
                continue
            grid = np.arange(min(panel.years[0], wanted.min()), max(panel.years[-1], wanted.max()) + 1)
            mean, covariance = extended(self.common[indicator], grid)
            for observed, region_codes, z in panel.patterns():
                scales = self.scales[indicator][_level(region_codes[0])]
                yield (
                    region_codes,
                    indicator,
                    condition(scales, mean, covariance, grid, observed, z, wanted, published),
                )


@dataclass(frozen=True)
class Panel:
    """Logits of one indicator: a row per region and series, a column per year, NaN where nothing is observed."""

    region_codes: list[str]
    years: np.ndarray
    z: np.ndarray

    def of_level(self, level: str) -> "Panel":
        """The rows of provinces ("province") or of regencies and cities ("regency")."""
        kept = [place for place, code in enumerate(self.region_codes) if _level(code) == level]
        return Panel([self.region_codes[place] for place in kept], self.years, self.z[kept])

    def regions_with(self, points: int) -> int:
        """How many rows have at least this many points."""
        return int(((~np.isnan(self.z)).sum(axis=1) >= points).sum())

    def patterns(self) -> list[tuple]:
        """[(years, region codes, logits)] per set of observed years and level; regions of one pattern share
        matrices.
        """
        known, groups = ~np.isnan(self.z), {}
        for place, code in enumerate(self.region_codes):
            groups.setdefault((known[place].tobytes(), _level(code)), []).append(place)
        return [
            (
                self.years[known[rows[0]]],
                np.array([self.region_codes[place] for place in rows], dtype=object),
                self.z[rows][:, known[rows[0]]],
            )
            for _, rows in sorted(groups.items())
        ]


def fit(observations, panel=None, volatility=1.0) -> Model:
    """The model of every indicator in `observations` that is a share (no value outside 0..100).

    `observations` and `panel` have the columns region_code, indicator, year, value (percent) and optionally
    series and
    is_governing. What all regions share, tau and s_w come by restricted maximum likelihood from `panel`, by
    default the
    provinces among the observations, or else all of them. Regencies borrow these, with tau^2 and s_w^2 times
    `volatility`, and have their own s_e, nu and steepness from the changes of all regencies. Where the panel
    is too
    small to estimate from, the deliberately wide UNKNOWN scales take its place. Raises DataContractError as
    `comparable`.
    """
    panels = dict(_panels(observations if panel is None else panel, every_series=True))
    common, scales = {}, {}
    for indicator, table in _panels(observations, every_series=True):
        source = panels.get(indicator, table)
        provinces = source.of_level("province")
        source = provinces if _is_enough(provinces) else source
        base, common[indicator] = fit_panel(source.patterns()) if _is_enough(source) else UNKNOWN
        regency = Scales(base.tau * volatility**0.5, base.s_w * volatility**0.5, base.s_e, base.nu)
        changes = table.of_level("regency")
        is_source = changes.region_codes == source.region_codes and np.array_equal(
            changes.z, source.z, equal_nan=True
        )
        if not is_source and changes.regions_with(2) >= ENOUGH_CHANGES:
            regency = fit_noise(changes.patterns(), regency, common[indicator])
        scales[indicator] = {"province": base, "regency": regency}
    return Model(common, scales)


def models_for(observations) -> dict:
    """A Model for every indicator with a provincial panel to learn from, by indicator."""
    return {
        indicator: fit(observations[observations["indicator"] == indicator])
        for indicator, table in _panels(observations, every_series=True)
        if _is_enough(table.of_level("province"))
    }


def percent(z):
    """A logit as a share in percent."""
    return 100 * expit(z)


def comparable(observations) -> pd.DataFrame:
    """The governing rows with a value: region_code, indicator (text), year (int64), value (float64), series
    (text, "" without one).

    In order of indicator, region, year. Raises DataContractError for a missing column, a region code that is
    no text,
    or two values of one series in one year.
    """
    columns = ["indicator", "region_code", "year", "series", "value"]
    frame = pd.DataFrame(_records(observations), columns=columns)
    return frame.astype(
        {"indicator": "str", "region_code": "str", "year": "int64", "series": "str", "value": "float64"}
    )[[*COLUMNS, "series"]]


def _records(observations) -> list[tuple]:
    """As `comparable`, as tuples (indicator, region_code, year, series, value): most tables here have a
    handful of rows.
    """
    missing = [name for name in COLUMNS if name not in observations]
    if missing:
        raise DataContractError(
            f"observations: no column {missing[0]!r}, expected {', '.join(COLUMNS)}. Rename or add it."
        )
    value = observations["value"].to_numpy(dtype=float, na_value=np.nan)
    kept = ~np.isnan(value)
    if "is_governing" in observations:
        kept &= observations["is_governing"].to_numpy(dtype=bool)
    codes, names, years = (observations[name].to_numpy()[kept].tolist() for name in COLUMNS[:3])
    series = (
        observations["series"].to_numpy()[kept].tolist() if "series" in observations else [""] * len(codes)
    )
    for code in codes:
        if not isinstance(code, str):
            raise DataContractError(
                f'region_code {code} is a number, expected text like "6303": a number loses its zeros. '
                "Read the column as text."
            )
    texts = ["" if pd.isna(name) else str(name) for name in series]
    records = sorted(zip(map(str, names), codes, map(int, years), texts, value[kept].tolist()))
    for one, other in zip(records, records[1:]):
        if one[:4] == other[:4]:
            raise DataContractError(
                f"{one[1]}, {one[0]}, {one[2]}: two values of one series, expected one. "
                "Keep the governing value of each year before fitting or projecting."
            )
    return records


def _level(region_code):
    return "regency" if len(region_code) == 4 and region_code.isdigit() else "province"


def _is_enough(panel: Panel) -> bool:
    return panel.regions_with(3) >= ENOUGH_REGIONS


def _stacked(frames, columns):
    if not frames:
        types = {"region_code": "str", "indicator": "str", "year": "int64", "word": "str"}
        return pd.DataFrame({column: pd.Series(dtype=types.get(column, "float64")) for column in columns})
    return pd.concat(frames, ignore_index=True).sort_values(columns[:3], ignore_index=True)[columns]


def _panels(observations, every_series=False):
    """(indicator, Panel) per indicator of shares (0..100).

    Governing values only; each region's latest series only, unless `every_series` (then without the nation).
    """
    for indicator, group in groupby(_records(observations), key=itemgetter(0)):
        rows = list(group)
        if every_series:
            rows = [row for row in rows if row[1] != NATION]
        else:
            latest = {
                region_code: series for _, region_code, _, series, _ in rows
            }  # in order of years, so the last one stays
            rows = [row for row in rows if row[3] == latest[row[1]]]
        if rows and all(0 <= row[4] <= 100 for row in rows):
            yield indicator, _panel(rows)


def _panel(rows) -> Panel:
    lines = {
        key: place
        for place, key in enumerate(sorted({(region_code, series) for _, region_code, _, series, _ in rows}))
    }
    years = sorted({year for _, _, year, _, _ in rows})
    column = {year: place for place, year in enumerate(years)}
    share = np.full((len(lines), len(years)), np.nan)
    for _, region_code, year, series, value in rows:
        share[lines[region_code, series], column[year]] = value
    return Panel(
        [region_code for region_code, _ in lines],
        np.array(years, float),
        logit(np.clip(share, CLIP, 100 - CLIP) / 100),
    )
