"""The local-level model behind the projection, on arrays of logits: covariances, likelihood, forecasts.

For region i in year t, with z = logit(share):

    z_it       = level_it + e_it                   e ~ scale_i * N(0, s_e^2)   survey noise of a published figure
    level_it+1 = level_it + D + c_t + d_i + w_it   w ~ scale_i * N(0, s_w^2)   the region's own yearly change
                                                   d ~ scale_i * N(0, tau^2)   its drift around the common D
                                                   c ~ N(0, s_c^2)             a yearly change all regions share
    scale_i^2 ~ nu / chi2(nu)                      calm and restless regions: Student t once integrated out

Regencies have small samples, and near 0 and 100 % the logit magnifies their noise: there s_e^2 is
multiplied by (4 p (1 - p))^-steepness, with p the region's mean share. The steepness of provinces is 0.

The first level is diffuse, so everything is written in differences from a series' first value. D and the
shared changes c are estimated by generalised least squares inside the restricted likelihood; their
covariance enters the forecasts.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize
from scipy.special import expit, gammaln, stdtr

# tau, s_w, s_e, s_c, nu. The smallest s_e is half a percentage point at 50 %: no household survey is more
# exact.
LOWER = np.log([1e-4, 1e-4, 0.02, 1e-4, 2.1])
SEARCH = {"eps": 1e-5, "ftol": 1e-10}
STARTS = np.log([[0.03, 0.05, 0.10, 0.03, 5.0], [0.005, 0.2, 0.3, 0.1, 3.0]])  # a search may stop on a slope
UPPER = np.log([2.0, 2.0, 2.0, 2.0, 100.0])


@dataclass(frozen=True)
class Scales:
    """Spread within one level of regions, as standard deviations on the logit scale; nu = degrees of
    freedom.

    With a `steepness` above 0, s_e is the survey noise of a region at 50 %.
    """

    tau: float
    s_w: float
    s_e: float
    nu: float
    steepness: float = 0.0

    def noise_of(self, z) -> np.ndarray:
        """Survey noise variance (n, 1, 1) of the regions with logits z (n, m)."""
        share = expit(z.mean(axis=1))
        return (self.s_e**2 * (4 * share * (1 - share)) ** -self.steepness)[:, None, None]


@dataclass(frozen=True)
class Common:
    """What all regions share: mean and covariance of the yearly drift D followed by the change of each of
    `years`.
    """

    s_c: float
    years: tuple
    mean: tuple
    covariance: tuple

    @staticmethod
    def from_dict(plain) -> "Common":
        """The Common that `dataclasses.asdict` and JSON made lists of."""
        covariance = tuple(tuple(row) for row in plain["covariance"])
        return Common(plain["s_c"], tuple(plain["years"]), tuple(plain["mean"]), covariance)


# Nothing to learn from: no drift is known and the scales are two or three times those of the provinces.
UNKNOWN = (Scales(tau=0.10, s_w=0.20, s_e=0.30, nu=4.0), Common(0.05, (), (0.0,), ((0.01,),)))


@dataclass(frozen=True)
class Forecast:
    """Student t forecasts of n regions at k years: mean (n, k), own covariance (n, k, k) times stretch (n),
    loading on what is common (n, k, p) with covariance common (p, p), degrees of freedom (n).
    """

    mean: np.ndarray
    own: np.ndarray
    stretch: np.ndarray
    freedom: np.ndarray
    loading: np.ndarray
    common: np.ndarray

    def chance_of_rise(self) -> np.ndarray:
        """P(the last wanted year lies above the first), per region."""
        contrast = np.zeros(self.mean.shape[1])
        contrast[[0, -1]] = -1, 1
        shared = contrast @ self.loading
        variance = self.stretch * (contrast @ self.own @ contrast).clip(0)
        variance += np.einsum("np,pq,nq->n", shared, self.common, shared).clip(0)
        return stdtr(self.freedom, (self.mean @ contrast) / np.sqrt(variance).clip(1e-12))

    def spread(self) -> np.ndarray:
        """Scale (n, k) of the Student t, with the common part."""
        shared = np.einsum("nkp,pq,nkq->nk", self.loading, self.common, self.loading)
        own = self.stretch[:, None] * np.diagonal(self.own, axis1=1, axis2=2)
        variance = own.clip(0) + shared.clip(0)
        return np.sqrt(np.where(variance < 1e-12, 0, variance))  # an observed figure is known


def own_covariance(scales, noise, start, left, right, published=True):
    """Covariance of a region's own differences from its value at `start`; equal years are one figure if
    `published`.

    `noise` is the survey noise variance: one number, or (n, 1, 1) for n regions.
    """
    a, b = (left - start)[..., :, None], (right - start)[..., None, :]
    walk = np.minimum(np.abs(a), np.abs(b)) * (np.sign(a) == np.sign(b))
    figures = 1.0 + published * ((a == b).astype(float) - (a == 0) - (b == 0))
    return scales.tau**2 * a * b + scales.s_w**2 * walk + noise * figures


def design(start, years, grid):
    """What the common drift and the common change of each year of `grid` add between `start` and `years`."""
    passed = (grid[None, :] <= years[:, None]).astype(float) - (grid <= start)
    return np.hstack([(years - start)[:, None], passed])


def extended(common, grid):
    """Mean and covariance of D and the changes of `grid`; a year that was not fitted has mean 0, variance
    s_c^2.
    """
    where = np.array([0] + [1 + common.years.index(year) if year in common.years else -1 for year in grid])
    known = where >= 0
    mean, covariance = np.zeros(len(where)), np.eye(len(where)) * common.s_c**2
    mean[known] = np.array(common.mean)[where[known]]
    covariance[np.ix_(known, known)] = np.array(common.covariance)[np.ix_(where[known], where[known])]
    return mean, covariance


def condition(scales, noise, mean, covariance, grid, observed, z, wanted, published=True) -> Forecast:
    """The Forecast at `wanted` years given the logits z (n, m) at `observed` years: the kriging form.


    `mean` and `covariance` belong to what is common, over the years of `grid`.
    """
    start, rest = observed[0], observed[1:]
    cross = own_covariance(scales, noise, start, wanted, rest, published)
    known = own_covariance(scales, noise, start, rest, rest)
    gain = np.linalg.solve(known, cross.swapaxes(1, 2)).swapaxes(1, 2)
    shift, loading = design(start, rest, grid), design(start, wanted, grid)
    surprise = z[:, 1:] - z[:, :1] - shift @ mean
    freedom = np.full(len(z), scales.nu + len(rest))
    return Forecast(
        mean=z[:, :1] + loading @ mean + (gain @ surprise[:, :, None])[:, :, 0],
        own=own_covariance(scales, noise, start, wanted, wanted, published) - gain @ cross.swapaxes(1, 2),
        # A region that moved more than expected is a restless one.
        stretch=(scales.nu + squared_length(known, surprise)) / freedom,
        freedom=freedom,
        loading=loading - gain @ shift,
        common=covariance,
    )


def own_slope(scales, observed, z):
    """Slope per year of each region from its own points z (n, m) alone, its Student t scale, degrees of
    freedom.

    Two points have survey noise only: their difference has scale sqrt(2) * s_e.
    """
    walk = Scales(0.0, scales.s_w if len(observed) > 2 else 0.0, scales.s_e, scales.nu)
    known = own_covariance(walk, scales.noise_of(z), observed[0], observed[1:], observed[1:])
    span, change = observed[1:] - observed[0], z[:, 1:] - z[:, :1]
    weight = np.linalg.solve(known, np.broadcast_to(span[:, None], (*change.shape, 1)))[:, :, 0]
    slope = (change * weight).sum(axis=1) / (weight @ span)
    freedom = scales.nu + len(span) - 1
    squares = squared_length(known, change - slope[:, None] * span)
    return slope, np.sqrt((scales.nu + squares) / freedom / (weight @ span)), freedom


def squared_length(covariance, rest):
    """rest' covariance^-1 rest of each region; rest (n, m), covariance (n, m, m)."""
    return (rest * np.linalg.solve(covariance, rest[:, :, None])[:, :, 0]).sum(axis=1)


