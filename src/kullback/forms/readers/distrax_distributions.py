"""distrax distributions, by their public attributes."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from kullback.errors import InputTypeError
from kullback.forms import families as f
from kullback.forms.density import Density
from kullback.forms.discrete import Logits, Probs
from kullback.forms.families.derived import Image
from kullback.forms.form import Form
from kullback.forms.readers.jax_density import density, floating
from kullback.forms.readers.known import (
    as_law,
    independent,
    known_class,
    mixture,
    plain,
    probabilities,
    two_logits,
)
from kullback.forms.readers.maps import Map, Step, mapped_by

PACKAGE = "distrax"


def read(x: Any, name: str) -> Form | None:
    """Return the form of a distrax distribution; None for what is none, such as a bijector."""
    if type(x).__name__ in _REFUSED:
        raise InputTypeError(f"{name} is a {type(x).__name__}: {_REFUSED[type(x).__name__]}")
    kind = known_class(x, _READ, PACKAGE, "log_prob")
    if kind is not None:
        return _READ[kind](x)
    if not callable(getattr(x, "log_prob", None)):
        return None
    return _density(x)


_CLIPPED = (
    "it has both a density and mass at its ends, which no measure here covers. Compare its "
    "unclipped law."
)
_REFUSED = {"ClippedNormal": _CLIPPED, "ClippedLogistic": _CLIPPED, "Clipped": _CLIPPED}


def _part(x: Any) -> Form:
    """Return a part's form; parts may be of TFP's, which distrax accepts."""
    from kullback.forms.readers import read as read_any

    form = read_any(x, type(x).__name__)
    if form is None:
        raise InputTypeError(f"A part is a {type(x).__name__}, which is no distribution.")
    return form


def _density(x: Any) -> Form:
    ends = (-math.inf, math.inf)
    discrete = type(x).__name__ == "Quantized"
    if discrete:
        ends = (-math.inf if x.low is None else x.low, math.inf if x.high is None else x.high)
    elif type(x).__name__ == "CategoricalUniform":
        ends = (0.0, 1.0)
    return density(
        x, tuple(x.batch_shape), tuple(x.event_shape), lambda key, n: _sampled(x, key, n),
        ends=ends, discrete=discrete,
    )  # fmt: skip


def _sampled(x: Any, key: Any, n: int) -> Any:
    return x.sample(seed=key, sample_shape=(n,))


def _gave_logits(x: Any) -> bool:
    return getattr(x, "_probs", None) is None


def _bernoulli(x: Any) -> Form:
    return two_logits(x.logits) if _gave_logits(x) else f.Bernoulli(x.probs)


def _categorical(x: Any) -> Form:
    return Logits(x.logits) if _gave_logits(x) else Probs(x.probs)


def _diagonal(x: Any) -> Form:
    scale = x.scale_diag
    return f.MultivariateNormal(x.loc, variances=scale * scale)


def _full(x: Any) -> Form:
    covariance = x.covariance()  # a product, symmetric but for rounding
    return f.MultivariateNormal(x.loc, 0.5 * (covariance + covariance.swapaxes(-1, -2)))


def _two(x: Any) -> Form:
    import jax.numpy as jnp

    weights = jnp.stack([floating(x.prob_a), 1 - floating(x.prob_a)], axis=-1)
    parts = [_part(part) for part in (x._component_a, x._component_b)]
    if any(isinstance(part, Density) for part in parts):
        return _density(x)
    return f.Mixture(weights, tuple(as_law(part) for part in parts))


def _mixture(x: Any) -> Form:
    weights = _part(x.mixture_distribution)
    return mixture(probabilities(weights), _part(x.components_distribution))  # type: ignore[arg-type]


def _joint(x: Any) -> Form:
    import jax

    parts = jax.tree_util.tree_leaves(
        x.distributions, is_leaf=lambda part: callable(getattr(part, "log_prob", None))
    )
    return f.Product(tuple(as_law(_part(part)) for part in parts))


def _transformed(x: Any) -> Form:
    base = _part(x.distribution)
    if isinstance(base, Density):
        return _density(x)
    steps = _steps(x.bijector)
    found = mapped_by(as_law(base), steps)
    if found is not None:
        return plain(found)
    return Image(as_law(base), _Map(x.bijector), x.log_prob, x.bijector.forward,
                 len(x.event_shape))  # fmt: skip


class _Map:
    """A bijector, the same as those that distrax says are."""

    def __init__(self, bijector: Any) -> None:
        self.bijector = bijector

    def same_as(self, other: Any) -> bool:
        """Tell whether another is known to be the same map."""
        return isinstance(other, _Map) and bool(self.bijector.same_as(other.bijector))

    def __repr__(self) -> str:
        return str(getattr(self.bijector, "name", type(self.bijector).__name__))


def _steps(bijector: Any) -> list[Step]:
    """Return a bijector as the maps we know, in their order."""
    kind = type(bijector).__name__
    if kind == "Chain":  # the last is applied first
        return [step for part in reversed(bijector.bijectors) for step in _steps(part)]
    if kind == "Inverse":
        return [step.inverse() for step in reversed(_steps(bijector._bijector))]
    if kind == "Block":
        return _steps(bijector.bijector)
    if kind == "ScalarAffine":
        return [Step(Map.AFFINE, (bijector.shift, bijector.scale))]
    if kind == "Shift":
        return [Step(Map.AFFINE, (bijector.shift, 1.0))]
    if kind == "Sigmoid":
        return [Step(Map.SIGMOID)]
    if kind == "Tanh":
        return Step.tanh()
    if kind == "Lambda":
        name = getattr(getattr(bijector, "_forward", None), "__name__", "")
        return [Step({"exp": Map.EXP, "log": Map.LOG}.get(name, Map.OTHER))]
    if "Exp" in str(getattr(bijector, "name", "")).title().split("_"):
        return [Step(Map.EXP)]
    return [Step(Map.OTHER)]


_READ: Mapping[str, Callable[[Any], Form]] = {
    "Bernoulli": _bernoulli,
    "Beta": lambda x: f.Beta(x.alpha, x.beta),
    "Categorical": _categorical,
    "Deterministic": lambda x: f.Delta(floating(x.loc)),
    "Dirichlet": lambda x: f.Dirichlet(x.concentration),
    "Gamma": lambda x: f.Gamma(x.concentration, x.rate),
    "Gumbel": lambda x: f.Gumbel(x.loc, x.scale),
    "Independent": lambda x: independent(_part(x.distribution), x.reinterpreted_batch_ndims),
    "Joint": _joint,
    "Laplace": lambda x: f.Laplace(x.loc, x.scale),
    "LogStddevNormal": lambda x: f.Normal(x.loc, x.scale),
    "Logistic": lambda x: f.Logistic(x.loc, x.scale),
    "MixtureOfTwo": _two,
    "MixtureSameFamily": _mixture,
    "Multinomial": lambda x: f.Multinomial(floating(x.total_count), x.probs),
    "MultivariateNormalDiag": _diagonal,
    "MultivariateNormalFromBijector": _full,
    "Normal": lambda x: f.Normal(x.loc, x.scale),
    "OneHotCategorical": _categorical,
    "Transformed": _transformed,
    "Uniform": lambda x: f.Uniform(x.low, x.high),
    "VonMises": lambda x: f.VonMises(x.loc, x.concentration),
}
