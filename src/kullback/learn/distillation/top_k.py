"""Teachers of which only the likeliest outcomes are known, the rest in one bucket.

By the data-processing inequality a divergence between the laws of the buckets is at most that of
the laws themselves: a lower bound, whose minimum leaves the student's tail the teacher's mass.
"""

from dataclasses import dataclass
from typing import Any

from kullback.errors import InvalidInputError, ShapeError
from kullback.learn._torch import torch


@dataclass(frozen=True, eq=False)
class TopK:
    """A teacher's largest log-probabilities, and which outcomes have them.

    Attributes
    ----------
    log_probs : tensor, shape (*batch, k)
        Natural logarithms, of the whole law: they are not renormalised.
    indices : tensor of int64, shape (*batch, k)
        Outcomes, all different in a row.

    Raises
    ------
    ShapeError, InvalidInputError
        Shapes that differ; probabilities that sum to more than 1.

    >>> import torch
    >>> TopK(torch.tensor([[0.6, 0.3]]).log(), torch.tensor([[4, 0]])).tail()
    tensor([-2.3026])
    """

    log_probs: Any
    indices: Any

    def __post_init__(self) -> None:
        if self.log_probs.shape != self.indices.shape:
            raise ShapeError(
                f"log_probs have shape {tuple(self.log_probs.shape)} and indices "
                f"{tuple(self.indices.shape)}; one outcome for each is needed."
            )
        total = self.log_probs.detach().logsumexp(-1).exp()
        worst = float(total.max()) if total.numel() else 0.0
        if not worst <= 1 + 100 * torch.finfo(self.log_probs.dtype).eps:
            raise InvalidInputError(
                f"The probabilities of a row sum to {worst:.6g}: these are no log-probabilities "
                "of a law. Of logits take log_softmax over the whole vocabulary first."
            )

    def tail(self) -> Any:
        """Return log(1 − Σ p), shape (*batch,): what all other outcomes have."""
        total = self.log_probs.logsumexp(-1)
        return torch.log(-torch.expm1(total.clamp(max=0.0)))

    def rows(self, keep: Any) -> "TopK":
        """Return the rows that count."""
        return TopK(self.log_probs[keep], self.indices[keep])

    def bucketed(self) -> Any:
        """Return the teacher's law of the k outcomes and the rest, logs, shape (*batch, k + 1)."""
        return torch.cat([self.log_probs, self.tail()[..., None]], -1)

    def of(self, logits: Any) -> Any:
        """Return the law of the same buckets under logits, logs, shape (*batch, k + 1)."""
        chosen = logits.gather(-1, self.indices)
        rest = logits.scatter(-1, self.indices, -torch.inf).logsumexp(-1, keepdim=True)
        return torch.cat([chosen, rest], -1).log_softmax(-1)


def top_k_of(logits: Any, k: int) -> TopK:
    """Return the k likeliest outcomes of logits, shape (*batch, vocabulary)."""
    if not 1 <= k < logits.shape[-1]:
        raise InvalidInputError(
            f"top_k={k}: from 1 to {logits.shape[-1] - 1}, one less than the vocabulary; None "
            "takes all of it."
        )
    found = logits.topk(k, -1)
    return TopK(found.values - logits.logsumexp(-1, keepdim=True), found.indices)
