"""∫ p f dx and Σ p f to 30 digits: trapezoids in t, x = φ(m + w sinh t), halved until two agree.

Both ends are reached doubly exponentially, so that algebraic and logarithmic singularities there do
no harm. Nodes of a law p are made once and serve every f. An integrand that does not fall off at an
end is said to diverge: the answer is ∞.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from mpmath import mp, mpf

from .laws import INF, Law, Place

mp.dps = 55
ZERO = mpf(0)
AGREE = mpf(10) ** -30
SMALL = mpf(10) ** -50
FAR, LARGE = 4000, mpf(10) ** 300
FINEST = 10

Integrand = Callable[[mpf, Place], mpf]


class Divergent(Exception):
    """The integrand does not fall off."""


@dataclass
class Piece:
    """A part (low, high) of the support of a law, on which it is analytic."""

    law: Law
    low: mpf
    high: mpf
    middle: mpf = ZERO
    width: mpf = ZERO
    nodes: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.low == -INF and self.high == INF:
            self.width = mp.pi / 2
        else:
            self.middle, self.width = peak_of(self._log_mass_at, self._first_guess())

    def _first_guess(self) -> mpf:
        near = self.law.near
        if self.high == INF:
            return mp.log(near - self.low) if near > self.low else mpf(0)
        if self.low == -INF:
            return mp.log(self.high - near) if near < self.high else mpf(0)
        if self.low < near < self.high:
            return mp.log((near - self.low) / (self.high - near))
        return mpf(0)

    def _log_mass_at(self, y: mpf) -> mpf:
        place, slope = self.at(y)
        return self.law.log_density(place) + mp.log(slope)

    def at(self, y: mpf) -> tuple[Place, mpf]:
        """Return φ(y) and φ′(y)."""
        if self.low == -INF and self.high == INF:
            return Place(self.law.near + self.law.scale * mp.sinh(y)), self.law.scale * mp.cosh(y)
        if self.high == INF:
            e = mp.exp(y)
            place = Place(self.low + e, end=self.low, away=e)
            if self.low == 0:
                place.log = y
            return place, e
        if self.low == -INF:
            e = mp.exp(y)
            return Place(self.high - e), e
        e, wide = mp.exp(-abs(y)), self.high - self.low
        away, slope = wide * e / (1 + e), wide * e / (1 + e) ** 2
        if y < 0:
            return Place(self.low + away, end=self.low, away=away), slope
        rest = away if self.high == 1 else None
        return Place(self.high - away, rest, end=self.high, away=away), slope

    def node(self, level: int, j: int) -> tuple[Place, mpf, mpf]:
        """Return the place, p times the weight, and log p, at t = j/2^level."""
        if (level, j) not in self.nodes:
            t = mpf(j) / 2**level
            y = self.middle + self.width * mp.sinh(t)
            if abs(y) > FAR:
                raise Divergent
            place, slope = self.at(y)
            log_p = self.law.log_density(place)
            weight = self.width * mp.cosh(t) * slope
            self.nodes[level, j] = place, mp.exp(log_p) * weight, log_p
        return self.nodes[level, j]


def peak_of(g: Callable[[mpf], mpf], y: mpf) -> tuple[mpf, mpf]:
    """Return where g is largest, and how wide its peak is, both roughly; widths end at π/2."""
    with mp.workdps(20):
        step, here = mpf(0.5), g(y)
        while step > mpf(10) ** -4:
            moves = [(g(y + d), y + d) for d in (step, -step)]
            best, place = max(moves)
            if best > here:
                y, here = place, best
            else:
                step /= 2
        d = mpf(10) ** -3
        while True:
            curvature = (2 * here - g(y + d) - g(y - d)) / d**2
            width = 1 / mp.sqrt(curvature) if curvature > 0 else mpf(1)
            if width > d / 8 or d < mpf(10) ** -8:
                break
            d /= 8
    return +y, min(width, mp.pi / 2)


class Integrator:
    """Integrals against one law, broken at its kinks and at those of others."""

    def __init__(self, law: Law, kinks: tuple[mpf, ...] = ()) -> None:
        inside = sorted({k for k in (*law.kinks, *kinks) if law.low < k < law.high})
        ends = [law.low, *inside, law.high]
        self.pieces = [Piece(law, a, b) for a, b in pairwise(ends)]

    def mean(self, f: Integrand) -> mpf:
        """∫ p f(log p, x) dx."""
        try:
            return self._mean(f)
        except Divergent:
            return INF

    def _mean(self, f: Integrand) -> mpf:
        parts, peaks, sums = [mpf(0)] * len(self.pieces), [mpf(0)] * len(self.pieces), []
        for level in range(2, FINEST + 1):
            for i, piece in enumerate(self.pieces):
                total, peaks[i] = self._level(piece, f, level, peaks[i])
                parts[i] = total if level == 2 else parts[i] / 2 + total
            sums.append(mp.fsum(parts))
            if level > 2 and abs(sums[-1] - sums[-2]) <= max(
                AGREE * abs(sums[-1]), SMALL * max(peaks)
            ):
                return sums[-1]
        raise ArithmeticError(f"two trapezoids differ by {mp.nstr(sums[-1] - sums[-2], 3)}")

    def _level(self, piece: Piece, f: Integrand, level: int, peak: mpf) -> tuple[mpf, mpf]:
        """Return the sum over the nodes that are new at a level, and the largest term so far."""
        terms, step, first = [], 1 if level == 2 else 2, 0 if level == 2 else 1
        for sign, start in ((1, first), (-1, 1)):
            j, quiet = start, 0
            while quiet < 3:
                place, mass, log_p = piece.node(level, sign * j)
                term = mass * f(log_p, place)
                size = abs(term)
                if size > LARGE:
                    raise Divergent
                peak = max(peak, size)
                quiet = quiet + 1 if size <= SMALL * peak and mass <= SMALL else 0
                terms.append(term)
                j += step
        return mp.fsum(terms) / 2**level, peak


class Summation:
    """Sums against one discrete law."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.known: dict[int, tuple[mpf, mpf]] = {}

    def node(self, k: int) -> tuple[mpf, mpf]:
        if k not in self.known:
            log_p = self.law.log_density(mpf(k))
            self.known[k] = log_p, mp.exp(log_p)
        return self.known[k]

    def mean(self, f: Callable[[mpf, mpf], mpf]) -> mpf:
        """Σ p f(log p, k), outwards from where the mass is."""
        middle = int(mp.nint(self.law.near))
        middle = max(middle, int(self.law.low)) if self.law.low > -INF else middle
        terms, peak = [], mpf(0)
        for sign, start in ((1, middle), (-1, middle - 1)):
            k, quiet = start, 0
            while self.law.low <= k <= self.law.high and quiet < 5:
                log_p, p = self.node(k)
                term = p * f(log_p, mpf(k))
                if abs(term) > LARGE:
                    if self.law.entire:
                        raise ArithmeticError("beyond the numbers of binary64")
                    return INF
                peak = max(peak, abs(term))
                quiet = quiet + 1 if abs(term) <= SMALL * peak and p <= SMALL else 0
                terms.append(term)
                k += sign
        return mp.fsum(terms)


