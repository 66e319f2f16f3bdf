"""The local-level model behind the projection, on arrays of logits: covariances, restricted likelihood,
forecasts.

For region i in year t, with z = logit(share):

    z_it       = level_it + e_it                   e ~ scale_i * N(0, s_e^2)   survey noise of a published
    figure
    level_it+1 = level_it + D + c_t + d_i + w_it   w ~ scale_i * N(0, s_w^2)   the region's own year-to-year
    change
                                                   d ~ scale_i * N(0, tau^2)   the region's drift around the
                                                   common D
                                                   c ~ N(0, s_c^2)             a year's change that all
                                                   regions share
    scale_i^2 ~ nu / chi2(nu)                      calm and restless regions: Student t once integrated out

Regencies have small samples, and near 0 and 100 % the logit magnifies their noise: there s_e^2 is multiplied
by
(4 p (1 - p))^-steepness, with p the region's mean share. The steepness of provinces is 0.

The first level is diffuse, so everything is written in differences from a series' first value. D and the
shared changes
c are estimated by generalised least squares inside the restricted likelihood; their covariance enters the
forecasts.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize
from scipy.special import expit, gammaln

# tau, s_w, s_e, s_c, nu. The smallest s_e is half a percentage point at 50 %: no household survey is more
# exact.
LOWER = np.log([1e-4, 1e-4, 0.02, 1e-4, 2.1])
START = np.log([0.03, 0.05, 0.10, 0.03, 5.0])
UPPER = np.log([2.0, 2.0, 2.0, 2.0, 100.0])


@dataclass(frozen=True)
class Scales:
    """Spread within one level of regions, as standard deviations on the logit scale; nu = degrees of freedom.

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
    loading on
    what is common (n, k, p) with covariance common (p, p), degrees of freedom (n)."""

    mean: np.ndarray
    own: np.ndarray
    stretch: np.ndarray
    freedom: np.ndarray
    loading: np.ndarray
    common: np.ndarray

    def own_spread(self) -> np.ndarray:
        """Scale (n, k) of the Student t of the region's own part."""
        return np.sqrt(self.stretch[:, None] * np.diagonal(self.own, axis1=1, axis2=2).clip(0))

    def spread(self) -> np.ndarray:
        """Scale (n, k) with the common part."""
        shared = np.einsum("nkp,pq,nkq->nk", self.loading, self.common, self.loading)
        return np.sqrt(self.own_spread() ** 2 + shared.clip(0))


def own_covariance(scales, noise, start, left, right, published=True):
    """Covariance of a region's own differences from its value at `start`; equal years are one figure if
    `published`.

    `noise` is the survey noise variance: one number, or (n, 1, 1) for n regions.
    """
    a, b = (left - start)[:, None], (right - start)[None, :]
    walk = np.where(a * b > 0, np.minimum(np.abs(a), np.abs(b)), 0)
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


def condition(scales, mean, covariance, grid, observed, z, wanted, published=True) -> Forecast:
    """The Forecast at `wanted` years given the logits z (n, m) at `observed` years: the kriging form.

    `mean` and `covariance` belong to what is common, over the years of `grid`.
    """
    start, rest, noise = observed[0], observed[1:], scales.noise_of(z)
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


