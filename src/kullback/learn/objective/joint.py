"""A log-density that need not be normalised, asked at draws."""

from collections.abc import Callable
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.terms.draws import Law

LogJoint = Callable[[Any], Any]


def asked(log_joint: LogJoint, x: Any, law: Law, holes: bool = False) -> Any:
    """Return log_joint(x), shape (n, *batch), or raise.

    Parameters
    ----------
    holes : bool
        Whether −∞ is an answer.
    """
    if not callable(log_joint):
        raise InputTypeError(
            f"log_joint is a {type(log_joint).__name__}; a function of draws is needed."
        )
    value = log_joint(x)
    wanted = (x.shape[0], *law.batch)
    if not torch.is_tensor(value) or tuple(value.shape) != wanted:
        shape = tuple(getattr(value, "shape", ()))
        raise ShapeError(
            f"log_joint returns shape {shape} for draws of shape {tuple(x.shape)}; one number for "
            f"each draw of each law is needed, {wanted}. Where each row of q is one number of a "
            "vector, torch.distributions.Independent(q, 1) is the law of the vector."
        )
    held = value.detach()
    bad = ~torch.isfinite(held) & ~(holes & torch.isneginf(held))
    if bool(bad.any()):
        first = float(held[bad][0])
        raise InvalidInputError(
            f"log_joint is {first} at {int(bad.sum())} of {held.numel()} draws of q, such as "
            f"{x.detach()[bad][0].tolist()}. Where it is −inf, q must have no mass there: its "
            "support, or a bijection, must keep it out."
        )
    return value
