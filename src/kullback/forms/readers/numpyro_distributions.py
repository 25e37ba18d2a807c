"""numpyro.distributions, by their public attributes."""

from collections.abc import Callable, Mapping
from typing import Any

from kullback.errors import InputTypeError
from kullback.forms import families as f
from kullback.forms.density import Density
from kullback.forms.discrete import Logits, Probs
from kullback.forms.families.derived import Image, Sigmoid
from kullback.forms.families.derived.derived import expanded
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.forms.readers.jax_density import density, floating
from kullback.forms.readers.known import (
    as_law,
    independent,
    known_class,
    mixture,
    plain,
    two_logits,
)
from kullback.forms.readers.maps import Map, Step, mapped_by, through

PACKAGE = "numpyro.distributions"


def read(x: Any, name: str) -> Form | None:
    """Return the form of a numpyro distribution; None for what is none, such as a transform."""
    if type(x).__name__ in _REFUSED:
        raise InputTypeError(f"{name} is a {type(x).__name__}: {_REFUSED[type(x).__name__]}")
    kind = known_class(x, _READ, PACKAGE, "log_prob")
    if kind is not None:
        return _READ[kind](x)
    if not callable(getattr(x, "log_prob", None)):
        return None
    return _density(x)


_REFUSED = {
    "MaskedDistribution": "its log_prob is set to 0 where it is masked, which is no law. Pass "
    "its base_dist, and mask the answers.",
    "ImproperUniform": "its density does not integrate to 1.",
    "Unit": "it has no outcomes.",
}


def _part(x: Any) -> Form:
    form = read(x, type(x).__name__)
    assert form is not None
    return form


def _density(x: Any) -> Form:
    event = tuple(x.event_shape)
    return density(x, tuple(x.batch_shape), event, lambda key, n: x.sample(key, (n,)))


def _gamma_poisson(x: Any) -> Form:
    """A Poisson of Gamma rate: its counting ends with probability rate/(1 + rate)."""
    rate = floating(x.rate)
    return f.NegativeBinomial(floating(x.concentration), rate / (1 + rate))


def _negative_binomial_logits(x: Any) -> Form:
    """Its logits are those of what is counted."""
    import jax

    return f.NegativeBinomial(floating(x.total_count), jax.nn.sigmoid(-floating(x.logits)))


def _normal_vector(x: Any) -> Form:
    return f.MultivariateNormal(x.loc, scale_tril=x.scale_tril)


def _matrix_normal(x: Any) -> Form:
    rows, columns = (
        root @ root.swapaxes(-1, -2) for root in (x.scale_tril_row, x.scale_tril_column)
    )
    return f.MatrixNormal(x.loc, rows, columns)


def _random_walk(x: Any) -> Form:
    import jax.numpy as jnp

    steps = jnp.tril(jnp.ones((x.num_steps, x.num_steps)))
    scale = floating(x.scale)[..., None, None]
    return f.MultivariateNormal(scale_tril=scale * steps)


def _power_law(x: Any) -> Form:
    """∝ x^alpha above low."""
    return f.Pareto(-1 - floating(x.alpha), floating(x.low))


def _zero_inflated(x: Any, base: Form | None = None) -> Form:
    import jax.numpy as jnp

    gate = floating(x.gate)
    base = _part(x.base_dist) if base is None else base
    weights = jnp.stack([gate, 1 - gate], axis=-1)
    return f.Mixture(weights, (f.Delta(jnp.zeros_like(gate)), as_law(base)))


def _relaxed_bernoulli(x: Any) -> Form:
    temperature, logits = floating(x.temperature), floating(x.logits)
    return Sigmoid(f.Logistic(logits / temperature, 1 / temperature))


def _truncated(x: Any) -> Form:
    ends = (
        floating(getattr(x, name)) if hasattr(x, name) else end
        for name, end in (("low", -float("inf")), ("high", float("inf")))
    )
    return f.Truncated(as_law(_part(x.base_dist)), *ends).canonical()


