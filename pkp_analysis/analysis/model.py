"""The projection model: hyperparameters learnt from a panel, and what they say about any region's figures."""

import warnings
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from statistics import median_low

import numpy as np
import pandas as pd

# stdtr and stdtrit are Student's t: scipy.stats takes longer to import than a report to make
from scipy.special import expit, logit, stdtr, stdtrit

from ..data.codebook import POPULATION, entry
from ..data.reconcile import leading
from ..data.regions import NATION, regions
from ..errors import BadRequestError, DataContractError
from .attainment import FigureWarning, direction_sign, threshold, usable_share
from .local_level import UNKNOWN, Common, Scales, condition, design, extended, fit_noise, fit_panel, own_slope

COLUMNS = ["region_code", "indicator", "year", "value"]
KEYS = COLUMNS[:3]
CLIP = 0.5  # percent: 0 and 100 have no logit
ENOUGH_REGIONS = 3  # regions with three points or more; below this nothing can be estimated
ENOUGH_CHANGES = 30  # regencies with a change; below this their noise is derived from that of the provinces
LONG = 4  # points from which 30 regencies tell their own volatility
VOLATILITY = 3.0  # times the variances of the provinces' changes, where regencies borrow them
LAST_YEAR = 2035  # no year of attainment is named beyond this: a slowdown would make it a fiction