def restricted(logs, patterns, grid):
    """Restricted log likelihood at log(tau, s_w, s_e, s_c, nu); mean and covariance of D and the common
    changes.
    """
    tau, s_w, s_e, s_c, nu = np.exp(logs)
    whitened, constants = [], []
    for years, _, z in patterns:
        known = own_covariance(Scales(tau, s_w, s_e, nu), s_e**2, years[0], years[1:], years[1:])
        root = np.linalg.cholesky(known)
        whitened.append(
            (
                np.linalg.solve(root, (z[:, 1:] - z[:, :1]).T),
                np.linalg.solve(root, design(years[0], years[1:], grid)),
            )
        )
        constants.append(2 * np.log(np.diag(root)).sum())
    prior = np.diag([0.0] + [s_c**-2] * len(grid))
    mean, previous, weights = (
        np.zeros(1 + len(grid)),
        np.inf,
        [np.ones(change.shape[1]) for change, _ in whitened],
    )
    for _ in range(100):  # a restless region counts less for what is common
        precision, moment = prior.copy(), np.zeros(len(prior))
        for (change, shift), weight in zip(whitened, weights, strict=True):
            precision += weight.sum() * shift.T @ shift
            moment += shift.T @ (change @ weight)
        previous, mean = mean, np.linalg.solve(precision, moment)
        squares = [((change - (shift @ mean)[:, None]) ** 2).sum(axis=0) for change, shift in whitened]
        weights = [(nu + len(change)) / (nu + s) for (change, _), s in zip(whitened, squares, strict=True)]
        if np.abs(mean - previous).max() < 1e-9:
            break
    likelihood = -0.5 * (np.linalg.slogdet(precision)[1] + mean @ prior @ mean) - len(grid) * np.log(s_c)
    for (change, _), s, constant in zip(whitened, squares, constants, strict=True):
        likelihood += student(s, constant, len(change), nu)
    return likelihood + nu_prior(nu), mean, np.linalg.inv(precision)


def fit_panel(patterns) -> tuple[Scales, Common]:
    """Scales and Common of a panel, [(years, _, logits)], by restricted maximum likelihood.

    Rounded, so that the model read back from a file is the model that was fitted.
    """
    patterns = [pattern for pattern in patterns if len(pattern[0]) >= 2]
    grid = np.arange(min(p[0][0] for p in patterns) + 1, max(p[0][-1] for p in patterns) + 1)
    bounds = list(zip(LOWER, UPPER, strict=True))
    best = optimize.minimize(
        lambda logs: -restricted(logs, patterns, grid)[0], START, method="L-BFGS-B", bounds=bounds
    )
    _, mean, covariance = restricted(best.x, patterns, grid)
    tau, s_w, s_e, s_c, nu = (float(f"{value:.3g}") for value in np.exp(best.x))
    years, mean = tuple(grid.astype(int).tolist()), tuple(mean.round(5).tolist())
    return Scales(tau, s_w, s_e, nu), Common(
        s_c, years, mean, tuple(map(tuple, covariance.round(8).tolist()))
    )


def fit_noise(patterns, inherited, common) -> Scales:
    """Scales with s_e, nu and steepness from these regions' own changes; tau, s_w and what is common as
    inherited.
    """
    prepared = []
    for years, _, z in patterns:
        if len(years) >= 2:
            grid = np.arange(years[0], years[-1] + 1)
            expected = design(years[0], years[1:], grid) @ extended(common, grid)[0]
            prepared.append((years, z, z[:, 1:] - z[:, :1] - expected))

    def scales_of(parameters):
        return Scales(inherited.tau, inherited.s_w, *np.exp(parameters[:2]), parameters[2])

    def unlikely(parameters):
        scales = scales_of(parameters)
        total = nu_prior(scales.nu)
        for years, z, surprise in prepared:
            known = own_covariance(scales, scales.noise_of(z), years[0], years[1:], years[1:])
            squares = squared_length(known, surprise)
            total += student(squares, np.linalg.slogdet(known)[1], len(years) - 1, scales.nu)
        return -total

    bounds = [(LOWER[2], UPPER[2]), (LOWER[4], UPPER[4]), (0.0, 2.0)]
    best = optimize.minimize(unlikely, [START[2], START[4], 0.5], method="L-BFGS-B", bounds=bounds)
    found, steepness = scales_of(best.x), round(float(best.x[2]), 1)
    return Scales(
        inherited.tau, inherited.s_w, round(float(found.s_e), 2), float(f"{found.nu:.2g}"), steepness
    )
