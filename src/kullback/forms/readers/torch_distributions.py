"""torch.distributions, by their public attributes; tensors stay on their graph."""

from collections.abc import Callable, Mapping
from typing import Any

from kullback.errors import InputTypeError
from kullback.forms import families as f
from kullback.forms.density import Density
from kullback.forms.discrete import Logits, Probs
from kullback.forms.families.derived import Image, Sigmoid
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.forms.readers.known import (
    as_law,
    independent,
    known_class,
    mixture,
    plain,
    two_logits,
)
from kullback.forms.readers.maps import Map, Step, mapped_by, through

PACKAGE = "torch.distributions"


def read(x: Any, name: str) -> Form | None:
    """Return the form of a torch distribution; None for what is none, such as a transform."""
    kind = known_class(x, _READ, PACKAGE, "log_prob")
    if kind is not None:
        return _READ[kind](x)
    if not callable(getattr(x, "log_prob", None)):
        return None
    return _density(x, name)


def _part(x: Any) -> Form:
    form = read(x, type(x).__name__)
    assert form is not None
    return form


def _gave_logits(x: Any) -> bool:
    """Tell whether the user gave logits; torch computes the other side when it is first used."""
    held = vars(x)
    if "logits" in held and "probs" in held:
        return getattr(x, "_param", None) is held["logits"]
    return "logits" in held


def _bernoulli(x: Any) -> Form:
    return two_logits(x.logits) if _gave_logits(x) else f.Bernoulli(x.probs)


def _categorical(x: Any) -> Form:
    return Logits(x.logits) if _gave_logits(x) else Probs(x.probs)


def _one_hot(x: Any) -> Form:
    inner = getattr(x, "_categorical", None)
    return Logits(x.logits) if inner is None or _gave_logits(inner) else Probs(x.probs)


def _negative_binomial(x: Any) -> Form:
    """Torch's probs is that of what is counted; ours that of what ends the counting."""
    fail = (-x.logits).sigmoid() if _gave_logits(x) else 1 - x.probs
    return f.NegativeBinomial(x.total_count, fail)


def _student(x: Any) -> Form:
    return f.StudentT(x.df, x.loc, x.scale)


def _fisher(x: Any) -> Form:
    half1, half2 = 0.5 * x.df1, 0.5 * x.df2
    return f.Affine(f.BetaPrime(half1, half2), 0.0, x.df2 / x.df1)


def _normal_vector(x: Any) -> Form:
    return f.MultivariateNormal(x.loc, scale_tril=getattr(x, "_unbroadcasted_scale_tril", None))


def _multinomial(x: Any) -> Form:
    return f.Multinomial(float(x.total_count), x.probs)


def _relaxed_bernoulli(x: Any) -> Form:
    return Sigmoid(_logit_relaxed(x.base_dist))


def _logit_relaxed(x: Any) -> Family:
    return f.Logistic(x.logits / x.temperature, 1 / x.temperature)


def _mixture(x: Any) -> Form:
    return mixture(x.mixture_distribution.probs, _part(x.component_distribution))


def _transformed(x: Any) -> Form:
    base = _part(x.base_dist)
    if isinstance(base, Density):
        return _density(x, type(x).__name__)
    steps = [step for transform in x.transforms for step in _steps(transform)]
    found = mapped_by(as_law(base), steps)
    if found is not None:
        return plain(found)
    if not all(transform.bijective for transform in x.transforms):
        return _density(x, type(x).__name__)
    return Image(
        as_law(base), _Maps(x.transforms), _log_prob(x), through(x.transforms), len(x.event_shape)
    )


class _Maps:
    """Transforms in their order, equal to those that do the same."""

    def __init__(self, transforms: Any) -> None:
        self.transforms = list(transforms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Maps) and self.transforms == other.transforms

    def __hash__(self) -> int:
        return len(self.transforms)

    def __repr__(self) -> str:
        return ", ".join(map(repr, self.transforms))


def _steps(transform: Any) -> list[Step]:
    """Return a transform as the maps we know, in their order."""
    kind = type(transform).__name__
    if kind == "ComposeTransform":
        return [step for part in transform.parts for step in _steps(part)]
    if kind == "IndependentTransform":
        return _steps(transform.base_transform)
    if kind in ("_InverseTransform", "Inverse"):  # zuko, where it is loaded, renames torch's class
        return [step.inverse() for step in reversed(_steps(transform.inv))]
    if kind == "AffineTransform":
        return [Step(Map.AFFINE, (transform.loc, transform.scale))]
    if kind == "PowerTransform":
        return [Step(Map.POWER, (transform.exponent,))]
    if kind == "TanhTransform":
        return Step.tanh()
    named = {"ExpTransform": Map.EXP, "SigmoidTransform": Map.SIGMOID}
    return [Step(named.get(kind, Map.OTHER))]


