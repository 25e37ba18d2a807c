"""TensorFlow Probability's distributions on JAX, by their public attributes."""

from collections.abc import Callable, Mapping
from typing import Any

from kullback.forms import families as f
from kullback.forms.discrete import Logits, Probs
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.forms.readers.jax_density import density, floating
from kullback.forms.readers.known import independent, known_class, mixture, two_logits

PACKAGE = "tensorflow_probability.substrates.jax.distributions"


def read(x: Any, _name: str) -> Form | None:
    """Return the form of a distribution; None for what is none."""
    kind = known_class(x, _READ, PACKAGE, "log_prob")
    if kind is not None:
        return _READ[kind](x)
    if not callable(getattr(x, "log_prob", None)):
        return None
    return density(
        x,
        tuple(x.batch_shape),
        tuple(x.event_shape),
        lambda key, n: x.sample(n, seed=key),
        ends=(-float("inf"), float("inf")),
    )


def _part(x: Any) -> Form:
    form = read(x, type(x).__name__)
    assert form is not None
    return form


def _of(make: Callable[..., Family], *names: str) -> Callable[[Any], Form]:
    return lambda x: make(*(floating(getattr(x, name)) for name in names))


def _gave_logits(x: Any) -> bool:
    return x.parameters.get("probs") is None


def _bernoulli(x: Any) -> Form:
    return two_logits(floating(x.logits)) if _gave_logits(x) else f.Bernoulli(x.probs)


def _categorical(x: Any) -> Form:
    return Logits(x.logits) if _gave_logits(x) else Probs(x.probs)


def _triangle(x: Any) -> Form:
    return f.MultivariateNormal(x.mean(), scale_tril=x.scale.to_dense())


def _full(x: Any) -> Form:
    covariance = x.covariance()  # a product, symmetric but for rounding
    return f.MultivariateNormal(x.mean(), 0.5 * (covariance + covariance.swapaxes(-1, -2)))


def _independent(x: Any) -> Form:
    return independent(_part(x.distribution), int(x.reinterpreted_batch_ndims))


def _mixture(x: Any) -> Form:
    weights = x.mixture_distribution.probs_parameter()
    return mixture(weights, _part(x.components_distribution))


def _negative_binomial(x: Any) -> Form:
    """Its probs is that of what is counted; ours that of what ends the counting."""
    return f.NegativeBinomial(floating(x.total_count), 1 - x.probs_parameter())


def _truncated(x: Any) -> Form:
    return f.TruncatedNormal(*(floating(v) for v in (x.loc, x.scale, x.low, x.high)))


_READ: Mapping[str, Callable[[Any], Form]] = {
    "Bernoulli": _bernoulli,
    "Beta": _of(f.Beta, "concentration1", "concentration0"),
    "BetaBinomial": _of(f.BetaBinomial, "total_count", "concentration1", "concentration0"),
    "Categorical": _categorical,
    "Cauchy": _of(f.Cauchy, "loc", "scale"),
    "Chi": _of(f.Chi, "df"),
    "Chi2": _of(f.ChiSquared, "df"),
    "Dirichlet": _of(f.Dirichlet, "concentration"),
    "Exponential": _of(f.Exponential, "rate"),
    "Gamma": _of(f.Gamma, "concentration", "rate"),
    "GeneralizedNormal": _of(f.GeneralizedNormal, "loc", "scale", "power"),
    "GeneralizedPareto": _of(f.GeneralizedPareto, "loc", "scale", "concentration"),
    "Gumbel": _of(f.Gumbel, "loc", "scale"),
    "HalfCauchy": lambda x: f.Affine(f.HalfCauchy(floating(x.scale)), floating(x.loc), 1.0),
    "HalfNormal": _of(f.HalfNormal, "scale"),
    "Independent": _independent,
    "InverseGamma": _of(f.InverseGamma, "concentration", "scale"),
    "InverseGaussian": _of(f.InverseGaussian, "loc", "concentration"),
    "Kumaraswamy": _of(f.Kumaraswamy, "concentration1", "concentration0"),
    "Laplace": _of(f.Laplace, "loc", "scale"),
    "LogLogistic": lambda x: f.Exp(f.Logistic(floating(x.loc), floating(x.scale))).canonical(),
    "LogNormal": _of(f.LogNormal, "loc", "scale"),
    "Logistic": _of(f.Logistic, "loc", "scale"),
    "LogitNormal": _of(f.LogitNormal, "loc", "scale"),
    "MixtureSameFamily": _mixture,
    "Moyal": _of(f.Moyal, "loc", "scale"),
    "MultivariateNormalDiag": _triangle,
    "MultivariateNormalFullCovariance": _full,
    "MultivariateNormalTriL": _triangle,
    "NegativeBinomial": _negative_binomial,
    "Normal": _of(f.Normal, "loc", "scale"),
    "OneHotCategorical": _categorical,
    "Pareto": _of(f.Pareto, "concentration", "scale"),
    "Poisson": lambda x: f.Poisson(x.rate_parameter()),
    "Skellam": lambda x: f.Skellam(x.rate1_parameter(), x.rate2_parameter()),
    "StudentT": _of(f.StudentT, "df", "loc", "scale"),
    "TruncatedNormal": _truncated,
    "Uniform": _of(f.Uniform, "low", "high"),
    "VonMises": _of(f.VonMises, "loc", "concentration"),
    "VonMisesFisher": lambda x: f.VonMisesFisher(x.mean_direction, x.concentration),
    "Weibull": _of(f.Weibull, "concentration", "scale"),
    "Zipf": _of(f.Zipf, "power"),
}