@dataclass(frozen=True)
class Model:
    """Hyperparameters per indicator: `common[indicator]`, `scales[indicator]["province"]` and
    `["regency"]`, and `paths[indicator][province]` = (first year, how far its level had moved beyond the
    common changes by each year), which its regencies share.
    """

    common: dict
    scales: dict
    paths: dict = field(default_factory=dict)

    def distribution(self, observations, years, published=True) -> pd.DataFrame:
        """Student t distribution, on the logit scale, of the figure published for each region and year.

        Columns region_code, indicator, year, mean, spread, freedom; one row per year asked for and per
        region and indicator with at least one value, of the indicators the model was fitted for. An
        observed year has spread 0. With published=False it is the level behind the figures, without the
        survey noise of one more figure.
        """
        years, frames = sorted({int(year) for year in np.atleast_1d(years)}), []
        for indicator, panel in _panels(observations):
            for observed, region_codes, z in panel.patterns() if indicator in self.common and years else ():
                wanted = np.asarray(years, float)
                forecast = self._condition(indicator, region_codes, observed, z, wanted, published)
                keys = pd.MultiIndex.from_product([region_codes, [indicator], years]).to_frame(False, KEYS)
                mean, spread = forecast.mean.ravel(), forecast.spread().ravel()
                freedom = np.repeat(forecast.freedom, len(years))
                frames.append(keys.assign(mean=mean, spread=spread, freedom=freedom))
        return _stacked(frames, [*KEYS, "mean", "spread", "freedom"])

    def project(self, observations, years, level=0.80, published=True) -> pd.DataFrame:
        """Median and interval, in percent, of the figure published for each region and year.

        Columns region_code, indicator, year, median, lower, upper; rows and `published` as in
        `distribution`.
        """
        if not 0 < level < 1:
            raise BadRequestError(f"level {level:g}: expected a probability between 0 and 1, such as 0.80.")
        frame = self.distribution(observations, years, published)
        reach = stdtrit(frame["freedom"], (1 + level) / 2) * frame["spread"]
        shares = {"median": frame["mean"], "lower": frame["mean"] - reach, "upper": frame["mean"] + reach}
        return frame[KEYS].assign(**{name: percent(z) for name, z in shares.items()})

    def probability(self, observations, targets) -> pd.DataFrame:
        """`targets` (region_code, indicator, year, value in percent, optionally direction up|down) with
        `probability`.

        The probability that the figure published for that year meets the target; 100 % counts as met from
        99 %, and 0 % up to 1 %. NaN for a region or indicator without observations, and, with a
        FigureWarning that names the row, for a target outside 0..100.
        """
        targets = targets.reset_index(drop=True)
        asked = targets[KEYS].astype({"region_code": "str", "indicator": "str", "year": "int64"})
        frame = asked.merge(
            self.distribution(observations, targets["year"].unique()), how="left", on=KEYS, validate="m:1"
        )
        value = targets["value"].to_numpy(float)
        for row in targets[~((value >= 0) & (value <= 100))].itertuples():
            place = f"{row.region_code}, {row.indicator}, {row.year}: {row.value:g}"
            text = f"{place}: target persen seharusnya 0 sampai 100; peluangnya tidak dihitung."
            warnings.warn(text, FigureWarning, stacklevel=2)
        ways = targets["direction"].tolist() if "direction" in targets else ["up"] * len(targets)
        met_from = np.array([threshold(*pair) for pair in zip(value, ways, strict=True)], float)
        above = (frame["mean"] - logit(met_from / 100)) * [direction_sign(way) for way in ways]
        # The tiny amounts make a figure already observed, and equal to the target, count as met.
        chance = stdtr(frame["freedom"], (above + 1e-9) / frame["spread"].clip(lower=1e-12)).to_numpy()
        return targets.assign(probability=chance)

    def slowdown(self, observations, years, pace=0.5) -> pd.DataFrame:
        """The median in percent (region_code, indicator, year, median) if, from the last year that the
        region or its province has a figure for, the logit moved at `pace` times what is projected.
        """
        years = sorted({int(year) for year in np.atleast_1d(years)})
        known = self._last_known(observations)
        frame = self.distribution(observations, [*years, *known["last"].unique()], published=False)
        frame = frame.merge(known, on=KEYS[:2])
        start = frame[frame["year"] == frame["last"]].set_index(KEYS[:2])["mean"]
        base = start.reindex(pd.MultiIndex.from_frame(frame[KEYS[:2]])).to_numpy()
        moved = np.where(frame["year"] > frame["last"], base + pace * (frame["mean"] - base), frame["mean"])
        return frame[KEYS].assign(median=percent(moved))[frame["year"].isin(years)].reset_index(drop=True)

    def own_change(self, observations, level=None) -> pd.DataFrame:
        """The change from a region's first to its last point: on its own points, and as the model sees it.

        Columns region_code, indicator, start_year, end_year, change_logit, lower, upper (logit scale, the
        interval of the own points: 80 % from three points, 95 % of two, or `level`), word ("rising" or "falling"
        when it excludes 0, else "indistinct"), p_own and p_model (probability of a rise: from the own points with
        a flat prior; the model's, given the province's path), p_rise (the one nearer 0.5, whole per cent) and
        direction (the strength of the word, see `direction_of`). With two points the interval is
        dz -+ t * sqrt(2) * s_e, with more a generalised least squares slope times the years spanned. Regions with
        one point have no row.
        """
        frames = []
        for indicator, panel in _panels(observations):
            for years, region_codes, z in panel.patterns() if indicator in self.scales else ():
                if len(years) < 2:
                    continue
                slope, spread, freedom = own_slope(self.scales[indicator][_level(region_codes[0])], years, z)
                reach = stdtrit(freedom, (1 + (level or (0.80 if len(years) > 2 else 0.95))) / 2) * spread
                words = np.select([slope > reach, slope < -reach], ["rising", "falling"], "indistinct")
                total = np.array([slope, slope - reach, slope + reach]) * (years[-1] - years[0])
                forecast = self._condition(indicator, region_codes, years, z, years[[0, -1]], published=False)
                own = np.round(stdtr(freedom, slope / spread), 6)
                posterior = np.round(forecast.chance_of_rise(), 6)
                nearer = np.where(np.abs(own - 0.5) < np.abs(posterior - 0.5), own, posterior)
                contrary = (own - 0.5) * (posterior - 0.5) < 0
                nearer = np.where(contrary, 0.5, nearer)
                # whole per cent, towards 0.5: no word is stronger than the number
                nearer = np.round(0.5 + np.trunc((nearer - 0.5) * 100) / 100, 2)
                frames.append(
                    pd.DataFrame(
                        {
                            "region_code": region_codes, "indicator": indicator,
                            "start_year": int(years[0]), "end_year": int(years[-1]),
                            "change_logit": total[0], "lower": total[1], "upper": total[2], "word": words,
                            "p_own": own, "p_model": posterior, "p_rise": nearer,
                            "direction": [direction_of(p) for p in nearer],
                        }
                    )
                )  # fmt: skip
        columns = ["start_year", "end_year", "change_logit", "lower", "upper", "word"]
        return _stacked(frames, [*KEYS[:2], *columns, "p_own", "p_model", "p_rise", "direction"])

    def figure_noise(self, indicator: str, region_codes, values) -> tuple[np.ndarray, np.ndarray]:
        """How far published figures (percent) may lie from the level behind them: the standard deviation on
        the logit scale at each value, and the degrees of freedom of its Student t; NaN without a model.
        """
        values = np.asarray(values, float)
        noise, freedom = np.full((2, len(values)), np.nan)
        levels = np.array([_level(code) for code in region_codes])
        for level, scales in self.scales.get(indicator, {}).items():
            rows = (levels == level) & ~np.isnan(values)
            noise[rows] = np.sqrt(scales.noise_of(share_logit(values[rows])[:, None])[:, 0, 0])
            freedom[rows] = scales.nu
        return noise, freedom

    def alike(self, indicator: str, region_code: str, value: float, others, values) -> np.ndarray:
        """Whether the 80 % range of the difference between a region's published figure (percent) and that of each
        of the `others` holds 0: they cannot be told apart.
        """
        noise, freedom = self.figure_noise(indicator, [region_code, *others], [value, *values])
        apart = np.abs(share_logit(np.asarray(values, float)) - share_logit(value))
        return apart <= self.quantile(freedom[1:]) * np.hypot(noise[0], noise[1:])

    @staticmethod
    def quantile(freedom, level=0.80):
        """How many standard deviations the interval of a Student t reaches either side."""
        return stdtrit(freedom, (1 + level) / 2)

    def survey_noise(self, observations) -> pd.DataFrame:
        """figure_noise of each region's last figure: region_code, indicator, value (percent), noise_sd, freedom."""
        frames = []
        for indicator, panel in _panels(observations):
            for _, region_codes, z in panel.patterns() if indicator in self.scales else ():
                value = percent(z[:, -1])
                noise, freedom = self.figure_noise(indicator, region_codes, value)
                keys = {"region_code": region_codes, "indicator": indicator, "value": value}
                frames.append(pd.DataFrame({**keys, "noise_sd": noise, "freedom": freedom}))
        return _stacked(frames, ["region_code", "indicator", "value", "noise_sd", "freedom"])

    def draws(self, observations, year, n=4000, seed=2024) -> pd.DataFrame:
        """Draws, in percent, of what another survey of the same size might have published: regions x n.

        The last figure of one indicator up to `year` plus its own noise, independent between regions. The
        same seed gives the same draws.
        """
        last = self.survey_noise(observations[observations["year"] <= year]).sort_values("region_code")
        random = np.random.default_rng(seed)
        noise = random.standard_t(last["freedom"].to_numpy()[:, None], (len(last), n))
        z = share_logit(last["value"].to_numpy())[:, None] + noise * last["noise_sd"].to_numpy()[:, None]
        return pd.DataFrame(percent(z), index=pd.Index(last["region_code"], dtype="str", name="region_code"))

    def to_dict(self) -> dict:
        """The hyperparameters as plain numbers, for JSON."""
        scales = {
            key: {level: asdict(one) for level, one in both.items()} for key, both in self.scales.items()
        }
        common = {key: asdict(common) for key, common in self.common.items()}
        return {"common": common, "scales": scales, "paths": self.paths}

    @staticmethod
    def from_dict(plain) -> "Model":
        """The model that `to_dict` described."""
        scales = {
            key: {level: Scales(**one) for level, one in both.items()}
            for key, both in plain["scales"].items()
        }
        common = {key: Common.from_dict(common) for key, common in plain["common"].items()}
        return Model(common, scales, plain["paths"])

    def only(self, indicator: str) -> "Model":
        """The model of one indicator."""
        return Model(*({indicator: part[indicator]} for part in (self.common, self.scales, self.paths)))

    def _condition(self, indicator, region_codes, observed, z, wanted, published):
        """The Forecast of regions observed in the same years. A regency is its province's path and a walk
        of its own around it.
        """
        grid = np.arange(min(observed[0], wanted.min()), max(observed[-1], wanted.max()) + 1)
        mean, covariance = extended(self.common[indicator], grid)
        scales = self.scales[indicator][_level(region_codes[0])]
        path = self._path(indicator, region_codes, observed[-1])
        own = z - path(observed)
        noise = scales.noise_of(z)
        forecast = condition(scales, noise, mean, covariance, grid, observed, own, wanted, published)
        return replace(forecast, mean=forecast.mean + path(wanted))

    def _path(self, indicator, region_codes, last):
        """Function of years -> (regions, years): what the province of each regency adds to the common
        changes; 0 where the province has no figure in its series at the regency's last year.
        """
        paths, register = self.paths.get(indicator, {}), regions()["province_code"]
        known = [
            paths.get(register.get(code)) if _level(code) == "regency" else None for code in region_codes
        ]
        known = [path if path and path["first"] <= last else {"first": 0, "beyond": [0.0]} for path in known]

        def of(years):
            return np.array(
                [
                    np.interp(years, path["first"] + np.arange(len(path["beyond"])), path["beyond"])
                    for path in known
                ]
            )

        return of

    def _with_paths(self, indicator, panel) -> "Model":
        """With the paths of the provinces in `panel` up to LAST_YEAR: their published figures (latest series), a line
        between them where a year is missing, and then their projection. (Their smoothed level would say that a
        jump began before it was seen.)
        """
        paths = dict(self.paths.get(indicator, {}))
        for observed, codes, z in panel.of_level("province").patterns():
            years = np.arange(observed[0], max(observed[-1], LAST_YEAR) + 1)
            ahead = years[years > observed[-1]]
            later = self._condition(indicator, codes, observed, z, ahead, True).mean
            common = self._common_change(indicator, years)
            for code, figures, projected in zip(codes, z, later, strict=True):
                known = np.interp(years[years <= observed[-1]], observed, figures)
                beyond = (np.r_[known, projected] - common).round(5).tolist()
                if code != NATION:
                    paths[code] = {"first": int(observed[0]), "last": int(observed[-1]), "beyond": beyond}
        return replace(self, paths=self.paths | {indicator: paths})

    def _common_change(self, indicator, years) -> np.ndarray:
        """What all regions share changes their logit by between the first of `years`, without gaps, and each."""
        return design(years[0], years, years) @ extended(self.common[indicator], years)[0]

    def _coherent(self, indicator, panel, people) -> "Model":
        """With the path of every province that has figures after its regencies' last survey year shifted: the mean
        of its regencies, weighted by population (alike where one is unknown), then moves from that year by as
        many percentage points as the province does. A regency without a figure of that year follows, but is not
        weighed. Where nothing later is known, regencies follow what all regions share alone.
        """
        paths, register, found = dict(self.paths[indicator]), regions()["province_code"], {}
        grid = np.arange(panel.years[0], max(panel.years[-1], LAST_YEAR) + 1)
        for observed, codes, z in panel.of_level("regency").patterns():
            means = self._condition(indicator, codes, observed, z, grid, True).mean
            for code, mean in zip(codes, means, strict=True):
                if register.get(code) in paths:
                    found.setdefault(register[code], []).append((code, observed, mean))
        for province, rows in found.items():
            path, base = paths[province], median_low([observed[-1] for _, observed, _ in rows])
            beyond = np.array(path["beyond"])
            years = path["first"] + np.arange(len(beyond))
            if path["last"] <= base:
                beyond[years > path["last"]] = beyond[years == path["last"]]
            elif path["first"] <= base:
                weighed = [(code, mean) for code, observed, mean in rows if base in observed]
                weight = people.reindex([code for code, _ in weighed]).fillna(0).to_numpy()
                weight = weight / weight.sum() if weight.all() else np.full(len(weighed), 1 / len(weighed))
                means, ahead = np.array([mean for _, mean in weighed]), (years > base) & np.isin(years, grid)
                own = percent(beyond + self._common_change(indicator, years))
                target = weight @ percent(means[:, grid == base]) + own[ahead] - own[years == base]
                beyond[ahead] += _shift(means[:, np.isin(grid, years[ahead])], weight, target)
            paths[province] = path | {"beyond": beyond.round(5).tolist()}
        return replace(self, paths=self.paths | {indicator: paths})

    def _last_known(self, observations) -> pd.DataFrame:
        """region_code, indicator and the last year with a figure of the region or, later, of its province."""
        rows, register = [], regions()["province_code"]
        for indicator, panel in _panels(observations):
            paths = self.paths.get(indicator, {})
            for observed, codes, _ in panel.patterns():
                for code in codes:
                    path = paths.get(register.get(code)) if _level(code) == "regency" else None
                    last = path["last"] if path and path["first"] <= observed[-1] else 0
                    rows.append((code, indicator, max(int(observed[-1]), last)))
        return pd.DataFrame(rows, columns=[*KEYS[:2], "last"]).astype(
            {"region_code": "str", "indicator": "str"}
        )


