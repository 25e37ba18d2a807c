"""The parts of a rate, and what they say in words."""

import math
from dataclasses import dataclass, field
from typing import Any

_SILENT = 0.01
"""Nats below which a dimension says nothing."""


@dataclass(frozen=True, eq=False)
class Dissection:
    """rate = mutual_information + total_correlation + Σ dimensions, in nats.

    Attributes
    ----------
    rate : float
        Mean KL(q(z | x) ‖ p), exact.
    mutual_information : float
        I(x; z) of the N inputs: at most log N.
    total_correlation : float
        KL of the aggregate from the product of its dimensions.
    dimensions : tensor, shape (d,)
        KL of each dimension of the aggregate from its prior.
    error : tuple
        Standard errors of the mutual information, the total correlation and the dimensions.
    rates : tensor, shape (d,)
        The rate by dimension.
    spread : tensor, shape (d,)
        The variance over inputs of the posterior mean.
    active : tensor of bool, shape (d,)
        Which dimensions move with the input.
    inputs : int
        N.
    """

    rate: float
    mutual_information: float
    total_correlation: float
    dimensions: Any
    error: tuple[Any, Any, Any] = field(repr=False)
    rates: Any
    spread: Any
    active: Any
    inputs: int

    @property
    def marginal(self) -> float:
        """KL of the aggregate from the prior."""
        return self.total_correlation + float(self.dimensions.sum())

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""
        notes, d = [], len(self.rates)
        silent = (self.rates < _SILENT).nonzero().flatten().tolist()
        if len(silent) == d:
            notes.append(
                f"The code has collapsed: none of its {d} dimensions holds {_SILENT} nats, so that "
                "every input has the prior for its posterior. A penalty that begins at 0 "
                "(learn.Anneal) or leaves some nats free (learn.FreeBits) is the remedy."
            )
        elif silent:
            which = ", ".join(str(j) for j in silent)
            notes.append(
                f"{len(silent)} of {d} dimensions hold less than {_SILENT} nats ({which}): they "
                "say nothing of the input."
            )
        if self.mutual_information > math.log(self.inputs) - 1:
            notes.append(
                f"The mutual information is close to log N = {math.log(self.inputs):.2f}, the most "
                f"that N = {self.inputs} inputs can show: of all inputs it may be larger."
            )
        return tuple(notes)

    def explain(self) -> str:
        """Say it in words."""
        information, correlation, each = self.error
        held = float(self.dimensions.sum())
        lines = [
            f"The code costs {self.rate:.3f} nats an input.",
            f"{self.mutual_information:.3f} ± {float(information):.3f} say which of the "
            f"{self.inputs} inputs it is,",
            f"{self.total_correlation:.3f} ± {float(correlation):.3f} are said twice, by "
            "dimensions that depend on each other,",
            f"{held:.3f} ± {float((each**2).sum().sqrt()):.3f} are paid because dimensions "
            "as a whole differ from their prior.",
            f"{int(self.active.sum())} of {len(self.active)} dimensions are active.",
        ]
        return "\n".join([*lines, *self.notes])

    def __repr__(self) -> str:
        """Show the sum."""
        return (
            f"Dissection(rate {self.rate:.3f} = mutual information {self.mutual_information:.3f} + "
            f"total correlation {self.total_correlation:.3f} + dimensions "
            f"{float(self.dimensions.sum()):.3f} nats, {int(self.active.sum())} of "
            f"{len(self.active)} dimensions active, N = {self.inputs})"
        )
