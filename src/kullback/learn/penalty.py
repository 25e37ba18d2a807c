"""The role of a penalty: what a divergence costs in a loss, and who sets the price."""

from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.controllers.controller import Controller
from kullback.learn.ranks import Ranks, checked_rows
from kullback.learn.terms.term import Term


class Penalty(torch.nn.Module):  # type: ignore[misc]
    """A divergence as a part of the loss: `loss + penalty(kl)`.

    In training (`penalty.train()`, gradients on) each call shows its divergence to the controller,
    which sets the price of the next; in evaluation the price stays. Where torch.distributed runs,
    the divergence of a training call is the mean over all ranks, in the cost as in the controller:
    they keep one price, that of a single process with all their rows. All must make the call.

    Parameters
    ----------
    controller : Controller
        `Fixed`, `Anneal`, `Capacity`, `FreeBits`, `Adaptive`, `Dual`, or your own.
    every : int
        How many calls make one training step, where gradients are accumulated.
    group : ProcessGroup or "self", optional
        Which ranks of torch.distributed share the price: all if left out; "self" keeps to this one.

    Raises
    ------
    InputTypeError, InvalidInputError
        What is no controller, or no group; `every` below 1.

    >>> import torch
    >>> from kullback import learn
    >>> penalty = learn.Penalty(learn.Adaptive(target=6.0, horizon=10, coefficient=0.2))
    >>> kl = torch.tensor(9.0, requires_grad=True)
    >>> penalty(kl)
    tensor(1.8000, grad_fn=<MulBackward0>)
    >>> round(penalty.coefficient, 6)
    0.204
    """

    def __init__(self, controller: Controller, *, every: int = 1, group: Any = None) -> None:
        super().__init__()
        if not isinstance(controller, Controller):
            raise InputTypeError(
                f"{controller!r} is no controller; learn.Fixed({controller!r}) is a constant price."
                if isinstance(controller, (int, float))
                else f"{controller!r} is no controller, such as learn.Fixed(1.0)."
            )
        if not isinstance(every, int) or every < 1:
            raise InvalidInputError(
                f"every={every!r}: how many calls make a step, a whole number from 1 on."
            )
        Ranks(group)
        self.controller, self.every, self.group = controller, every, group
        self._sum, self._weight, self._calls = 0.0, 0.0, 0

    @property
    def coefficient(self) -> float:
        """What one nat costs now."""
        return self.controller.coefficient

    def forward(self, kl: Any, *, rows: int | None = None) -> Any:
        """Return the cost of a divergence, a scalar with its gradient.

        Parameters
        ----------
        kl : tensor or float
            The divergence, already summed or averaged as its loss is: a scalar; for `FreeBits` one
            number for each dimension, shape (d,).
        rows : int, optional
            Of how many rows kl is the mean, where calls or ranks have different numbers of them;
            in training its gradient is then weighted as `over_ranks` says.

        Raises
        ------
        ShapeError
            For any other shape: which mean is meant is yours to say.
        InputTypeError
            For a term itself, of which `per` makes a number.
        InvalidInputError
            In training, if it is NaN or infinite on any rank; the price is then left as it was.
        """
        if isinstance(kl, Term):
            raise InputTypeError(
                f"A term with axes {kl.axes} is given: penalty(term.per('sample').value) takes the "
                "mean over samples, term.per(n_data=N) what is paid once for N data."
            )
        shape = tuple(getattr(kl, "shape", ()))
        wanted = 1 if self.controller.of_dimensions else 0
        if len(shape) != wanted:
            need = "one number for each dimension, shape (d,)" if wanted else "a scalar"
            raise ShapeError(
                f"The divergence has shape {shape}; {self.controller!r} takes {need}. Say which "
                "reduction is meant: kl.sum(-1).mean() is a mean over the batch of sums over "
                "dimensions."
            )
        if not (self.training and torch.is_grad_enabled()):
            return self.controller.cost(kl)
        kl, weight = Ranks(self.group).mean(kl, checked_rows(rows))
        cost = self.controller.cost(kl)
        held = kl.detach() if torch.is_tensor(kl) else kl
        self._see(float(held.sum() if wanted else held), weight)
        return cost

    def _see(self, kl: float, weight: float) -> None:
        if self.every == 1:
            self.controller.update(kl)
            return
        self.controller.check(kl)
        self._sum, self._weight = self._sum + weight * kl, self._weight + weight
        self._calls += 1
        if self._calls < self.every:
            return
        mean = self._sum / self._weight
        self._sum, self._weight, self._calls = 0.0, 0.0, 0
        self.controller.update(mean)

    def get_extra_state(self) -> dict[str, Any]:
        """Return the controller's state, and what a half step has seen; for `state_dict`."""
        seen = {"sum": self._sum, "weight": self._weight, "calls": self._calls}
        return {**self.controller.state_dict(), **seen}

    def set_extra_state(self, state: dict[str, Any]) -> None:
        """Go on exactly where a state was taken."""
        self.controller.load_state_dict(state)
        self._sum, self._weight = float(state["sum"]), float(state["weight"])
        self._calls = int(state["calls"])

    def extra_repr(self) -> str:
        """Name the controller, for torch's repr."""
        return repr(self.controller)
