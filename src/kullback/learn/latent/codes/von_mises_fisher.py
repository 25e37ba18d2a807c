"""Codes on a sphere."""

from typing import Any, ClassVar

from kullback.forms.families import SphereUniform, VonMisesFisher
from kullback.learn._torch import torch
from kullback.learn.latent.codes.code import Code, whole
from kullback.learn.latent.codes.cosine import Opening
from kullback.methods.formulas.sphere import kl_axes


class VonMisesFisherCode(Code):
    """C(κ) e^(κ mᵀx) on the unit sphere of ℝᵈ, before the data uniform on it.

    d + 1 numbers are read: the direction m, divided by their length, and s of κ = (d − 1) eˢ.

        x = (1 − o) m + √(o (2 − o)) v,   v uniform among directions across m

    with 1 − o the cosine to m, whose gradient in κ is that of its quantiles.

    Parameters
    ----------
    dimensions : int
        d, 3 or more.

    References
    ----------
    Davidson et al., Hyperspherical variational auto-encoders, UAI 2018; Figurnov, Mohamed and Mnih,
    Implicit reparameterization gradients, NeurIPS 2018.

    >>> import torch
    >>> from kullback import learn
    >>> _, kl = learn.VonMisesFisherCode(3).encode(torch.tensor([[0.0, 0.0, 2.0, 0.0]]))
    >>> kl  # κ = 2: κ coth κ − 1 + log(κ/sinh κ)
    tensor([0.4794])
    """

    by_dimension: ClassVar[bool] = False

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.size = whole(dimensions, "dimensions", 3, self)
        self.features = self.size + 1

    def encode(self, h: Any) -> tuple[Any, Any]:
        """Return points of the sphere, and KL."""
        m, kappa = self._read(h)
        o = Opening.apply(kappa, self.size)[..., None]
        across = torch.randn_like(m)
        across = across - (across * m).sum(-1, keepdim=True) * m
        across = torch.nn.functional.normalize(across, dim=-1)
        kl = kl_axes(self.size, kappa, torch.zeros_like(kappa), 0.0)
        kl = kl + 0 * m[..., 0]  # NaN where there is no direction, which KL does not depend on
        return (1 - o) * m + torch.sqrt(o * (2 - o)) * across, kl

    def posterior(self, h: Any) -> Any:
        """Return the law, of `kb.families`."""
        return VonMisesFisher(*self._read(h))

    def prior(self) -> Any:
        """Return the uniform law of the sphere."""
        return SphereUniform(self.size)

    def draw(self, n: int, device: Any = None) -> Any:
        """Return n codes drawn from the prior."""
        return torch.nn.functional.normalize(torch.randn(n, self.size, device=device), dim=-1)

    def _read(self, h: Any) -> tuple[Any, Any]:
        m = h[..., :-1] / torch.linalg.vector_norm(h[..., :-1], dim=-1, keepdim=True)
        return m, (self.size - 1) * torch.exp(h[..., -1])

    def extra_repr(self) -> str:
        """Name the size, for torch's repr."""
        return f"{self.size}"