def _shift(means, weight, target):
    """The logit to add to all regions (n, years) so that their weighted share is `target` (years), percent."""
    target, shift = np.clip(target, CLIP, 100 - CLIP) / 100, np.zeros(len(target))
    for _ in range(50):
        share = expit(means + shift)
        shift = shift - ((weight @ share - target) / (weight @ (share * (1 - share)))).clip(-1, 1)
    return shift


def fit(observations, panel=None, volatility=VOLATILITY) -> Model:
    """The model of every share among the `observations` (percent; an indicator the codebook does not know
    is one).

    `observations` and `panel` have the columns region_code, indicator, year, value and optionally series
    and is_governing. What all regions share, tau and s_w come by restricted maximum likelihood from
    `panel`, by default the provinces among the observations, or else all of them. Regencies borrow these,
    with tau^2 and s_w^2 times `volatility`, and have their own s_e, nu and steepness from the changes of
    all regencies (as if their levels moved like those of provinces, so that s_e also holds real change of
    single regencies); 30 with four points or more are fitted directly. Fewer than 30 with a change: the
    provinces' s_e times what the other indicators show (`_derived_noise`). Where nothing can be estimated,
    the deliberately wide UNKNOWN scales take the place. A figure that is not used, or not as it stands,
    gives a FigureWarning; DataContractError as `comparable`.
    """
    panels = dict(_panels(observations if panel is None else panel, every_series=True))
    common, scales, borrowing = {}, {}, []
    for indicator, table in _panels(observations, every_series=True):
        source = panels.get(indicator, table)
        provinces, regencies = source.of_level("province"), table.of_level("regency")
        borrows = _is_enough(provinces)
        source = provinces if borrows else source
        base, common[indicator] = fit_panel(source.patterns()) if _is_enough(source) else UNKNOWN
        regency = base
        if borrows and regencies.regions_with(LONG) >= ENOUGH_CHANGES:
            regency = fit_panel(regencies.patterns())[0]
        elif borrows or not _is_enough(source):
            factor = volatility**0.5 if borrows else 1.0
            if regencies.regions_with(2) >= ENOUGH_CHANGES:
                regency = fit_noise(regencies.patterns(), base, common[indicator])
            elif borrows:
                borrowing.append(indicator)
            regency = replace(regency, tau=base.tau * factor, s_w=base.s_w * factor)
        scales[indicator] = {"province": base, "regency": regency}
    for indicator in borrowing:
        others = [both for name, both in scales.items() if name not in borrowing]
        fitted = [both for both in others if both["regency"] != both["province"]]
        scales[indicator]["regency"] = _derived_noise(scales[indicator]["regency"], fitted)
    model = Model(common, scales)
    for rows in (observations, panel):
        for indicator, table in _panels(rows) if rows is not None else ():
            model = model._with_paths(indicator, table) if indicator in common else model
    people = population(observations)
    for indicator, table in _panels(observations):
        model = model._coherent(indicator, table, people) if indicator in model.paths else model
    return model


