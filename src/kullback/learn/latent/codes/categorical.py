"""Codes of independent choices."""

import math
from typing import Any, ClassVar

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.latent.codes.code import Code, whole


class CategoricalCode(Code):
    """Some variables, each one of k classes, before the data all equally likely: logits are read.

        KL = Σ p (log p + log k)

    Drawn are classes, each as k numbers of which one is 1. Their gradient is that of the softmax of
    logits plus Gumbel noise over the temperature, which is biased; that of KL is exact.

    Parameters
    ----------
    classes : int
        k, 2 or more.
    variables : int
        How many; variables · k numbers are read of each sample, those of a variable side by side.
    temperature : float
        Low: less bias, more variance.

    References
    ----------
    Jang, Gu and Poole, Categorical reparameterization with Gumbel-softmax, ICLR 2017; Maddison,
    Mnih and Teh, The concrete distribution, ICLR 2017.

    >>> import torch
    >>> from kullback import learn
    >>> _, kl = learn.CategoricalCode(2).encode(torch.tensor([[0.9, 0.1]]).log())
    >>> kl  # log 2 − H(0.9)
    tensor([[0.3681]])
    """

    how: ClassVar[str] = "enumerated"

    def __init__(self, classes: int, variables: int = 1, temperature: float = 1.0) -> None:
        super().__init__()
        self.classes = whole(classes, "classes", 2, self)
        self.variables = whole(variables, "variables", 1, self)
        self.features = self.size = self.classes * self.variables
        if not isinstance(temperature, (int, float)) or not 0 < temperature < math.inf:
            raise InvalidInputError(
                f"CategoricalCode(temperature={temperature!r}): a positive number is needed."
            )
        self.temperature = float(temperature)

    def encode(self, h: Any) -> tuple[Any, Any]:
        """Return classes drawn, one 1 among k numbers for each variable, and KL by variable."""
        log_p = torch.log_softmax(self._apart(h), -1)
        noisy = (log_p - torch.log(torch.empty_like(log_p).exponential_())) / self.temperature
        soft = torch.softmax(noisy, -1)
        hard = torch.zeros_like(soft).scatter_(-1, noisy.argmax(-1, keepdim=True), 1.0)
        kl = (torch.exp(log_p) * (log_p + math.log(self.classes))).sum(-1)
        return (hard + (soft - soft.detach())).flatten(-2), kl

    def posterior(self, h: Any) -> Any:
        """Return the law of each variable's class."""
        return torch.distributions.Categorical(logits=self._apart(h))

    def prior(self) -> Any:
        """Return the uniform law of a class."""
        return torch.distributions.Categorical(logits=torch.zeros(self.classes))

    def draw(self, n: int, device: Any = None) -> Any:
        """Return n codes drawn from the prior."""
        classes = torch.randint(self.classes, (n, self.variables), device=device)
        return torch.nn.functional.one_hot(classes, self.classes).flatten(1).float()

    def _apart(self, h: Any) -> Any:
        return h.unflatten(-1, (self.variables, self.classes))

    def extra_repr(self) -> str:
        """Name the settings, for torch's repr."""
        return f"{self.classes}, variables={self.variables}, temperature={self.temperature:g}"