def student(squares, log_determinant, size, nu):
    """Log density of a multivariate Student t with `size` components, summed over regions."""
    constant = gammaln((nu + size) / 2) - gammaln(nu / 2) - size / 2 * np.log(nu)
    return (constant - log_determinant / 2 - (nu + size) / 2 * np.log1p(squares / nu)).sum()


def nu_prior(nu):
    """Log density of the weak prior Gamma(2, 0.1) for the degrees of freedom (Juarez and Steel 2010)."""
    return np.log(nu) - 0.1 * nu


@dataclass(frozen=True)
class Changes:
    """The changes of n regions from their first value, as arrays of one length; regions observed in the
    same years share the matrices of one of P patterns. Missing places hold a change of 0 with variance 1,
    which says nothing.
    """

    start: np.ndarray  # (P, 1) first years
    years: np.ndarray  # (P, M) later years, `start` where there is none
    shift: np.ndarray  # (P, M, p) what is common adds
    pattern: np.ndarray  # (n,) of each region
    change: np.ndarray  # (n, M)
    share: np.ndarray  # (n,) mean share, for the noise of regencies

    @staticmethod
    def of(patterns, grid) -> "Changes":
        """From [(years, _, logits)], those with two years or more."""
        patterns = [(years, z) for years, _, z in patterns if len(years) >= 2]
        most = max(len(years) for years, _ in patterns) - 1
        start = np.array([[years[0]] for years, _ in patterns])
        padded = [np.r_[years[1:], np.full(most + 1 - len(years), years[0])] for years, _ in patterns]
        changes = [np.pad(z[:, 1:] - z[:, :1], ((0, 0), (0, most + 1 - len(years)))) for years, z in patterns]
        return Changes(
            start=start,
            years=np.array(padded),
            shift=np.array([design(first[0], years, grid) for first, years in zip(start, padded)]),
            pattern=np.repeat(np.arange(len(patterns)), [len(change) for change in changes]),
            change=np.vstack(changes),
            share=np.concatenate([expit(z.mean(axis=1)) for _, z in patterns]),
        )

    @property
    def size(self) -> np.ndarray:
        """How many changes each region has."""
        return (self.years != self.start).sum(axis=1)[self.pattern]

    def covariance(self, scales, noise, each=slice(None)) -> np.ndarray:
        """Own covariance of the changes, per pattern (or per region, with each=pattern)."""
        start, years = self.start[each], self.years[each]
        known = own_covariance(scales, noise, start, years, years)
        return known + (years == start)[:, :, None] * np.eye(years.shape[1])


