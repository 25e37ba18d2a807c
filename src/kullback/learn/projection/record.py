"""What a projection found."""

import math
from dataclasses import dataclass
from typing import Any, Literal

from kullback.forms.families.family import Family
from kullback.learn.projection.points import Mode

Direction = Literal["forward", "reverse"]
DROPPED = 0.1
"""A mode is dropped where q puts less than this share of the mass that p has there."""


@dataclass(frozen=True)
class Optimum:
    """One place where the divergence has a minimum.

    Attributes
    ----------
    law : Family
        The member.
    kl : float
        The divergence there, nats; NaN where p is known by its draws only.
    starts : int
        How many of the descents ended here.
    modes : tuple of Mode
        The modes of p, with what this member puts in the basin of each.
    """

    law: Family
    kl: float
    starts: int
    modes: tuple[Mode, ...] = ()

    @property
    def dropped(self) -> tuple[Mode, ...]:
        """The modes in whose basin q puts less than a tenth of what p does."""
        return tuple(m for m in self.modes if m.covered < DROPPED * m.mass)


@dataclass(frozen=True, repr=False)
class Projection:
    """The member of a family nearest to p, in a direction.

    Attributes
    ----------
    direction : str
        "forward" for KL(p ‖ q), "reverse" for KL(q ‖ p).
    optima : tuple of Optimum
        All minima found, the best first.
    how : str
        How they were found.
    cross_entropy : float
        −E_p log q of the best, nats, forward only; NaN if reverse. Of draws it stands in for KL,
        from which it differs by the entropy of p alone.
    """

    direction: Direction
    optima: tuple[Optimum, ...]
    how: str
    cross_entropy: float = math.nan

    @property
    def law(self) -> Family:
        """The nearest member."""
        return self.optima[0].law

    @property
    def kl(self) -> float:
        """KL(p ‖ q) if forward, KL(q ‖ p) if reverse, in nats; NaN of draws."""
        return self.optima[0].kl

    @property
    def dropped(self) -> tuple[Mode, ...]:
        """The modes of p that the nearest member leaves out."""
        return self.optima[0].dropped

    def __repr__(self) -> str:
        """The law, how far it is, and what it leaves out."""
        lines = [f"{_said(self.law)}, {self._distance(self.optima[0])}, {self.how}"]
        lines += [f"  drops the mode at {_mode(m)}" for m in self.dropped]
        lines += [f"  also a minimum: {_said(o.law)}, {self._distance(o)}" for o in self.optima[1:]]
        return "\n".join(lines)

    def explain(self) -> str:
        """Say what the direction means here, mode by mode, in words."""
        forward = self.direction == "forward"
        meaning = (
            "KL(p ‖ q) is paid where p has mass and q little: the nearest q covers all of p, "
            "the valleys between its modes too."
            if forward
            else "KL(q ‖ p) is paid where q has mass and p little: the nearest q stays within a "
            "mode of p rather than cross a valley."
        )
        lines = [f"{self.how.capitalize()}: {_said(self.law)}.", meaning]
        for m in self.optima[0].modes:
            verdict = "dropped" if m in self.dropped else "kept"
            lines.append(
                f"The mode at {m.at:.4g}: p puts {m.mass:.3g} there, q {m.covered:.3g} ({verdict})."
            )
        if len(self.optima) > 1:
            gap = self.optima[1].kl - self.optima[0].kl
            lines.append(
                f"The next of {len(self.optima)} minima, {_said(self.optima[1].law)}, is "
                f"{gap:.4g} nats worse; a descent from near it would have stopped there."
            )
        if math.isnan(self.kl):
            lines.append(
                f"Of draws KL is not known: the cross-entropy is {self.cross_entropy:.6g} nats, "
                "KL plus the entropy of the law they came from."
            )
        return "\n".join(lines)

    def _distance(self, o: Optimum) -> str:
        if math.isnan(o.kl):
            return f"−E_p log q = {self.cross_entropy:.6g} nats"
        return f"KL({'p ‖ q' if self.direction == 'forward' else 'q ‖ p'}) = {o.kl:.6g} nats"


def _mode(m: Mode) -> str:
    return f"{m.at:.4g} (p puts {m.mass:.3g} there, q {m.covered:.2g})"


def _said(law: Family) -> str:
    given = [(f.name, getattr(law, f.name)) for f in law.parameters()]
    if any(_size(x) > 1 for _, x in given):
        return repr(law)
    return f"{type(law).__name__}({', '.join(f'{n}={float(x):.6g}' for n, x in given)})"


def _size(x: Any) -> int:
    return int(getattr(x, "size", 1))
