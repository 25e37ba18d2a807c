"""Jensen–Shannon divergence of several distributions."""

from collections.abc import Sequence
from typing import Any

from kullback.arrays.checks import check_fit, check_probabilities
from kullback.arrays.namespace import check_same_home, library_of, namespace, widened
from kullback.arrays.stable import kl_terms, log_ratio
from kullback.forms.discrete import Discrete
from kullback.methods.exact.held import probabilities_of
from kullback.questions.kl import checked_weights


def several_js(forms: Sequence[Discrete], weights: Sequence[float] | None, axis: int) -> Any:
    """Return Σ wᵢ KL(pᵢ ‖ m), m = Σ wᵢ pᵢ, for each row."""
    n = len(forms)
    w = checked_weights([1 / n] * n if weights is None else weights, n)
    ps = []
    for i, form in enumerate(forms):
        p = probabilities_of(form, axis, f"p[{i}]")
        check_probabilities(p, f"p[{i}]")
        ps.append(widened(p))
    for p in ps[1:]:
        check_same_home(ps[0], p)
        check_fit(ps[0], p)
    xp = namespace(*ps)
    ps = list(xp.broadcast_arrays(*ps))
    total: Any = 0
    for p, weight in zip(ps, w, strict=True):
        # m − p as a sum of differences, so that nearly equal distributions keep their digits
        difference: Any = sum(
            v * (other - p) for v, other in zip(w, ps, strict=True) if other is not p
        )
        total = total + weight * kl_terms(p, _log_mean_ratio(p, difference), difference)
    value = xp.sum(total, axis=-1)
    return value[()] if library_of(value) == "numpy" else value


def _log_mean_ratio(p: Any, difference: Any) -> Any:
    """Return log(m/p) from m − p."""
    xp = namespace(p)
    some = p > 0
    share = difference / xp.where(some, p, xp.ones_like(p))
    small = some & (xp.abs(share) < 0.5)
    near = xp.log1p(xp.where(small, share, xp.zeros_like(share)))
    return xp.where(small, near, log_ratio(p, p + difference))
