"""Two ways to give each sample of a batch weights of its own, without drawing them one by one.

Where each weight serves a sample once (Linear, a row a sample) the outputs are Gaussian and
independent: y = W x + b has the mean μ_W x + μ_b and the variance σ²_W x² + σ²_b, and is drawn
(local reparametrisation). Where it serves several places of one sample (Conv; Linear on tokens) the
outputs hang together: one draw ΔW is turned into another for each sample by signs s of its inputs
and r of its outputs, W = μ_W + r ΔW s, the same law (flipout).

Kingma, Salimans and Welling, Variational dropout and the local reparameterization trick, 2015; Wen
et al., Flipout: efficient pseudo-independent weight perturbations on mini-batches, 2018.
"""

from typing import Any

from kullback.learn._torch import torch
from kullback.learn.bayes.gaussian import root

CONVOLUTIONS = (
    torch.nn.Conv1d,
    torch.nn.Conv2d,
    torch.nn.Conv3d,
    torch.nn.ConvTranspose1d,
    torch.nn.ConvTranspose2d,
    torch.nn.ConvTranspose3d,
)


def is_by_sample(layer: Any, given: tuple[Any, ...]) -> bool:
    """Whether the layer is linear in weights and inputs, and a first axis of samples is given."""
    if not given:
        return False
    if type(layer) is torch.nn.Linear:
        return True
    return type(layer) in CONVOLUTIONS and given[0].ndim == layer.weight.ndim


def by_sample(
    layer: Any, means: dict[str, Any], scale: dict[str, Any], laws: dict[str, Any], *given: Any
) -> Any:
    """Return outputs for which each sample has drawn its own weights."""
    mean = _says(layer, means, given)
    mean = sum(_in_common(layer, name, law, mean, given) for name, law in laws.items()) + mean
    channel = -1 if type(layer) is torch.nn.Linear else 1
    if mean.ndim < 2 or mean.numel() == mean.shape[0] * mean.shape[channel]:
        return local(layer, mean, scale, *given)
    x, *rest = given
    turned = (x * _signs(x, channel), *rest)
    noise = {name: s * torch.randn_like(s) for name, s in scale.items()}
    return mean + _with_only(layer, noise, turned) * _signs(mean, channel)


def drawn_around(centre: Any, scale: Any) -> Any:
    """Return a draw of centre + σ ε."""
    return torch.addcmul(centre, scale, torch.randn_like(scale))


def local(layer: Any, mean: Any, scale: dict[str, Any], x: Any, *rest: Any) -> Any:
    """Return outputs drawn around their mean, of weights of variance σ² that serve each once."""
    own = {name: s.square() for name, s in scale.items()}
    variance = _with_only(layer, own, (x.square(), *rest))
    return torch.addcmul(mean, root(variance), torch.randn_like(mean))


def _in_common(layer: Any, name: str, law: Any, like: Any, given: tuple[Any, ...]) -> Any:
    """Return what a tensor's factors add, F ξ with a ξ for each sample."""
    shape = (like.shape[0], *(1,) * (like.ndim - 1)) if like.ndim > 1 else ()
    total = 0
    for factor in () if law.factor is None else law.factor.unbind(-1):
        xi = torch.randn(shape, dtype=like.dtype, device=like.device)
        total = total + xi * _with_only(layer, {name: factor}, given)
    return total


def _with_only(layer: Any, parameters: dict[str, Any], given: tuple[Any, ...]) -> Any:
    """Return what the layer says with these parameters, and 0 for others."""
    held = ((name, p) for name, p in layer._parameters.items() if p is not None)
    left = {name: torch.zeros_like(p) for name, p in held if name not in parameters}
    return _says(layer, {**left, **parameters}, given)


def _says(layer: Any, parameters: dict[str, Any], given: tuple[Any, ...]) -> Any:
    """Return what the layer says with these parameters, and its own where none are given."""
    if type(layer) is not torch.nn.Linear:
        return torch.func.functional_call(layer, parameters, given)
    held = {**layer._parameters, **parameters}
    return torch.nn.functional.linear(*given, held["weight"], held["bias"])


def _signs(x: Any, channel: int) -> Any:
    """Return ±1 for each sample and channel."""
    shape = [1] * x.ndim
    shape[0], shape[channel] = x.shape[0], x.shape[channel]
    return 2 * torch.randint(0, 2, shape, dtype=x.dtype, device=x.device) - 1
