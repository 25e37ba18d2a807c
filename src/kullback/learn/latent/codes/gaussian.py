"""Codes of independent normal numbers."""

from typing import Any

from kullback.learn._torch import torch
from kullback.learn.latent.codes.code import Code, whole


class GaussianCode(Code):
    """N(m, s²) for each of d dimensions, before the data N(0, 1): (m, log s) are read.

        KL = ½ (m² + s² − 1) − log s,   z = m + s ε

    Parameters
    ----------
    dimensions : int
        d; 2 d numbers are read of each sample, m first.

    References
    ----------
    Kingma and Welling, Auto-encoding variational Bayes, ICLR 2014, appendix B.

    >>> import torch
    >>> from kullback import learn
    >>> _, kl = learn.GaussianCode(1).encode(torch.tensor([[2.0, 0.0], [0.0, 1.0]]))
    >>> kl
    tensor([[2.0000],
            [2.1945]])
    """

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.size = whole(dimensions, "dimensions", 1, self)
        self.features = 2 * self.size

    def encode(self, h: Any) -> tuple[Any, Any]:
        """Return m + s ε and KL by dimension."""
        m, log_s = h.chunk(2, -1)
        z = torch.addcmul(m, torch.exp(log_s), torch.randn_like(m))
        u = 2 * log_s
        return z, 0.5 * (m * m + (torch.expm1(u) - u))

    def posterior(self, h: Any) -> Any:
        """Return N(m, s²) by dimension."""
        m, log_s = h.chunk(2, -1)
        return torch.distributions.Normal(m, torch.exp(log_s))

    def prior(self) -> Any:
        """Return N(0, 1)."""
        return torch.distributions.Normal(0.0, 1.0)

    def draw(self, n: int, device: Any = None) -> Any:
        """Return n codes drawn from the prior."""
        return torch.randn(n, self.size, device=device)

    def extra_repr(self) -> str:
        """Name the size, for torch's repr."""
        return f"{self.size}"
