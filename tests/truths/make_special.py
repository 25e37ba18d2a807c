"""Write special.json: the special functions at 40 digits, by mpmath, from binary inputs.

    python tests/truths/make_special.py [name …]

Each row is the arguments, exact as Python floats, and the value as a string. Names with a slash are
derivatives: `gammainc/a` is ∂P/∂a.
"""

import json
import sys
from itertools import product
from pathlib import Path

from mpmath import mp, mpf

HERE = Path(__file__).parent
DIGITS = 40

SIZES = [1e-8, 1e-3, 0.1, 0.5, 0.9, 1.00001, 1.25, 1.4616, 1.7, 2.00001, 3.0, 7.5, 10.0, 30.0]
SIZES += [150.5, 1e4, 1e8]
STEPS = [1e-12, -1e-9, 1e-5, -1e-3, 0.1, 0.34, 0.49, 0.51, -0.3, -0.35, 1.0, -0.9, 10.0, 1e3, 1e6]
TAILS = [
    -37.3,
    -20.1,
    -8.7,
    -3.3,
    -1.01,
    -0.99,
    -0.3,
    -1e-8,
    1e-8,
    0.4,
    0.99,
    1.01,
    2.6,
    6.1,
    12.7,
    25.9,
]


def excess(f, slope, a, b):
    return f(b) - f(a) - (b - a) * slope(a)


def gamma_excess(a, b):
    return excess(mp.loggamma, mp.digamma, a, b)


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def beta_excess(a1, b1, a2, b2):
    return gamma_excess(a1, a2) + gamma_excess(b1, b2) - gamma_excess(a1 + b1, a2 + b2)


def reduced(v, x):
    """log ₀F₁(; ν + 1; x²/4) = log I_ν(x) − ν log(x/2) + log Γ(ν + 1)."""
    if x < 1000:
        return mp.log(mp.hyp0f1(v + 1, x * x / 4))
    return mp.log(hankel(v, x)) + x - v * mp.log(x / 2) + mp.loggamma(v + 1)


def hankel(v, x):
    """e^{−x} I_ν(x) by its asymptotic series."""
    term, total = mpf(1), mpf(1)
    for k in range(1, 500):
        term *= -(4 * v * v - (2 * k - 1) ** 2) / (8 * k * x)
        if abs(term) < mpf(10) ** -mp.dps:
            return total / mp.sqrt(2 * mp.pi * x)
        total += term
    raise ArithmeticError(v, x)


def log_i(v, x):
    return reduced(v, x) + v * mp.log(x / 2) - mp.loggamma(v + 1)


def ratio(v, x):
    if x < 1000:
        return x / (2 * v + 2) * mp.hyp0f1(v + 2, x * x / 4) / mp.hyp0f1(v + 1, x * x / 4)
    return hankel(v + 1, x) / hankel(v, x)


def ratio_slope(v, x):
    here = ratio(v, x)
    return here * (ratio(v + 1, x) - here + 1 / x)


def bessel_excess(v, a, b):
    return reduced(v, b) - reduced(v, a) - (b - a) * ratio(v, a)


def tail_integral(log_density, factor, start, end, width):
    """∫ e^log_density factor from start to end, refined near both and near the origin."""
    length, sign = abs(end - start), mp.sign(end - start)
    cuts = [start + sign * width * mpf(2) ** k for k in range(-2, 40) if width * 2**k < length]
    low, high = min(start, end), max(start, end)
    cuts += [mpf(j) for j in (-30, -10, -3, -1, 0, 1, 3, 10, 30) if low < j < high]
    points = sorted({start, end, *cuts}, reverse=bool(end < start))
    height = log_density(start)  # taken out, for mpmath integrates to an absolute tolerance
    return mp.exp(height) * mp.quad(lambda v: mp.exp(log_density(v) - height) * factor(v), points)


def gamma_part(a, x, power):
    """∂^power/∂a of P(a, x): the tail on x's side of the mode, in v = log t."""
    first, second = mp.digamma(a), mp.polygamma(1, a)
    log_gamma, v = mp.loggamma(a), mp.log(x)

    def factor(t):
        return [1, t - first, (t - first) ** 2 - second][power]

    def density(t):
        return a * t - mp.exp(t) - log_gamma

    width = 1 / mp.sqrt(a + 1)
    if x < a:
        return -tail_integral(density, factor, v, v - (110 + x) / a, width)
    above = tail_integral(density, factor, v, mp.log(x + 200 + 40 * mp.sqrt(a)), width)
    return (1 if power == 0 else 0) - above


