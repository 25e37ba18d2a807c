"""Laws on spheres, in one dimension: the cosine t to p's direction, and the ring around it."""

from collections.abc import Callable, Iterator
from typing import Any

from mpmath import mp, mpf

from .exponential import ORDERS, column, of_log_power
from .integrate import Integrator
from .laws import Law
from .points import Params
from .vector_points import SPHERES

Name = tuple[str, Params]


def _dimension(of: Name) -> int:
    return of[1].get("dimension") or len(of[1]["direction"])


def _direction(of: Name) -> mp.matrix | None:
    if "direction" not in of[1]:
        return None
    v = column(of[1]["direction"])
    return v / mp.sqrt((v.T * v)[0])


class Cosine:
    """The law of t = mᵀx, m the direction of a law on the sphere, in u = (1 + t)/2."""

    def __init__(self, of: Name) -> None:
        self.name, self.d = of, _dimension(of)
        self.kappa = mpf(of[1].get("concentration", 0))
        self.power = mpf(self.d - 3) / 2
        self.over = Integrator(Law(self._log_share, mpf(0), mpf(1), mpf(0.5)))
        self.log_total = mp.log(self.over.mean(lambda lw, u: mpf(1)))
        # a ring at t has area |S^(d−2)| (1 − t²)^((d−3)/2) dt
        ring = mpf(self.d - 1) / 2
        self.log_norm = self.log_total + mp.log(2) + ring * mp.log(mp.pi) - mp.loggamma(ring)

    def log_tilt(self, u: Any) -> mpf:
        """κ t, or κ log(1 + t)."""
        if self.name[0] == "PowerSpherical":
            return self.kappa * (mp.log(2) + u.log)
        return self.kappa * (u.x - u.rest)

    def _log_share(self, u: Any) -> mpf:
        return self.power * (2 * mp.log(2) + u.log + u.log_rest) + mp.log(2) + self.log_tilt(u)

    def mean(self, f: Callable[[Any], mpf]) -> mpf:
        return self.over.mean(lambda _, u: f(u)) / mp.exp(self.log_total)


def _mean_tilt(p: Cosine, q: Cosine) -> mpf | None:
    """E_p of q's tilt: by the mean cosine, or around the ring on the sphere of ℝ³."""
    a, b = _direction(p.name), _direction(q.name)
    if q.kappa == 0:
        return mpf(0)
    if b is not None and a is not None and a == b:
        return p.mean(q.log_tilt)
    if q.name[0] == "VonMisesFisher":
        cosine = mpf(0) if a is None else (a.T * b)[0]
        return q.kappa * cosine * p.mean(lambda u: u.x - u.rest)
    if a is None:
        return p.mean(q.log_tilt)
    return None


def sphere_rows() -> Iterator[tuple[str, Name, Name | None, mpf]]:
    laws = [Cosine(name) for name in SPHERES]
    for p in laws:
        own = p.mean(p.log_tilt)
        yield "entropy", p.name, None, p.log_norm - own
        for q in laws:
            tilt = _mean_tilt(p, q) if p is not q and p.d == q.d else None
            if tilt is not None:
                yield "kl", p.name, q.name, own - p.log_norm - tilt + q.log_norm
                yield from _orders(p, q)


def _orders(p: Cosine, q: Cosine) -> Iterator[tuple[str, Name, Name, mpf]]:
    """Of von Mises and Fisher's laws: p^α q^(1−α) has the tilt α κ m + (1 − α) κ′ m′."""
    if "PowerSpherical" in (p.name[0], q.name[0]):
        return
    zero = mp.matrix([mpf(0)] * p.d)
    a, b = (zero if (m := _direction(law.name)) is None else m * law.kappa for law in (p, q))

    def log_power(alpha: mpf) -> mpf:
        tilt = alpha * a + (1 - alpha) * b
        length = mp.sqrt((tilt.T * tilt)[0])
        mixed = Cosine(
            ("VonMisesFisher", {"direction": [1] + [0] * (p.d - 1), "concentration": length})
        )
        return mixed.log_norm - alpha * p.log_norm - (1 - alpha) * q.log_norm

    for question in ORDERS:
        yield question, p.name, q.name, of_log_power(question, log_power)
