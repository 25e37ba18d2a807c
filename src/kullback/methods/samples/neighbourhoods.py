"""How many rows are near in all variables, and how many in some of them: what KSG compares.

Row i has a radius ρ: the distance to its k-th nearest neighbour in the joint space, in the max
norm. With c the number of rows nearer than ρ in some of the variables, the row itself counted,

    I(X; Y | Z) = mean of ψ(c(x, y, z)) − ψ(c(x, z)) − ψ(c(y, z)) + ψ(c(z)),    c() = n,

which for continuous rows, where c(x, y, z) = k, is the first estimator of Kraskov, Stögbauer and
Grassberger, and that of Frenzel and Pompe with a Z. Where ρ = 0, k other rows or more are equal to
row i, and c counts the equal ones: this is the mixed estimate of Gao, Kannan, Oh and Viswanath.
Where others share the distance ρ with the k-th, fewer than k rows are nearer than ρ, and c says so;
so rows on a lattice give what counting their cells does.

The second estimator looks at rectangles: with εx and εy the largest distances in x and in y among
the k neighbours, and n the other rows at most that far,

    I(X; Y) = ψ(n) + ψ(k) − 1/k − mean of ψ(n(x)) + ψ(n(y)).

It has no form for ties: rows with ρ = 0, with a k-th neighbour that is not the only one at its
distance, or with εx or εy of 0 take the first estimator's term.
"""

from dataclasses import dataclass

import numpy as np

from kullback.methods.samples.neighbours import Neighbours


@dataclass(frozen=True, eq=False)
class Balls:
    """The radius of each row's neighbourhood, and how full it is.

    Attributes
    ----------
    radius : array, shape (n,)
        ρ, the distance to the k-th nearest row.
    inside : array of int, shape (n,)
        c(x, y, z): the rows nearer than ρ, the row itself too; where ρ = 0, the rows equal to it.
    """

    radius: np.ndarray
    inside: np.ndarray

    @property
    def repeated(self) -> np.ndarray:
        """Whether k other rows or more are equal to the row; shape (n,)."""
        return np.asarray(self.radius == 0)


def balls(joint: np.ndarray, k: int) -> Balls:
    """Return the neighbourhoods of the k nearest rows."""
    among = Neighbours(joint, "chebyshev")
    apart = among.distances(joint, k, own=True)
    radius = apart[:, -1]
    inside = 1 + np.count_nonzero(apart < radius[:, None], axis=1)
    repeated = radius == 0
    if repeated.any():
        inside[repeated] = among.count_within(joint[repeated], 0.0)
    return Balls(radius, inside)


def count(rows: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Return c: how many rows are nearer than ρ, the row itself too; equal ones where ρ = 0."""
    among = Neighbours(rows, "chebyshev")
    found = among.count_within(rows, radius, strict=True, own=True) + 1
    repeated = radius == 0
    if repeated.any():
        found[repeated] = among.count_within(rows[repeated], 0.0)
    return np.asarray(found)


def by_balls(x: np.ndarray, y: np.ndarray, z: np.ndarray | None, k: int) -> np.ndarray:
    """Return each row's term of I(X; Y) or I(X; Y | Z), by one radius in all variables."""
    from scipy.special import digamma

    given = [] if z is None else [z]
    ball = balls(np.hstack([x, y, *given]), k)
    near_x = count(np.hstack([x, *given]), ball.radius)
    near_y = count(np.hstack([y, *given]), ball.radius)
    near_z = len(x) if z is None else count(z, ball.radius)
    return np.asarray(digamma(ball.inside) - digamma(near_x) - digamma(near_y) + digamma(near_z))


def by_rectangles(x: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    """Return each row's term of I(X; Y), by a radius of its own in each variable."""
    from scipy.special import digamma

    near, sole = nearest(np.hstack([x, y]), k)
    wide, high = (np.abs(v[near] - v[:, None]).max(axis=(1, 2)) for v in (x, y))
    fits = sole & (wide > 0) & (high > 0)
    terms = np.empty(len(x))
    if not fits.all():
        terms = by_balls(x, y, None, k)
    n_x = Neighbours(x, "chebyshev").count_within(x[fits], wide[fits]) - 1
    n_y = Neighbours(y, "chebyshev").count_within(y[fits], high[fits]) - 1
    plain = digamma(k) - 1 / k + digamma(len(x))
    terms[fits] = plain - digamma(n_x) - digamma(n_y)
    return terms


def nearest(rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices (n, k) of the k nearest other rows, and whether no others are as near."""
    from scipy.spatial import cKDTree

    n = len(rows)
    wanted = min(k + 2, n)
    tree = cKDTree(rows, balanced_tree=False)
    turn = tree.indices  # rows asked in the order of the leaves keep these in the cache
    apart, index = np.empty((n, wanted)), np.empty((n, wanted), dtype=np.int64)
    apart[turn], index[turn] = tree.query(
        rows[turn], wanted, p=np.inf, workers=1 if n < 2000 else -1
    )
    own = index == np.arange(n)[:, None]
    own[~own.any(axis=1), -1] = True  # so many rows are equal that the row itself is not listed
    index, apart = index[~own].reshape(n, -1), apart[~own].reshape(n, -1)
    sole = apart[:, k - 1] > 0
    if wanted > k + 1:
        sole &= apart[:, k] > apart[:, k - 1]
    return index[:, :k], sole