def _mixture_same(x: Any) -> Form:
    return mixture(x.mixing_distribution.probs, _part(x.component_distribution))


def _mixture_general(x: Any) -> Form:
    parts = [_part(part) for part in x.component_distributions]
    if any(isinstance(part, Density) for part in parts):
        return _density(x)
    return f.Mixture(x.mixing_distribution.probs, tuple(as_law(part) for part in parts))


def _expanded(x: Any) -> Form:
    base = _part(x.base_dist)
    if isinstance(base, Density):
        return _density(x)
    law = expanded(as_law(base), tuple(x.batch_shape))
    return plain(law)


def _transformed(x: Any) -> Form:
    base = _part(x.base_dist)
    if isinstance(base, Density):
        return _density(x)
    known = _gaussian(base, x.transforms)
    if known is not None:
        return known
    found = mapped_by(as_law(base), [step for part in x.transforms for step in _steps(part)])
    if found is not None:
        return plain(found)
    if not all(getattr(part, "bijective", True) for part in x.transforms):
        return _density(x)
    return Image(as_law(base), _Maps(x.transforms), x.log_prob, through(x.transforms),
                 len(x.event_shape))  # fmt: skip


def _gaussian(base: Form, transforms: Any) -> Form | None:
    """Return the MultivariateNormal of independent Normals under a triangular map."""
    if len(transforms) != 1 or type(transforms[0]).__name__ != "LowerCholeskyAffine":
        return None
    law = base.canonical() if isinstance(base, f.Independent) else base
    if not isinstance(law, f.MultivariateNormal):
        return None
    root = transforms[0].scale_tril
    mean = transforms[0].loc + (root @ law.mean[..., None])[..., 0]
    return f.MultivariateNormal(mean, scale_tril=root @ law.root)


class _Maps:
    """Transforms in their order, equal to those that do the same."""

    def __init__(self, transforms: Any) -> None:
        self.transforms = list(transforms)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Maps) or len(other.transforms) != len(self.transforms):
            return False
        return all(bool(a == b) for a, b in zip(self.transforms, other.transforms, strict=True))

    def __hash__(self) -> int:
        return len(self.transforms)

    def __repr__(self) -> str:
        return ", ".join(type(part).__name__ for part in self.transforms)


_NAMED = {"ExpTransform": Map.EXP, "SigmoidTransform": Map.SIGMOID}


def _steps(transform: Any) -> list[Step]:
    """Return a transform as the maps we know, in their order."""
    kind = type(transform).__name__
    if kind == "IdentityTransform":
        return []
    if kind == "ComposeTransform":
        return [step for part in transform.parts for step in _steps(part)]
    if kind == "IndependentTransform":
        return _steps(transform.base_transform)
    if kind == "_InverseTransform":
        return [step.inverse() for step in reversed(_steps(transform.inv))]
    if kind == "AffineTransform":
        return [Step(Map.AFFINE, (transform.loc, transform.scale))]
    if kind == "PowerTransform":
        return [Step(Map.POWER, (transform.exponent,))]
    return [Step(_NAMED.get(kind, Map.OTHER))]


def _of(make: Callable[..., Family], *names: str) -> Callable[[Any], Form]:
    """Return what makes a family of attributes."""
    return lambda x: make(*(floating(getattr(x, name)) for name in names))


def _wishart(x: Any) -> Form:
    return f.Wishart(floating(x.concentration), x.scale_matrix)


def _inverse_wishart(x: Any) -> Form:
    return f.InverseWishart(floating(x.concentration), x.scale_matrix)


def _logits(x: Any) -> Form:
    return Logits(x.logits)


def _multinomial(x: Any) -> Form:
    return f.Multinomial(floating(x.total_count), x.probs)


def _delta(x: Any) -> Form:
    at = floating(x.v)
    return independent(f.Delta(at), len(x.event_shape))