class SlowSummation:
    """Sums over 1, 2, … whose terms fall off like a power: Euler and Maclaurin from N on."""

    first, radius, circle = 80, 40, 160

    def __init__(self, law: Law) -> None:
        self.law = law

    def mean(self, f: Callable[[mpf, mpf], mpf]) -> mpf:
        """Σ p f(log p, k) = Σ_{k<N} + ∫_N^∞ + g(N)/2 − Σ B₂ⱼ/(2j)! g^(2j−1)(N)."""

        def g(x: mpf) -> mpf:
            log_p = self.law.log_density(x)
            return mp.exp(log_p) * f(log_p, x)

        n = self.first
        tail = Law(lambda t: -2 * mp.log(t.x / n) - mp.log(n), low=mpf(n), near=mpf(2 * n))
        integral = Integrator(tail).mean(lambda log_w, t: g(t.x) / mp.exp(log_w))
        if integral == INF:
            return INF
        head = mp.fsum(g(mpf(k)) for k in range(1, n)) + g(mpf(n)) / 2
        slopes = self._derivatives(g)
        return head + integral - mp.fsum(mp.bernoulli(2 * j) / (2 * j) * c for j, c in slopes)

    def _derivatives(self, g: Callable) -> Iterator[tuple[int, mpf]]:
        """(j, g^(2j−1)(N)/(2j − 1)!) by Cauchy's integral."""
        n, r, m = self.first, self.radius, self.circle
        roots = [mp.expjpi(mpf(2) * i / m) for i in range(m)]
        values = [g(n + r * z) for z in roots]
        for j in range(1, 31):
            power = 2 * j - 1
            c = mp.fsum(v * roots[(-i * power) % m] for i, v in enumerate(values)) / m
            yield j, mp.re(c) / mpf(r) ** power


def circle_mean(law: Law, f: Callable[[mpf, mpf], mpf]) -> mpf:
    """∫ p f over (−π, π], by the trapezoid, which converges geometrically for periodic f."""
    before, n = None, 64
    while True:
        places = [mp.pi * (2 * mpf(i) / n - 1) for i in range(n)]
        logs = [law.log_density(x) for x in places]
        now = mp.fsum(mp.exp(lp) * f(lp, x) for lp, x in zip(logs, places, strict=True))
        now *= 2 * mp.pi / n
        if before is not None and abs(now - before) <= AGREE * abs(now):
            return now
        before, n = now, 2 * n
