"""Labels: the one outcome that happened, by its index."""

from dataclasses import dataclass
from typing import Any, ClassVar

from kullback.arrays.checks import check_labels
from kullback.arrays.namespace import is_integer, namespace
from kullback.errors import InputTypeError
from kullback.forms.discrete import Discrete


@dataclass(frozen=True, eq=False, repr=False)
class Labels(Discrete):
    """Class indices, shape (*batch,): all mass on one outcome each.

    Attributes
    ----------
    array : integer array, shape (*batch,)
        Indices from 0 to k − 1; it has no axis of outcomes.
    ignore_index : int, optional
        Rows with this label count as 0 and pass no gradient.

    >>> import kullback as kb
    >>> kb.cross_entropy(kb.Labels([1, 0]), kb.Logits([[0.0, 2.0], [0.0, 2.0]]))
    array([0.12692801, 2.12692801])
    """

    ignore_index: int | None = None
    what: ClassVar[str] = "class indices"

    def checked(self, axis: int, name: str) -> Any:  # noqa: ARG002 (no axis of outcomes)
        """Return the labels, their type checked."""
        if not is_integer(self.array):
            raise InputTypeError(
                f"{name} holds {self.array.dtype} where class indices are expected: integers are "
                f"needed."
            )
        return self.array

    def one_hot(self, classes: int, like: Any, name: str) -> tuple[Any, Any]:
        """Return probabilities of the dtype of `like`, and where rows count (None: everywhere)."""
        labels = self.checked(-1, name)
        check_labels(labels, classes, self.ignore_index, name)
        xp = namespace(labels)
        kept = None if self.ignore_index is None else labels != self.ignore_index
        index = labels if kept is None else xp.where(kept, labels, xp.zeros_like(labels))
        outcomes = xp.arange(classes, dtype=index.dtype, **_device_of(index))
        return xp.astype(index[..., None] == outcomes, like.dtype), kept


def _device_of(x: Any) -> dict[str, Any]:
    return {"device": x.device} if type(x).__module__.startswith("torch") else {}