_READ: Mapping[str, Callable[[Any], Form]] = {
    "BernoulliLogits": lambda x: two_logits(floating(x.logits)),
    "BernoulliProbs": _of(f.Bernoulli, "probs"),
    "Beta": _of(f.Beta, "concentration1", "concentration0"),
    "BetaBinomial": _of(f.BetaBinomial, "total_count", "concentration1", "concentration0"),
    "BinomialLogits": _of(f.Binomial, "total_count", "probs"),
    "BinomialProbs": _of(f.Binomial, "total_count", "probs"),
    "CategoricalLogits": _logits,
    "CategoricalProbs": lambda x: Probs(x.probs),
    "Cauchy": _of(f.Cauchy, "loc", "scale"),
    "Chi2": _of(f.ChiSquared, "df"),
    "Delta": _delta,
    "Dirichlet": _of(f.Dirichlet, "concentration"),
    "DiscreteUniform": _of(f.DiscreteUniform, "low", "high"),
    "ExpandedDistribution": _expanded,
    "Exponential": _of(f.Exponential, "rate"),
    "Gamma": _of(f.Gamma, "concentration", "rate"),
    "GammaPoisson": _gamma_poisson,
    "GaussianRandomWalk": _random_walk,
    "GeometricLogits": _of(f.Geometric, "probs"),
    "GeometricProbs": _of(f.Geometric, "probs"),
    "Gumbel": _of(f.Gumbel, "loc", "scale"),
    "HalfCauchy": _of(f.HalfCauchy, "scale"),
    "HalfNormal": _of(f.HalfNormal, "scale"),
    "Independent": lambda x: independent(_part(x.base_dist), x.reinterpreted_batch_ndims),
    "InverseGamma": _of(f.InverseGamma, "concentration", "rate"),
    "InverseWishart": _inverse_wishart,
    "Kumaraswamy": _of(f.Kumaraswamy, "concentration1", "concentration0"),
    "Laplace": _of(f.Laplace, "loc", "scale"),
    "LeftTruncatedDistribution": _truncated,
    "Levy": _of(f.Levy, "loc", "scale"),
    "LogNormal": _of(f.LogNormal, "loc", "scale"),
    "LogUniform": _of(f.LogUniform, "low", "high"),
    "Logistic": _of(f.Logistic, "loc", "scale"),
    "LowRankMultivariateNormal": lambda x: f.LowRankNormal(x.loc, x.cov_factor, x.cov_diag),
    "LowerTruncatedPowerLaw": _power_law,
    "MatrixNormal": _matrix_normal,
    "MixtureGeneral": _mixture_general,
    "MixtureSameFamily": _mixture_same,
    "MultinomialLogits": _multinomial,
    "MultinomialProbs": _multinomial,
    "MultivariateNormal": _normal_vector,
    "NegativeBinomialLogits": _negative_binomial_logits,
    "Normal": _of(f.Normal, "loc", "scale"),
    "OrderedLogistic": lambda x: Probs(x.probs),
    "Pareto": _of(f.Pareto, "alpha", "scale"),
    "Poisson": _of(f.Poisson, "rate"),
    "RelaxedBernoulliLogits": _relaxed_bernoulli,
    "RightTruncatedDistribution": _truncated,
    "SoftLaplace": lambda x: f.HyperbolicSecant(floating(x.loc), _HALF_PI * floating(x.scale)),
    "StudentT": _of(f.StudentT, "df", "loc", "scale"),
    "TransformedDistribution": _transformed,
    "TwoSidedTruncatedDistribution": _truncated,
    "Uniform": _of(f.Uniform, "low", "high"),
    "VonMises": _of(f.VonMises, "loc", "concentration"),
    "Weibull": _of(f.Weibull, "concentration", "scale"),
    "Wishart": _wishart,
    "ZeroInflatedLogits": _zero_inflated,
    "ZeroInflatedPoisson": lambda x: _zero_inflated(x, f.Poisson(floating(x.rate))),
    "ZeroInflatedProbs": _zero_inflated,
}

_HALF_PI = 1.5707963267948966
