"""The mean and the covariance of vectors."""

from typing import Any

import numpy as np

from kullback.errors import InvalidInputError
from kullback.forms import Samples
from kullback.forms.coerce import coerce
from kullback.forms.families import LowRankNormal, Mixture, MultivariateNormal
from kullback.forms.form import Form
from kullback.methods.laws import constant


def mean_and_covariance(p: Any) -> tuple[MultivariateNormal, Form | None]:
    """Return N(E x, Cov x), and p as a law: None for draws.

    Raises
    ------
    InvalidInputError
        A law whose covariance is not known; draws that lie in fewer dimensions than they have.
    """
    form = coerce(p, "p")
    if isinstance(form, Samples):
        w = np.full(form.n, 1 / form.n) if form.weights is None else form.weights
        m = w @ form.array
        apart = form.array - m
        return MultivariateNormal(m, (apart * w[:, None]).T @ apart), None
    law = constant(form)
    m, spread = _moments(law)
    return MultivariateNormal(m, spread), law


def _moments(law: Any) -> tuple[Any, Any]:
    """Return E x and Cov x = E Cov + Cov E over the parts of a mixture."""
    if isinstance(law, Mixture):
        w = np.asarray(law.weights)
        each = [_moments(part) for part in law.parts]
        m = sum(a * x for a, (x, _) in zip(w, each, strict=True))
        spread = sum(a * (s + np.outer(x - m, x - m)) for a, (x, s) in zip(w, each, strict=True))
        return m, spread
    if isinstance(law, LowRankNormal):
        law = law.dense
    if not isinstance(law, MultivariateNormal) or law.batch:
        raise InvalidInputError(
            f"p is {law!r}: the covariance of draws, normal laws and their mixtures is known, one "
            "at a time. Of another law project its draws: kb.Samples(x)."
        )
    return law.mean, np.asarray(law.dense())
