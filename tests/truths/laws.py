"""The densities and masses of the textbooks in mpmath, by the names and parameters of the contract.

Nothing of kullback is used. A law is a log-density with the ends of its support; where it is not
analytic inside, the kinks are named, so that integrals can break there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from mpmath import mp, mpf

INF = mpf("inf")
ZERO, ONE = mpf(0), mpf(1)


class Place:
    """A number x with what must not be lost near 0, 1 and the end of an interval beside it."""

    def __init__(self, x: mpf, rest: mpf | None = None, end: mpf = INF, away: mpf = INF) -> None:
        self.x = x
        self.rest = 1 - x if rest is None else rest
        self.end, self.away = end, away

    def from_end(self, a: mpf) -> mpf:
        """Return |x − a|, to all digits if a is the end that x is beside."""
        return self.away if a == self.end else abs(self.x - a)

    @cached_property
    def log(self) -> mpf:
        return mp.log(self.x) if self.x < mpf(0.5) else mp.log1p(-self.rest)

    @cached_property
    def log_rest(self) -> mpf:
        return mp.log(self.rest) if self.rest < mpf(0.5) else mp.log1p(-self.x)


@dataclass(frozen=True)
class Law:
    """A law on numbers.

    Attributes
    ----------
    log_density : callable
        Of a `Place` inside the support; of a whole number, if discrete.
    low, high : mpf
        The ends of the support.
    near, scale : mpf
        Roughly where the mass is, and how wide; a hint to the integrator.
    kinks : tuple of mpf
        Points where the density is not analytic, or close to it: poles beside the real line.
    entire : bool
        Whether masses fall off faster than every power cᵏ, so that no sum of powers diverges.
    """

    log_density: Callable
    low: mpf = -INF
    high: mpf = INF
    near: mpf = ZERO
    scale: mpf = ONE
    kinks: tuple[mpf, ...] = ()
    entire: bool = False

    def covers(self, other: "Law") -> bool:
        return self.low <= other.low and other.high <= self.high

    def within(self, other: "Law") -> "Law":
        """Return the same density on the part of the support that the other has too."""
        return replace(self, low=max(self.low, other.low), high=min(self.high, other.high))


CONTINUOUS: dict[str, Callable[..., Law]] = {}
DISCRETE: dict[str, Callable[..., Law]] = {}


def enter(book: dict[str, Callable[..., Law]]) -> Callable:
    def under_its_name(make: Callable[..., Law]) -> Callable[..., Law]:
        def of_numbers(**params: float) -> Law:
            return make(**{name: mpf(x) for name, x in params.items()})

        book[make.__name__] = of_numbers
        return make

    return under_its_name


continuous, discrete = enter(CONTINUOUS), enter(DISCRETE)


def log_beta(a: mpf, b: mpf) -> mpf:
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def positive(log_density: Callable, near: mpf) -> Law:
    return Law(log_density, low=mpf(0), near=near)


# --- the real line ---


@continuous
def Normal(loc, scale):
    c = -mp.log(2 * mp.pi * scale**2) / 2
    return Law(lambda t: c - ((t.x - loc) / scale) ** 2 / 2, near=loc, scale=scale)


@continuous
def Laplace(loc, scale):
    c = -mp.log(2 * scale)
    return Law(lambda t: c - abs(t.x - loc) / scale, near=loc, scale=scale, kinks=(loc,))


@continuous
def Logistic(loc, scale):
    c = -mp.log(scale)

    def log_density(t):
        z = abs(t.x - loc) / scale
        return c - z - 2 * mp.log1p(mp.exp(-z))

    return Law(log_density, near=loc, scale=scale)


@continuous
def Gumbel(loc, scale):
    c = -mp.log(scale)

    def log_density(t):
        z = (t.x - loc) / scale
        return c - z - mp.exp(-z)

    return Law(log_density, near=loc, scale=scale)


@continuous
def Cauchy(loc, scale):
    c = -mp.log(mp.pi * scale)
    return Law(
        lambda t: c - mp.log1p(((t.x - loc) / scale) ** 2), near=loc, scale=scale, kinks=(loc,)
    )


@continuous
def StudentT(df, loc=ZERO, scale=ONE):
    c = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi * scale**2) / 2
    half = (df + 1) / 2
    return Law(
        lambda t: c - half * mp.log1p(((t.x - loc) / scale) ** 2 / df),
        near=loc,
        scale=scale,
        kinks=(loc,),
    )


@continuous
def GeneralizedNormal(loc, scale, power):
    c = mp.log(power / (2 * scale)) - mp.loggamma(1 / power)
    return Law(lambda t: c - (abs(t.x - loc) / scale) ** power, near=loc, scale=scale, kinks=(loc,))


@continuous
def Moyal(loc, scale):
    c = -mp.log(2 * mp.pi * scale**2) / 2

    def log_density(t):
        z = (t.x - loc) / scale
        return c - (z + mp.exp(-z)) / 2

    return Law(log_density, near=loc, scale=scale)


@continuous
def HyperbolicSecant(loc, scale):
    c = -mp.log(scale)

    def log_density(t):
        z = mp.pi * abs(t.x - loc) / (2 * scale)
        return c - z - mp.log1p(mp.exp(-2 * z))

    return Law(log_density, near=loc, scale=scale)


# --- intervals ---


@continuous
def Uniform(low, high):
    c = -mp.log(high - low)
    return Law(lambda t: c, low, high, (low + high) / 2, high - low)


@continuous
def Beta(a, b):
    c = -log_beta(a, b)
    return Law(
        lambda t: c + (a - 1) * t.log + (b - 1) * t.log_rest, mpf(0), mpf(1), mpf(0.5), mpf(1)
    )


@continuous
def Kumaraswamy(a, b):
    c = mp.log(a * b)

    def log_density(t):
        return c + (a - 1) * t.log + (b - 1) * mp.log(-mp.expm1(a * t.log))

    return Law(log_density, mpf(0), mpf(1), mpf(0.5), mpf(1))


@continuous
def ContinuousBernoulli(probs):
    odd = 1 - 2 * probs
    c = mp.log(2) if odd == 0 else mp.log(2 * mp.atanh(odd) / odd)
    log_p, log_r = mp.log(probs), mp.log1p(-probs)
    return Law(lambda t: c + t.x * log_p + t.rest * log_r, mpf(0), mpf(1), mpf(0.5), mpf(1))


@continuous
def LogitNormal(loc, scale):
    c = -mp.log(2 * mp.pi * scale**2) / 2

    def log_density(t):
        z = (t.log - t.log_rest - loc) / scale
        return c - z**2 / 2 - t.log - t.log_rest

    return Law(log_density, mpf(0), mpf(1), mpf(0.5), mpf(1))


@continuous
def TruncatedNormal(loc, scale, low, high):
    a, b = ((x - loc) / (scale * mp.sqrt(2)) for x in (low, high))
    if a > 0:
        mass = (mp.erfc(a) - mp.erfc(b)) / 2
    elif b < 0:
        mass = (mp.erfc(-b) - mp.erfc(-a)) / 2
    else:
        mass = (mp.erf(b) - mp.erf(a)) / 2
    c = -mp.log(2 * mp.pi * scale**2) / 2 - mp.log(mass)
    return Law(
        lambda t: c - ((t.x - loc) / scale) ** 2 / 2, low, high, min(max(loc, low), high), scale
    )


@continuous
def LogUniform(low, high):
    c = -mp.log(mp.log(high / low))
    return Law(lambda t: c - t.log, low, high, mp.sqrt(low * high), high - low)


# --- the positive numbers ---


@continuous
def Exponential(rate):
    c = mp.log(rate)
    return positive(lambda t: c - rate * t.x, 1 / rate)


@continuous
def Gamma(shape, rate):
    c = shape * mp.log(rate) - mp.loggamma(shape)
    return positive(lambda t: c + (shape - 1) * t.log - rate * t.x, shape / rate)


@continuous
def Erlang(shape, rate):
    c = shape * mp.log(rate) - mp.log(mp.factorial(shape - 1))
    return positive(lambda t: c + (shape - 1) * t.log - rate * t.x, shape / rate)


@continuous
def ChiSquared(df):
    c = -df / 2 * mp.log(2) - mp.loggamma(df / 2)
    return positive(lambda t: c + (df / 2 - 1) * t.log - t.x / 2, df)


@continuous
def Weibull(shape, scale):
    c, log_scale = mp.log(shape), mp.log(scale)

    def log_density(t):
        y = shape * (t.log - log_scale)
        return c + y - t.log - mp.exp(y)

    return positive(log_density, scale)


@continuous
def LogNormal(loc, scale):
    c = -mp.log(2 * mp.pi * scale**2) / 2
    return positive(lambda t: c - t.log - ((t.log - loc) / scale) ** 2 / 2, mp.exp(loc))


@continuous
def InverseGamma(shape, scale):
    c = shape * mp.log(scale) - mp.loggamma(shape)
    return positive(lambda t: c - (shape + 1) * t.log - scale / t.x, scale / (shape + 1))


@continuous
def InverseGaussian(mean, shape):
    c = mp.log(shape / (2 * mp.pi)) / 2
    return positive(
        lambda t: c - 3 * t.log / 2 - shape * (t.x - mean) ** 2 / (2 * mean**2 * t.x), mean
    )


@continuous
def Rayleigh(scale):
    c = -2 * mp.log(scale)
    return positive(lambda t: c + t.log - (t.x / scale) ** 2 / 2, scale)


@continuous
def Maxwell(scale):
    c = mp.log(2 / mp.pi) / 2 - 3 * mp.log(scale)
    return positive(lambda t: c + 2 * t.log - (t.x / scale) ** 2 / 2, scale)


@continuous
def Chi(df):
    c = (1 - df / 2) * mp.log(2) - mp.loggamma(df / 2)
    return positive(lambda t: c + (df - 1) * t.log - t.x**2 / 2, mp.sqrt(df))


@continuous
def HalfNormal(scale):
    c = mp.log(2 / mp.pi) / 2 - mp.log(scale)
    return positive(lambda t: c - (t.x / scale) ** 2 / 2, scale)


@continuous
def HalfCauchy(scale):
    c = mp.log(2 / (mp.pi * scale))
    return positive(lambda t: c - mp.log1p((t.x / scale) ** 2), scale)


@continuous
def Nakagami(shape, spread):
    c = mp.log(2) + shape * mp.log(shape / spread) - mp.loggamma(shape)
    return positive(
        lambda t: c + (2 * shape - 1) * t.log - shape * t.x**2 / spread, mp.sqrt(spread)
    )


@continuous
def GeneralizedGamma(shape, scale, power):
    log_scale = mp.log(scale)
    c = mp.log(power) - mp.loggamma(shape)

    def log_density(t):
        y = power * (t.log - log_scale)
        return c + shape * y - t.log - mp.exp(y)

    return positive(log_density, scale * shape ** (1 / power))


@continuous
def Frechet(shape, scale):
    c, log_scale = mp.log(shape), mp.log(scale)

    def log_density(t):
        y = -shape * (t.log - log_scale)
        return c + y - t.log - mp.exp(y)

    return positive(log_density, scale)


@continuous
def Levy(loc, scale):
    c = mp.log(scale / (2 * mp.pi)) / 2

    def log_density(t):
        y = t.from_end(loc)
        return c - scale / (2 * y) - 3 * mp.log(y) / 2

    return Law(log_density, low=loc, near=loc + scale / 3)


@continuous
def Pareto(shape, scale):
    c = mp.log(shape) + shape * mp.log(scale)
    return Law(lambda t: c - (shape + 1) * t.log, low=scale, near=scale * (1 + 1 / shape))


@continuous
def Lomax(shape, scale):
    c = mp.log(shape / scale)
    return positive(lambda t: c - (shape + 1) * mp.log1p(t.x / scale), scale / shape)


@continuous
def GeneralizedPareto(loc, scale, concentration):
    c, xi = -mp.log(scale), concentration
    high = loc - scale / xi if xi < 0 else INF

    def log_density(t):
        if xi == 0:
            return c - t.from_end(loc) / scale
        if xi < 0 and t.end == high:
            return c - (1 + 1 / xi) * mp.log(-xi * t.away / scale)
        return c - (1 + 1 / xi) * mp.log1p(xi * t.from_end(loc) / scale)

    near = loc + scale if xi >= 0 else (loc + high) / 2
    return Law(log_density, low=loc, high=high, near=near)


@continuous
def LogLogistic(shape, scale):
    c, log_scale = mp.log(shape), mp.log(scale)

    def log_density(t):
        y = shape * (t.log - log_scale)
        return c - abs(y) - t.log - 2 * mp.log1p(mp.exp(-abs(y)))

    return positive(log_density, scale)


@continuous
def BetaPrime(a, b):
    c = -log_beta(a, b)
    return positive(lambda t: c + (a - 1) * t.log - (a + b) * mp.log1p(t.x), a / (b + 1))


# --- the circle: (−π, π], periodic, integrated by its own rule ---

CIRCLE: dict[str, Callable[..., Law]] = {}


@enter(CIRCLE)
def VonMises(loc, concentration):
    c = -mp.log(2 * mp.pi * mp.besseli(0, concentration))
    return Law(lambda x: c + concentration * mp.cos(x - loc), -mp.pi, mp.pi, loc)


# --- whole numbers ---


@discrete
def Bernoulli(probs):
    return Law(lambda k: mp.log(probs) if k == 1 else mp.log1p(-probs), 0, 1, probs)


@discrete
def Binomial(n, probs):
    log_p, log_r = mp.log(probs), mp.log1p(-probs)
    return Law(lambda k: mp.log(mp.binomial(n, k)) + k * log_p + (n - k) * log_r, 0, n, n * probs)


@discrete
def Poisson(rate):
    log_rate = mp.log(rate)
    return Law(lambda k: k * log_rate - rate - mp.loggamma(k + 1), 0, INF, rate, entire=True)


@discrete
def Geometric(probs):
    c, log_r = mp.log(probs), mp.log1p(-probs)
    return Law(lambda k: c + k * log_r, 0, INF, 0)


@discrete
def NegativeBinomial(successes, probs):
    r = successes
    c, log_f = r * mp.log(probs) - mp.loggamma(r), mp.log1p(-probs)
    return Law(
        lambda k: c + mp.loggamma(k + r) - mp.loggamma(k + 1) + k * log_f,
        0,
        INF,
        r * (1 - probs) / probs,
    )


@discrete
def DiscreteUniform(low, high):
    c = -mp.log(high - low + 1)
    return Law(lambda k: c, low, high, (low + high) / 2)


@discrete
def Zipf(exponent):
    c = -mp.log(mp.zeta(exponent))
    return Law(lambda k: c - exponent * mp.log(k), 1, INF, 1)


@discrete
def LogSeries(probs):
    c, log_p = -mp.log(-mp.log1p(-probs)), mp.log(probs)
    return Law(lambda k: c + k * log_p - mp.log(k), 1, INF, 1)


@discrete
def Skellam(rate1, rate2):
    root, slope = 2 * mp.sqrt(rate1 * rate2), mp.log(rate1 / rate2) / 2
    known: dict[int, mpf] = {}

    def log_mass(k):
        if k not in known:
            n = abs(k) if mp.im(k) == 0 else k
            bessel = n * mp.log(root / 2) - mp.loggamma(n + 1)
            bessel += mp.log(mp.hyp0f1(n + 1, rate1 * rate2))
            known[k] = bessel - rate1 - rate2 + k * slope
        return known[k]

    return Law(log_mass, -INF, INF, mp.nint(rate1 - rate2), entire=True)


@discrete
def BetaBinomial(n, a, b):
    c = -log_beta(a, b)
    return Law(
        lambda k: c + mp.log(mp.binomial(n, k)) + log_beta(k + a, n - k + b),
        0,
        n,
        n * a / (a + b),
    )


@discrete
def Delta(at):
    return Law(lambda k: mpf(0), at, at, at)
