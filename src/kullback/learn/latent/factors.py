"""Factors of variation: what is known of each input, to hold its code against."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.ranks import Ranks


@dataclass(frozen=True, eq=False)
class Factors:
    """K factors of N inputs.

    Attributes
    ----------
    names : tuple of str
        What they are called.
    values : tuple of int tensors, shape (N,)
        Which of its values, in their order, a factor has of each input.
    entropy : tensor, shape (K,)
        H(vₖ) over the N inputs, nats.
    """

    names: tuple[str, ...]
    values: tuple[Any, ...]
    entropy: Any


def read_factors(given: Any, inputs: int, ranks: Ranks) -> Factors:
    """Return the factors of all ranks' inputs, or raise for what tells nothing.

    Parameters
    ----------
    given : dict of name to N values, or array, shape (N, K)
        Numbers or words; a value is a class.
    inputs : int
        N, of all ranks together.
    """
    columns = _columns(given)
    values, entropies = [], []
    for name, column in columns.items():
        whole = np.concatenate(ranks.gathered(column))
        if whole.shape != (inputs,):
            raise ShapeError(f"The factor {name} has {whole.size} values for {inputs} inputs.")
        if whole.dtype.kind == "f" and np.isnan(whole).any():
            raise InvalidInputError(f"The factor {name} is NaN of {np.isnan(whole).sum()} inputs.")
        found, which, counts = np.unique(whole, return_inverse=True, return_counts=True)
        if len(found) == 1:
            raise InvalidInputError(
                f"The factor {name} is {found[0]} of all {inputs} inputs: there is nothing to know "
                "of it. Leave it out."
            )
        if len(found) == inputs:
            raise InvalidInputError(
                f"The factor {name} has {inputs} values for {inputs} inputs: that names the "
                "input. Round it to values that several inputs share."
            )
        values.append(torch.as_tensor(which))
        entropies.append(torch.special.entr(torch.as_tensor(counts / inputs)).sum())
    return Factors(tuple(columns), tuple(values), torch.stack(entropies))


def _columns(given: Any) -> dict[str, Any]:
    """Return each factor's values by its name."""
    if isinstance(given, Mapping):
        columns = {str(name): _plain(column) for name, column in given.items()}
    else:
        table = _plain(given)
        if table.ndim != 2:
            raise ShapeError(
                f"The factors have shape {table.shape}; (N, K) is needed, or a dict of names."
            )
        columns = {f"factor {k}": table[:, k] for k in range(table.shape[1])}
    if not columns:
        raise InvalidInputError("No factor is given.")
    for name, column in columns.items():
        if column.ndim != 1:
            raise ShapeError(f"The factor {name} has shape {column.shape}; (N,) is needed.")
    return columns


def _plain(x: Any) -> Any:
    return x.detach().cpu().numpy() if torch.is_tensor(x) else np.asarray(x)