def population(observations) -> pd.Series:
    """Series of the latest number of inhabitants by region code, among the rows of the observations."""
    rows = observations[observations["indicator"] == POPULATION].sort_values("year")
    rows = rows[rows["is_governing"].astype(bool)] if "is_governing" in rows else rows
    return rows.groupby("region_code")["value"].last()


def _derived_noise(regency: Scales, fitted: list) -> Scales:
    """`regency`, whose s_e is that of provinces, with the noise of a smaller sample: s_e times the geometric mean
    of the ratios between regencies and provinces of the indicators that have both, and the smaller nu; without
    any, times the root of the number of regencies per province. The steepness is the mean of theirs and of 0, as one
    or two other indicators are weak evidence for how noise grows towards 0 and 100 %.
    """
    if not fitted:
        kind = regions()["kind"]
        per_province = kind.isin(["kabupaten", "kota"]).sum() / (kind == "provinsi").sum()
        return replace(regency, s_e=round(float(regency.s_e * per_province**0.5), 2))
    ratio = np.exp(np.mean([np.log(both["regency"].s_e / both["province"].s_e) for both in fitted]))
    nu = min(regency.nu, *(both["regency"].nu for both in fitted))
    steepness = np.mean([0.0, *(both["regency"].steepness for both in fitted)])
    return replace(
        regency, s_e=round(float(regency.s_e * ratio), 2), nu=nu, steepness=round(float(steepness), 1)
    )


