"""Features of rows: whitened coordinates, their squares and their products.

z = Wᵀ(x − m) with the mean and covariance of both samples pooled; the features z, (z² − 1)/√2 and
zᵢ zⱼ have a sum of squared coefficients that no rotation of z changes. So a ridge on them treats
all coordinate systems alike, and what is fitted is invariant to affine maps of the rows.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
_RANK = 1e-12


@dataclass(frozen=True, eq=False)
class Quadratic:
    """Where the rows are, and which features are taken.

    Attributes
    ----------
    mean : array, shape (d,)
        m.
    turn : array, shape (d, d)
        W, symmetric but for the scales: coordinates stay near themselves.
    products : bool
        Whether products of two coordinates are features beside the squares.
    """

    mean: Numbers
    turn: Numbers
    products: bool

    def coordinates(self, rows: Numbers) -> Numbers:
        """Return z, shape (n, d)."""
        return np.asarray((rows - self.mean) @ self.turn)

    def __call__(self, rows: Numbers) -> Numbers:
        """Return the features, shape (n, k); the first d are linear."""
        z = self.coordinates(rows)
        parts = [z, (z * z - 1) / np.sqrt(2)]
        if self.products and z.shape[1] > 1:
            i, j = np.triu_indices(z.shape[1], 1)
            parts.append(z[:, i] * z[:, j])
        return np.hstack(parts)


def whitened(rows: Numbers, weights: Numbers, *, products: bool) -> Quadratic:
    """Return the features of rows, shape (n, d), that count by weights; no flat directions."""
    share = weights / weights.sum()
    mean = share @ rows
    apart = rows - mean
    scale = np.sqrt(share @ apart**2)
    scale = np.where(scale > 0, scale, 1.0)
    apart = apart / scale
    values, vectors = np.linalg.eigh((apart * share[:, None]).T @ apart)
    some = values > _RANK * values[-1]
    turn = (vectors[:, some] / np.sqrt(values[some])) @ vectors[:, some].T / scale[:, None]
    return Quadratic(mean, turn, products)
