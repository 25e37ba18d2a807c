"""The role of a penalty: what a divergence costs in a loss, and who sets the price."""

from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.controllers.controller import Controller


class Penalty(torch.nn.Module):  # type: ignore[misc]
    """A divergence as a part of the loss: `loss + penalty(kl)`.

    In training (`penalty.train()`, gradients on) each call shows its divergence to the controller,
    which sets the price of the next; in evaluation the price stays. Under torch.distributed the
    divergence shown is the mean over all ranks, so that all keep one price.

    Parameters
    ----------
    controller : Controller
        `Fixed`, `Anneal`, `Capacity`, `FreeBits`, `Adaptive`, `Dual`, or your own.
    every : int
        How many calls make one training step, where gradients are accumulated.

    Raises
    ------
    InputTypeError, InvalidInputError
        What is no controller; `every` below 1.

    >>> import torch
    >>> from kullback import learn
    >>> penalty = learn.Penalty(learn.Adaptive(target=6.0, horizon=10, coefficient=0.2))
    >>> kl = torch.tensor(9.0, requires_grad=True)
    >>> penalty(kl)
    tensor(1.8000, grad_fn=<MulBackward0>)
    >>> round(penalty.coefficient, 6)
    0.204
    """

    def __init__(self, controller: Controller, *, every: int = 1) -> None:
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
        self.controller, self.every = controller, every
        self._sum, self._calls = 0.0, 0

    @property
    def coefficient(self) -> float:
        """What one nat costs now."""
        return self.controller.coefficient

    def forward(self, kl: Any) -> Any:
        """Return the cost of a divergence, a scalar with its gradient.

        Parameters
        ----------
        kl : tensor or float
            The divergence, already summed or averaged as its loss is: a scalar; for `FreeBits` one
            number for each dimension, shape (d,).

        Raises
        ------
        ShapeError
            For any other shape: which mean is meant is yours to say.
        InvalidInputError
            If it is NaN or infinite; the price is then left as it was.
        """
        shape = tuple(getattr(kl, "shape", ()))
        wanted = 1 if self.controller.of_dimensions else 0
        if len(shape) != wanted:
            need = "one number for each dimension, shape (d,)" if wanted else "a scalar"
            raise ShapeError(
                f"The divergence has shape {shape}; {self.controller!r} takes {need}. Say which "
                "reduction is meant: kl.sum(-1).mean() is a mean over the batch of sums over "
                "dimensions."
            )
        cost = self.controller.cost(kl)
        if self.training and torch.is_grad_enabled():
            self._see(kl)
        return cost

    def _see(self, kl: Any) -> None:
        total = float(kl.detach().sum()) if torch.is_tensor(kl) else float(kl)
        self._sum, self._calls = self._sum + total, self._calls + 1
        if self._calls < self.every:
            return
        mean = self._sum / self._calls
        self._sum, self._calls = 0.0, 0
        device = kl.device if torch.is_tensor(kl) else None
        self.controller.update(over_ranks(mean, device))

    def get_extra_state(self) -> dict[str, Any]:
        """Return the controller's state, and what a half step has seen; for `state_dict`."""
        return {**self.controller.state_dict(), "sum": self._sum, "calls": self._calls}

    def set_extra_state(self, state: dict[str, Any]) -> None:
        """Go on exactly where a state was taken."""
        self.controller.load_state_dict(state)
        self._sum, self._calls = float(state["sum"]), int(state["calls"])

    def extra_repr(self) -> str:
        """Name the controller, for torch's repr."""
        return repr(self.controller)


def over_ranks(number: float, device: Any = None) -> float:
    """Return the mean of a number over the ranks of torch.distributed; itself without them."""
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return number
    total = torch.tensor(number, dtype=torch.float64, device=device)
    torch.distributed.all_reduce(total)
    mean: float = float(total) / torch.distributed.get_world_size()
    return mean