def _log_prob(x: Any) -> Callable[[Any], Any]:
    """Return log_prob, −∞ outside the support instead of an error."""

    def log_prob(y: Any) -> Any:
        import torch

        try:
            inside = x.support.check(y)
        except NotImplementedError:
            return x.log_prob(y)
        extra = y.ndim - inside.ndim
        # inside needs only be known: the sample is asked of the object itself, so it fits it
        harmless = x.sample() if not bool(inside.all()) else y
        y = torch.where(inside[(...,) + (None,) * extra], y, harmless)
        value = x.log_prob(y)
        return torch.where(inside, value, torch.full_like(value, -torch.inf))

    return log_prob


def _density(x: Any, name: str) -> Form:
    """Return what is known by its log_prob alone, with the ends of its support."""
    import torch

    try:
        support = x.support
    except NotImplementedError:
        raise InputTypeError(
            f"{name} is a {type(x).__name__} that does not tell its support. Pass "
            f"kb.Density(x.log_prob, low, high)."
        ) from None
    low, high = _ends(support)
    like = _some_tensor(x)
    batch = tuple(x.batch_shape)
    low, high = (
        torch.as_tensor(end, dtype=like.dtype, device=like.device).expand(batch)
        for end in (low, high)
    )
    return Density(
        _log_prob(x),
        low,
        high,
        discrete=bool(support.is_discrete),
        draw=_drawer(x),
        dimensions=len(x.event_shape),
        event_size=x.event_shape[-1] if x.event_shape else 1,
    )


def _ends(support: Any) -> tuple[Any, Any]:
    inner = getattr(support, "base_constraint", support)
    inner = getattr(inner, "base_constraint", inner)
    low = getattr(inner, "lower_bound", -float("inf"))
    high = getattr(inner, "upper_bound", float("inf"))
    if type(inner).__name__ == "_Boolean":
        return 0.0, 1.0
    return low, high


def _some_tensor(x: Any) -> Any:
    import torch

    for name in getattr(x, "arg_constraints", {}):
        value = getattr(x, name, None)
        if isinstance(value, torch.Tensor):
            return value
    inner = getattr(x, "base_dist", None)
    return torch.empty(0) if inner is None else _some_tensor(inner)


def _drawer(x: Any) -> Callable[[Any, int], Any]:
    def draw(rng: Any, n: int) -> Any:
        import torch

        with torch.random.fork_rng():
            torch.manual_seed(int(rng.integers(2**62)))
            return x.sample((n,)).detach().cpu().numpy()

    return draw


_READ: Mapping[str, Callable[[Any], Form]] = {
    "Bernoulli": _bernoulli,
    "Beta": lambda x: f.Beta(x.concentration1, x.concentration0),
    "Binomial": lambda x: f.Binomial(x.total_count, x.probs),
    "Categorical": _categorical,
    "Cauchy": lambda x: f.Cauchy(x.loc, x.scale),
    "Chi2": lambda x: f.ChiSquared(x.df),
    "ContinuousBernoulli": lambda x: f.ContinuousBernoulli(x.probs),
    "Dirichlet": lambda x: f.Dirichlet(x.concentration),
    "Exponential": lambda x: f.Exponential(x.rate),
    "FisherSnedecor": _fisher,
    "Gamma": lambda x: f.Gamma(x.concentration, x.rate),
    "GeneralizedPareto": lambda x: f.GeneralizedPareto(x.loc, x.scale, x.concentration),
    "Geometric": lambda x: f.Geometric(x.probs),
    "Gumbel": lambda x: f.Gumbel(x.loc, x.scale),
    "HalfCauchy": lambda x: f.HalfCauchy(x.scale),
    "HalfNormal": lambda x: f.HalfNormal(x.scale),
    "Independent": lambda x: independent(_part(x.base_dist), x.reinterpreted_batch_ndims),
    "InverseGamma": lambda x: f.InverseGamma(x.concentration, x.rate),
    "Kumaraswamy": lambda x: f.Kumaraswamy(x.concentration1, x.concentration0),
    "Laplace": lambda x: f.Laplace(x.loc, x.scale),
    "LogNormal": lambda x: f.LogNormal(x.loc, x.scale),
    "LogitRelaxedBernoulli": _logit_relaxed,
    "LowRankMultivariateNormal": lambda x: f.LowRankNormal(x.loc, x.cov_factor, x.cov_diag),
    "MixtureSameFamily": _mixture,
    "Multinomial": _multinomial,
    "MultivariateNormal": _normal_vector,
    "NegativeBinomial": _negative_binomial,
    "Normal": lambda x: f.Normal(x.loc, x.scale),
    "OneHotCategorical": _one_hot,
    "OneHotCategoricalStraightThrough": _one_hot,
    "Pareto": lambda x: f.Pareto(x.alpha, x.scale),
    "Poisson": lambda x: f.Poisson(x.rate),
    "RelaxedBernoulli": _relaxed_bernoulli,
    "StudentT": _student,
    "TransformedDistribution": _transformed,
    "Uniform": lambda x: f.Uniform(x.low, x.high),
    "VonMises": lambda x: f.VonMises(x.loc, x.concentration),
    "Weibull": lambda x: f.Weibull(x.concentration, x.scale),
    "Wishart": lambda x: f.Wishart(x.df, x.covariance_matrix),
}