def models_for(observations) -> dict:
    """A Model for every indicator of the surveys with a provincial panel to learn from, by indicator:
    without one there is no projection, and none of what agencies report about themselves.
    """
    if "origin" in observations:
        observations = leading(observations)
    panels = _panels(observations, every_series=True)
    known = [
        name
        for name, table in panels
        if _is_enough(table.of_level("province")) and not is_administrative(name)
    ]
    model = fit(observations[observations["indicator"].isin([*known, POPULATION])])
    return {name: model.only(name) for name in known}


def direction_of(p_rise: float) -> str:
    """The word for a probability of a rise, in three strengths."""
    if p_rise >= 0.95 or p_rise <= 0.05:
        return "rising" if p_rise > 0.5 else "falling"
    if p_rise >= 0.80 or p_rise <= 0.20:
        return "likely_rising" if p_rise > 0.5 else "likely_falling"
    return "indistinct"


def percent(z):
    """A logit as a share in percent."""
    return 100 * expit(z)


def share_logit(share):
    """A share in percent as a logit, 0 and 100 taken as CLIP from the end."""
    return logit(np.clip(share, CLIP, 100 - CLIP) / 100)


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


def comparable(observations) -> pd.DataFrame:
    """The governing rows with a usable value: region_code, indicator (text), year (int64), value (float64),
    series (text, "" without one), in order of indicator, region, year.

    A share up to half a point outside 0..100 counts as 0 or 100; one further out, or infinite, is left out;
    a FigureWarning names either row. Raises DataContractError for a missing column, a region code that is
    no text, or two values of one series in one year.
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
    if all(0 <= row[4] <= 100 for row in records):
        return records
    records = [(*row[:4], _usable(*row)) for row in records]
    return [row for row in records if not np.isnan(row[4])]


def _usable(indicator, region_code, year, series, value) -> float:
    """The value, NaN when it is no share and no amount."""
    if not is_share(indicator) and np.isfinite(value):
        return value
    return float(usable_share(value, f"{region_code}, {indicator}, {year}"))


def usable(observations: pd.DataFrame) -> pd.DataFrame:
    """The rows (region_code, indicator, year, value) with a value, shares as usable_share has them: what cannot be
    used is left out with a FigureWarning that names its row.
    """
    value = observations["value"].to_numpy(dtype=float, na_value=np.nan).copy()
    if not (odd := ~((value >= 0) & (value <= 100))).any():
        return observations
    rows = observations[odd]
    found = [
        _usable(row.indicator, row.region_code, row.year, "", float(row.value)) for row in rows.itertuples()
    ]
    value[odd] = found
    return observations.assign(value=value)[~np.isnan(value)]


def is_administrative(indicator: str) -> bool:
    """Whether the figures of an indicator are what agencies report: no sampling error, so no projection."""
    return entry(indicator).get("origin") == "administrative"


def is_share(indicator: str) -> bool:
    """Whether an indicator is a share in percent: by the codebook; one it does not know is."""
    return entry(indicator).get("unit", "%").startswith("%")


def _level(region_code):
    return "regency" if len(region_code) == 4 and region_code.isdigit() else "province"


def _is_enough(panel: Panel) -> bool:
    return panel.regions_with(3) >= ENOUGH_REGIONS


def _stacked(frames, columns):
    if not frames:
        types = {"region_code": "str", "indicator": "str", "year": "int64", "word": "str", "direction": "str"}
        return pd.DataFrame({column: pd.Series(dtype=types.get(column, "float64")) for column in columns})
    return pd.concat(frames, ignore_index=True).sort_values(columns[:3], ignore_index=True)[columns]


def _panels(observations, every_series=False):
    """(indicator, Panel) per indicator of shares.

    Governing values only; each region's latest series only, unless `every_series` (then without the
    nation).
    """
    for indicator, group in groupby(_records(observations), key=itemgetter(0)):
        rows = list(group)
        if every_series:
            rows = [row for row in rows if row[1] != NATION]
        else:
            # in order of years, so the last one stays
            latest = {region_code: series for _, region_code, _, series, _ in rows}
            rows = [row for row in rows if row[3] == latest[row[1]]]
        if not rows or not is_share(indicator):
            continue
        lines = {line: place for place, line in enumerate(sorted({(row[1], row[3]) for row in rows}))}
        column = {year: place for place, year in enumerate(sorted({row[2] for row in rows}))}
        share = np.full((len(lines), len(column)), np.nan)
        for _, region_code, year, series, value in rows:
            share[lines[region_code, series], column[year]] = value
        yield indicator, Panel([code for code, _ in lines], np.array([*column], float), share_logit(share))