def beta_part(a, b, x, wanted):
    """The same of I_x(a, b), in v = logit t; `wanted` is "", "a" or "b"."""
    whole, log_b = mp.digamma(a + b), log_beta(a, b)

    def factor(v):
        if wanted == "a":
            return -mp.log1p(mp.exp(-v)) - mp.digamma(a) + whole
        if wanted == "b":
            return -mp.log1p(mp.exp(v)) - mp.digamma(b) + whole
        return mpf(1)

    def density(v):
        return -a * mp.log1p(mp.exp(-v)) - b * mp.log1p(mp.exp(v)) - log_b

    v = mp.log(x / (1 - x))
    width = 1 / mp.sqrt(a * b / (a + b) + 1)
    if x < a / (a + b):
        end = v - (110 - (a + b) * mp.log(1 - x)) / a
        return -tail_integral(density, factor, v, end, width)
    end = v + (110 - (a + b) * mp.log(x)) / b
    return (1 if wanted == "" else 0) - tail_integral(density, factor, v, end, width)


def log_zeta_slope(s):
    return mp.zeta(s, 1, 1) / mp.zeta(s)


def log_zeta_curvature(s):
    return mp.zeta(s, 1, 2) / mp.zeta(s) - log_zeta_slope(s) ** 2


def phi(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def capital_phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def quantile(p):
    """Φ⁻¹(p), by Newton's steps on log Φ, which is concave."""
    if p > 0.5:
        return -quantile(1 - p)
    x = -mp.sqrt(-2 * mp.log(p))
    for _ in range(60):
        mass = capital_phi(x)
        x -= mp.log(mass / p) * mass / phi(x)
    return x


def scaled(n):
    return lambda x: mp.exp(x) * mp.expint(n, x)


def pairs(values):
    return list(product(values, values))


def near(values, steps=STEPS):
    return [(a, a * (1 + r)) for a in values for r in steps]


GAMMA = [(a, x) for a in (0.1, 1.0, 9.0, 50.0) for x in (0.05, 0.7, 3.0, 40.0)]
GAMMA += [(1e-3, 0.5), (1e-3, 3.0), (300.0, 310.0), (300.0, 250.0), (1e4, 1e4), (1e6, 995000.0)]
BETA = [(a, b, x) for a, b in pairs([0.1, 1.0, 3.0, 40.0]) for x in (0.02, 0.6, 0.97)]
BETA += [
    (1e-3, 2.0, 0.3),
    (2.0, 1e-3, 0.9),
    (300.0, 1e4, 0.03),
    (1e5, 3.0, 0.9999),
    (1e5, 1e5, 0.499),
]
ORDERS = [0.0, 0.5, 1.0, 3.3, 24.0, 150.0, 500.0]
BESSEL = list(product(ORDERS, [1e-20, 1e-3, 0.7, 5.0, 15.0, 24.9, 25.1, 60.0, 700.0]))
BESSEL += [(0.0, 1e5), (2.5, 1e8), (20.0, 1e5)]
MODERATE = [r for r in BESSEL if r[1] > 1e-10]
BESSEL_NEAR = [
    (v, a, a * (1 + r))
    for v, a, r in product(
        [0.0, 0.5, 3.0, 30.0, 1e3], [1e-3, 2.0, 24.0, 300.0], [1e-9, -1e-4, 0.3, -0.4, 1.4]
    )
]
BETA_NEAR = [
    (a, b, a * (1 + r), b * (1 + s))
    for a, b in [(0.5, 3.0), (3.0, 12.0), (100.0, 1e4), (1e7, 1e4), (1e-3, 0.5), (400.0, 400.0)]
    for r, s in [(1e-9, 1e-9), (1e-5, -1e-5), (1e-3, 2e-3), (0.5, 0.5), (2.0, 5.0), (-0.5, 2.0)]
]
ZETA = [1.0001, 1.1, 1.5, 2.0, 3.0, 5.5, 12.0, 33.3, 50.0]
E1 = [1e-8, 1e-3, 0.3, 1.0, 1.24, 1.26, 2.0, 5.0, 20.0, 100.0, 600.0]
CHANCES = [1e-300, 1e-20, 1e-5, 0.02, 0.3, 0.5000001, 0.7, 0.99, 1 - 1e-10]

TRUTHS = {
    "lgamma": (mp.loggamma, SIZES),
    "digamma": (mp.digamma, SIZES),
    "trigamma": (lambda x: mp.polygamma(1, x), SIZES),
    "tetragamma": (lambda x: mp.polygamma(2, x), SIZES),
    "lgamma_excess": (gamma_excess, near(SIZES)),
    "digamma_difference": (lambda a, b: mp.digamma(b) - mp.digamma(a), near(SIZES)),
    "lbeta": (log_beta, pairs([1e-8, 1e-3, 0.3, 2.5, 8.0, 10.0, 30.0, 1e4, 1e8])),
    "lbeta_excess": (beta_excess, BETA_NEAR),
    "log_binomial": (
        lambda n, k: -mp.log(n + 1) - log_beta(n - k + 1, k + 1),
        [(5, 2), (20, 10), (1000, 1), (1000, 500), (1e6, 1e3), (1e9, 7), (7.5, 2.25)],
    ),
    "log_iv": (log_i, BESSEL),
    "bessel_ratio": (ratio, BESSEL),
    "bessel_ratio_slope": (ratio_slope, MODERATE),
    "log_iv_excess": (bessel_excess, BESSEL_NEAR),
    "log_kv": (lambda v, x: mp.log(mp.besselk(v, x)), [r for r in MODERATE if r[1] < 1e4]),
    "log_kv_slope": (
        lambda v, x: -mp.besselk(v - 1, x) / mp.besselk(v, x) - v / x,
        [r for r in MODERATE if r[1] < 1e4],
    ),
    "i0e": (lambda x: mp.exp(-x) * mp.besseli(0, x), [1e-8, 0.3, 2.0, 7.9, 8.1, 60.0, 1e4]),
    "i1e": (lambda x: mp.exp(-x) * mp.besseli(1, x), [1e-8, 0.3, 2.0, 7.9, 8.1, 60.0, 1e4]),
    "exp1_scaled": (scaled(1), E1),
    "exp2_scaled": (scaled(2), E1),
    "expi": (mp.ei, E1 + [-x for x in E1]),
    "erf": (mp.erf, TAILS),
    "erfc": (mp.erfc, [x for x in TAILS if x < 25]),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), [x for x in TAILS if x > -25]),
    "erfcx_slope": (
        lambda x: 2 * x * mp.exp(x * x) * mp.erfc(x) - 2 / mp.sqrt(mp.pi),
        [x for x in TAILS if x > -25],
    ),
    "npdf": (phi, TAILS),
    "ndtr": (capital_phi, TAILS),
    "log_ndtr": (lambda x: mp.log1p(-capital_phi(-x)) if x > 0 else mp.log(capital_phi(x)), TAILS),
    "inverse_mills": (lambda x: phi(x) / capital_phi(x), TAILS),
    "mills_gap": (lambda x: x + phi(x) / capital_phi(x), TAILS),
    "ndtri": (quantile, CHANCES),
    "gammainc": (lambda a, x: gamma_part(a, x, 0), GAMMA),
    "gammaincc": (lambda a, x: 1 - gamma_part(a, x, 0), GAMMA),
    "gammainc/a": (lambda a, x: gamma_part(a, x, 1), GAMMA),
    "gammainc/aa": (lambda a, x: gamma_part(a, x, 2), GAMMA),
    "betainc": (lambda a, b, x: beta_part(a, b, x, ""), BETA),
    "betainc/a": (lambda a, b, x: beta_part(a, b, x, "a"), BETA),
    "betainc/b": (lambda a, b, x: beta_part(a, b, x, "b"), BETA),
    "zeta": (mp.zeta, ZETA),
    "log_zeta": (lambda s: mp.log(mp.zeta(s)), ZETA),
    "log_zeta_slope": (log_zeta_slope, ZETA),
    "log_zeta_curvature": (log_zeta_curvature, ZETA),
    "log_zeta_excess": (
        lambda s, t: mp.log(mp.zeta(t) / mp.zeta(s)) - (t - s) * log_zeta_slope(s),
        [
            (s, 1 + (s - 1) * (1 + r))
            for s in (1.1, 2.0, 6.0, 30.0)
            for r in (1e-9, -0.01, 0.7, 9.0)
        ],
    ),
}

EXTRA = {"log_ndtr": 700, "gammainc": 55, "gammainc/a": 55, "gammainc/aa": 55, "gammaincc": 55}
"""Digits that a formula needs at work, where 100 are not the right number."""
EXTRA |= {"betainc": 55, "betainc/a": 55, "betainc/b": 55, "ndtri": 60}


def rows(name):
    f, inputs = TRUTHS[name]
    mp.dps = EXTRA.get(name, 100)
    for given in inputs:
        numbers = given if isinstance(given, tuple) else (given,)
        value = f(*(mpf(float(x)) for x in numbers))
        yield [*map(float, numbers), mp.nstr(mp.re(value), DIGITS)]


def main():
    path = HERE / "special.json"
    table = json.loads(path.read_text()) if sys.argv[1:] else {}
    for name in sys.argv[1:] or TRUTHS:
        table[name] = list(rows(name))
        print(name, len(table[name]), flush=True)
    blocks = [
        f"  {json.dumps(name)}: [\n    " + ",\n    ".join(map(json.dumps, block)) + "\n  ]"
        for name, block in table.items()
    ]
    path.write_text("{\n" + ",\n".join(blocks) + "\n}\n")


if __name__ == "__main__":
    main()
