"""Frozen scipy.stats laws of vectors and matrices."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from kullback.errors import InputTypeError
from kullback.forms import families as f
from kullback.forms.density import Density
from kullback.forms.form import Form


def read_vectors(x: Any, name: str) -> Form:
    """Return the form of a frozen law of vectors or matrices."""
    kind = type(x).__name__.removesuffix("_frozen")
    if kind in _READ:
        return _READ[kind](x)
    log = next((getattr(x, n) for n in ("logpdf", "logpmf") if hasattr(x, n)), None)
    if log is None:
        raise InputTypeError(
            f"{name} is a frozen scipy.stats.{kind}, which has no density to compare."
        )
    size = int(np.atleast_1d(getattr(x, "dim", 1))[0])
    return Density(
        log,
        -np.inf,
        np.inf,
        discrete=hasattr(x, "logpmf"),
        draw=_drawer(x) if hasattr(x, "rvs") else None,
        dimensions=1,
        event_size=size,
    )


def _drawer(x: Any) -> Callable[[Any, int], Any]:
    return lambda rng, n: x.rvs(size=n, random_state=rng)


def _kernels(x: Any) -> Form:
    """Return the mixture of one Normal around each point."""
    if x.d == 1:
        return f.Mixture(x.weights, f.Normal(x.dataset[0], np.sqrt(x.covariance[0, 0])))
    return f.Mixture(x.weights, f.MultivariateNormal(x.dataset.T, x.covariance))


def _inverse_gamma(x: Any) -> Form:
    mean, factor, shape, scale = (np.asarray(v, np.float64) for v in x._shapes)
    return f.NormalInverseGamma(mean, factor, shape, scale)


_READ: Mapping[str, Callable[[Any], Form]] = {
    "dirichlet": lambda x: f.Dirichlet(x.alpha),
    "gaussian_kde": _kernels,
    "invwishart": lambda x: f.InverseWishart(float(x.df), x.scale),
    "matrix_normal": lambda x: f.MatrixNormal(x.mean, x.rowcov, x.colcov),
    "multinomial": lambda x: f.Multinomial(np.asarray(x.n, np.float64), x.p),
    "multivariate_normal": lambda x: f.MultivariateNormal(x.mean, x.cov_object.covariance),
    "normal_inverse_gamma": _inverse_gamma,
    "uniform_direction": lambda x: f.SphereUniform(float(x.dim)),
    "vonmises_fisher": lambda x: f.VonMisesFisher(x.mu, float(x.kappa)),
    "wishart": lambda x: f.Wishart(float(x.df), x.scale),
}