def spread_prior(s_w, s_e):
    """Log density of Gamma(2, 0) priors, which keep a spread away from 0 and say nothing more (Chung et al.
    2013): in a few years of data the drifts alone can explain every change.
    """
    return np.log(s_w) + np.log(s_e)


def restricted(logs, changes, start=None):
    """Restricted log likelihood at log(tau, s_w, s_e, s_c, nu); mean and covariance of D and the common
    changes. The search for the mean begins at `start`.
    """
    tau, s_w, s_e, s_c, nu = np.exp(logs)
    known = changes.covariance(Scales(tau, s_w, s_e, nu), s_e**2)
    inverse, pattern, change, size = np.linalg.inv(known), changes.pattern, changes.change, changes.size
    gain = inverse @ changes.shift
    information = changes.shift.swapaxes(1, 2) @ gain
    lean = (change[:, None, :] @ gain[pattern])[:, 0]
    length = ((change[:, None, :] @ inverse[pattern])[:, 0] * change).sum(axis=1)
    wide = information.shape[1]
    prior = np.diag([0.0] + [s_c**-2] * (wide - 1))
    mean = np.zeros(wide) if start is None else start
    for _ in range(200):  # a restless region counts less for what is common
        squares = length - 2 * lean @ mean + ((information @ mean) @ mean)[pattern]
        weights = (nu + size) / (nu + squares)
        precision = prior + np.tensordot(np.bincount(pattern, weights, len(known)), information, 1)
        previous, mean = mean, np.linalg.solve(precision, weights @ lean)
        if np.abs(mean - previous).max() < 1e-9:
            break
    likelihood = -0.5 * (np.linalg.slogdet(precision)[1] + mean @ prior @ mean) - (wide - 1) * np.log(s_c)
    squares = length - 2 * lean @ mean + ((information @ mean) @ mean)[pattern]
    likelihood += student(squares, np.linalg.slogdet(known)[1][pattern], size, nu)
    return likelihood + nu_prior(nu) + spread_prior(s_w, s_e), mean, np.linalg.inv(precision)


