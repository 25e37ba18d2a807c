"""A fit as plain numbers and tensors, kept by `torch.save`, from which `fit(resume=)` goes on."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError
from kullback.learn.variational.descend import Descent
from kullback.learn.variational.family import Family
from kullback.learn.variational.frame import Frame
from kullback.learn.variational.rounds import Round, Stand
from kullback.learn.variational.stochastic import Climb

_FORMAT = 1


def saved(
    stand: Stand | None, family: Family, dim: int, by_steps: bool, seed: int
) -> dict[str, Any]:
    """Return what a search needs to go on; without a stand, that it begins with its seed."""
    return {
        "format": _FORMAT,
        "family": str(family),
        "dim": dim,
        "by_steps": by_steps,
        "seed": seed,
        "stand": None
        if stand is None
        else {
            "frame": _parts(stand.frame),
            "params": stand.params,
            "path": [asdict(one) for one in stand.path],
            "inner": None if stand.inner is None else _parts(stand.inner),
        },
    }


def restored(
    state: Mapping[str, Any], family: Family, dim: int, by_steps: bool
) -> tuple[Stand | None, int]:
    """Return the stand and the seed.

    Raises
    ------
    InputTypeError, InvalidInputError
        If it is no state of a fit, or that of another family, dimension or objective.
    """
    if not isinstance(state, Mapping) or state.get("format") != _FORMAT:
        raise InputTypeError(
            f"resume={state!r:.80}: the state_dict() of a fit by this version is needed."
        )
    if (state["family"], state["dim"]) != (str(family), dim):
        raise InvalidInputError(
            f"resume= holds a fit of {state['dim']} parameters by {state['family']}; this one is "
            f"of {dim} by {family}."
        )
    if state["by_steps"] != by_steps:
        raise InvalidInputError(
            f"resume= holds a fit {'with' if state['by_steps'] else 'without'} data=; this one is "
            f"{'with' if by_steps else 'without'}."
        )
    stand = state["stand"]
    if stand is None:
        return None, state["seed"]
    inner = stand["inner"]
    return (
        Stand(
            Frame(**stand["frame"]),
            stand["params"],
            tuple(Round(**one) for one in stand["path"]),
            None if inner is None else _inner(**inner),
        ),
        state["seed"],
    )


def _parts(of: Any) -> dict[str, Any]:
    return {one.name: getattr(of, one.name) for one in fields(of)}


def _inner(**parts: Any) -> Descent | Climb:
    if "pairs" in parts:
        return Descent(**{**parts, "pairs": tuple(map(tuple, parts["pairs"]))})
    return Climb(**parts)
