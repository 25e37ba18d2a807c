"""The family from KL(p ‖ q) to KL(q ‖ p), with neither end out of scale."""

from dataclasses import dataclass

from kullback.errors import InvalidInputError


@dataclass(frozen=True)
class Skew:
    """(β KL(p ‖ m) + (1 − β) KL(q ‖ m))/(β(1 − β)), m = β p + (1 − β) q, of teacher p, student q.

    Jensen and Shannon's divergence with weights β and 1 − β goes to 0 at both ends; over
    β(1 − β) it goes to KL(p ‖ q) as β → 0 and to KL(q ‖ p) as β → 1. β = ½ is 4 JS(p, q).

    Attributes
    ----------
    beta : float
        Within [0, 1].

    Raises
    ------
    InvalidInputError
        Any other β.

    References
    ----------
    Agarwal et al., On-policy distillation of language models, ICLR 2024 (without the division).

    >>> import torch
    >>> from kullback import learn
    >>> p, q = torch.tensor([[2.0, 0.0, -1.0]]), torch.tensor([[0.0, 0.5, 0.0]])
    >>> [round(float(learn.distill(q, p, divergence=learn.Skew(b))), 4) for b in (0, 1e-3, 1)]
    [0.713, 0.7129, 0.8273]
    """

    beta: float

    def __post_init__(self) -> None:
        if not 0 <= self.beta <= 1:
            raise InvalidInputError(
                f"beta={self.beta!r}: within [0, 1]; 0 is KL(teacher ‖ student), 1 is "
                "KL(student ‖ teacher)."
            )