def fit_panel(patterns) -> tuple[Scales, Common]:
    """Scales and Common of a panel, [(years, _, logits)], by restricted maximum likelihood from two starts.

    Rounded, so that the model read back from a file is the model that was fitted.
    """
    patterns = [pattern for pattern in patterns if len(pattern[0]) >= 2]
    grid = np.arange(min(p[0][0] for p in patterns) + 1, max(p[0][-1] for p in patterns) + 1)
    changes, mean = Changes.of(patterns, grid), None

    def unlikely(logs):
        nonlocal mean
        likelihood, mean, _ = restricted(logs, changes, mean)
        return -likelihood

    bounds = list(zip(LOWER, UPPER, strict=True))
    best = min(
        (
            optimize.minimize(unlikely, start, method="L-BFGS-B", bounds=bounds, options=SEARCH)
            for start in STARTS
        ),
        key=lambda found: found.fun,
    )
    _, mean, covariance = restricted(best.x, changes)
    tau, s_w, s_e, s_c, nu = (float(f"{value:.3g}") for value in np.exp(best.x))
    years, mean = tuple(grid.astype(int).tolist()), tuple(mean.round(5).tolist())
    return Scales(tau, s_w, s_e, nu), Common(
        s_c, years, mean, tuple(map(tuple, covariance.round(8).tolist()))
    )


def fit_noise(patterns, inherited, common) -> Scales:
    """Scales with s_e, nu and steepness from these regions' own changes; tau, s_w and what is common as
    inherited.
    """
    first = min(years[0] for years, _, _ in patterns)
    grid = np.arange(first, max(years[-1] for years, _, _ in patterns) + 1)
    changes = Changes.of(patterns, grid)
    surprise = changes.change - (changes.shift @ extended(common, grid)[0])[changes.pattern]
    spread = (4 * changes.share * (1 - changes.share))[:, None, None]

    def scales_of(parameters):
        return Scales(inherited.tau, inherited.s_w, *np.exp(parameters[:2]), parameters[2])

    def unlikely(parameters):
        scales = scales_of(parameters)
        known = changes.covariance(scales, scales.s_e**2 * spread**-scales.steepness, changes.pattern)
        determinant = np.linalg.slogdet(known)[1]
        return -nu_prior(scales.nu) - student(
            squared_length(known, surprise), determinant, changes.size, scales.nu
        )

    bounds = [(LOWER[2], UPPER[2]), (LOWER[4], UPPER[4]), (0.0, 2.0)]
    best = optimize.minimize(unlikely, [STARTS[0][2], STARTS[0][4], 0.5], method="L-BFGS-B", bounds=bounds)
    found, steepness = scales_of(best.x), round(float(best.x[2]), 1)
    return Scales(
        inherited.tau, inherited.s_w, round(float(found.s_e), 2), float(f"{found.nu:.2g}"), steepness
    )
