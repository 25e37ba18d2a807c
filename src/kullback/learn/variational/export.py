"""A fit as draws for ArviZ."""

import inspect
import re
from collections import defaultdict
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kullback.errors import MissingExtraError

if TYPE_CHECKING:
    from kullback.learn.variational.result import Fit


def to_arviz(fit: "Fit", n: int, rng: Any) -> Any:
    """Return one chain of n draws: a DataTree (ArviZ 1) or an InferenceData (ArviZ 0)."""
    try:
        arviz = import_module("arviz")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "Fit.to_arviz() hands draws to ArviZ, which is not installed: "
            "pip install 'kullback[arviz]'"
        ) from error
    posterior = variables(fit.names, fit.draws(n, rng).detach().cpu().numpy()[None])
    facts = {
        "inference_library": "kullback",
        "family": str(fit.family),
        **{name: getattr(fit, name) for name in _FACTS},
    }
    if "posterior" in inspect.signature(arviz.from_dict).parameters:
        return arviz.from_dict(posterior=posterior, posterior_attrs=facts)
    return arviz.from_dict({"posterior": posterior}, attrs={"posterior": facts})


_FACTS = ("elbo", "elbo_error", "log_evidence", "log_evidence_error", "khat")


def variables(names: tuple[str, ...], draws: Any) -> dict[str, Any]:
    """Return draws by variable, from (…, dim): x[0], x[1], … become one x, (…, 2).

    >>> import numpy as np
    >>> found = variables(("a", "b[0]", "b[1]"), np.zeros((1, 5, 3)))
    >>> {name: values.shape for name, values in found.items()}
    {'a': (1, 5), 'b': (1, 5, 2)}
    """
    vectors = _vectors(names)
    inside = {column for columns in vectors.values() for column in columns}
    found = {}
    for i, name in enumerate(names):
        if i not in inside:
            found[name] = draws[..., i]
        elif (base := name.rpartition("[")[0]) not in found:
            found[base] = draws[..., vectors[base]]
    return found


def _vectors(names: tuple[str, ...]) -> dict[str, list[int]]:
    """The columns of each name whose indices are 0, 1, …, k − 1, in the order of the indices."""
    places: dict[str, dict[int, int]] = defaultdict(dict)
    for column, name in enumerate(names):
        if match := re.fullmatch(r"(.+)\[(\d+)\]", name):
            places[match[1]][int(match[2])] = column
    return {
        base: [column for _, column in sorted(given.items())]
        for base, given in places.items()
        if base not in names and sorted(given) == list(range(len(given)))
    }
