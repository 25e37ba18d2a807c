"""What the random layers of a model cost in its last forward pass."""

import math
import time
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.latent.paid import Paid, begin
from kullback.learn.terms.term import Term

Layers = dict[str, Paid]


def rate(model: Any, /) -> Term:
    """KL(posterior ‖ prior) of every random layer in a model's last forward pass, as one term.

    A layer used several times in a pass is paid for each time. Of two passes before one rate, it
    belongs to the last. A pass is a call of the outermost module, `model(x)`.

    Parameters
    ----------
    model : Module
        It, or modules within, are `Latent`.

    Returns
    -------
    Term
        With axes ("sample", "dim") for codes that are vectors, the dimensions of all layers side by
        side, so that `rate(model).per("sample")` is what an ELBO pays and `per("dim")` what
        `FreeBits` takes; ("sample",) of several layers with other axes. For layers that are paid
        once for all data ("dim",), to be taken `per(n_data=…)`.

    Raises
    ------
    InvalidInputError
        A model without random layers, or whose layers did not run; a divergence that is NaN or
        infinite; in training, a pass without gradients where gradients are on now; layers called
        again and again outside a model's own call, where a pass cannot be told.
    ShapeError
        Layers that were given different numbers of samples.

    >>> import torch
    >>> from kullback import learn
    >>> model = torch.nn.Sequential(learn.Latent(learn.GaussianCode(2)), torch.nn.Linear(2, 3))
    >>> out = model(torch.tensor([[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 0.0, -1.0]]))
    >>> learn.rate(model).value  # ½ (m² + s² − 1) − log s
    tensor([[0.5000, 2.0000],
            [0.0000, 0.5677]])
    """
    if not isinstance(model, torch.nn.Module):
        raise InputTypeError(
            f"rate(model) sums over a module's layers, not {type(model).__name__}."
        )
    only = _of_only_layer(model)
    if only is not None:
        return only
    named = model.named_modules()
    layers = {name or type(m).__name__: m for name, m in named if isinstance(m, Paid)}
    if not layers:
        raise InvalidInputError(
            f"{type(model).__name__} holds no random layer, such as learn.Latent: it has no rate, "
            "which is not a rate of 0."
        )
    ran = _of_last_pass(model, layers)
    if not ran:
        raise InvalidInputError(
            f"No random layer ({', '.join(layers)}) has run: call the model before its rate."
        )
    parts = [_paid(name, layer) for name, layer in ran.items()]
    whole = _side_by_side(list(ran), parts)
    if not bool(torch.isfinite(whole.value.detach()).all()):
        _refuse(ran, parts)
    now = time.perf_counter_ns()
    for layer in ran.values():
        layer.log.read, layer.log.lost = now, 0
    return whole


def _of_only_layer(model: Any) -> Term | None:
    """Return the rate of a model with one layer that ran once, as most do; None of any other.

    It is asked in every step of a training, and takes a third of the time of what finds it again.
    """
    layers, seen, waiting = [], set(), [model]
    while waiting:
        module = waiting.pop()
        if module is None or module in seen:
            continue
        seen.add(module)
        if isinstance(module, Paid):
            layers.append(module)
        if module._modules:
            waiting += module._modules.values()
    if len(layers) != 1:
        return None
    log = layers[0].log
    if len(log.records) != 1 or log.call is None or not log.within(model):
        return None
    ((kl, axes, how, _, gradients),) = log.records
    lost = layers[0].training and torch.is_grad_enabled() and not gradients
    if lost or "sample" not in axes or not math.isfinite(kl.detach().sum()):
        return None
    log.read, log.lost = time.perf_counter_ns(), 0
    return _term(kl, axes, how)


def _of_last_pass(model: Any, layers: Layers) -> Layers:
    """Return the layers that ran in the model's last pass, or raise if none can be told."""
    ran = {name: x for name, x in layers.items() if x.log.records}
    compiled = {name: x for name, x in ran.items() if x.log.call is None}
    rest = {name: x for name, x in ran.items() if name not in compiled}
    for name, layer in compiled.items():
        if not layer.log.hooked and len(layer.log.records) > 1:
            _ask(name, len(layer.log.records))
    if compiled and begin not in model._forward_pre_hooks.values():
        model.register_forward_pre_hook(begin)
    known = {name: x for name, x in rest.items() if x.log.within(model)}
    newest = max(known.values(), key=lambda x: x.log.since, default=None)
    last = 0 if newest is None else newest.log.since
    loose = {name: x for name, x in rest.items() if name not in known and x.log.since > last}
    for name, layer in loose.items():
        if layer.log.lost:
            _ask(name, layer.log.lost + 1)
    fresh = any(not x.log.read for x in loose.values())
    read = 0 if fresh else max((x.log.read for x in loose.values()), default=0)
    told = {name for name, x in known.items() if newest and x.log.call is newest.log.call}
    told |= {name for name, x in loose.items() if x.log.read == read} | set(compiled)
    return {name: x for name, x in ran.items() if name in told}


def _ask(name: str, times: int) -> None:
    raise InvalidInputError(
        f"The random layer {name} ran {times} times since its rate was last taken, outside a call "
        "of the model: whether in one pass or several cannot be told. Run it in model(x), or take "
        "learn.rate(model) after each pass."
    )


def _paid(name: str, layer: Paid) -> tuple[Any, tuple[str, ...], str]:
    """Return a layer's KL over its uses and replicas, what its axes count, and how it was found."""
    records = layer.log.records
    if layer.training and torch.is_grad_enabled() and not all(r[4] for r in records):
        raise InvalidInputError(
            f"The random layer {name} ran without gradients, and its rate has none. For an "
            "evaluation take the rate under torch.no_grad() too; for gradient checkpointing say "
            "use_reentrant=False."
        )
    _, axes, how, _, _ = records[0]
    if any(r[1] != axes for r in records):
        raise ShapeError(f"The uses of {name} in one pass have axes {[r[1] for r in records]}.")
    replicas: dict[int, list[Any]] = {}
    for kl, _, _, replica, _ in records:
        replicas.setdefault(replica, []).append(kl)
    for kls in replicas.values():
        if len({tuple(kl.shape) for kl in kls}) > 1:
            raise ShapeError(
                f"{name} was used in one pass on {[tuple(kl.shape) for kl in kls]}: their samples "
                "do not belong together. Give them a layer each."
            )
    ordered = sorted(replicas.values(), key=lambda kls: kls[0].device.index or 0)
    sums = [torch.stack(kls).sum(0) if len(kls) > 1 else kls[0] for kls in ordered]
    home = sums[0].device
    if len(sums) == 1:
        return sums[0], axes, how
    joined = torch.cat([x.to(home) for x in sums]) if "sample" in axes else sums[0]
    return joined, axes, how


def _side_by_side(names: list[str], parts: list[Any]) -> Term:
    """Return all layers' KL as one term."""
    how = ", ".join(dict.fromkeys(how for _, _, how in parts))
    home = parts[0][0].device
    each = [(kl.to(home), axes) for kl, axes, _ in parts]
    by_sample = ["sample" in named for _, named in each]
    axes: tuple[str, ...]
    if not any(by_sample):
        value, axes = torch.cat([kl.reshape(-1) for kl, _ in each]), ("dim",)
    elif not all(by_sample):
        raise InvalidInputError(
            f"Some of the layers {', '.join(names)} are paid for each sample and some once for all "
            "data; take the rate of each part of the model by itself."
        )
    elif len({kl.shape[0] for kl, _ in each}) > 1:
        sizes = {name: kl.shape[0] for name, (kl, _) in zip(names, each, strict=True)}
        raise ShapeError(f"Layers were given different numbers of samples: {sizes}.")
    elif len(each) == 1:
        value, axes = each[0]
    elif all(a == ("sample", "dim") for _, a in each):
        value, axes = torch.cat([kl for kl, _ in each], -1), ("sample", "dim")
    else:
        value, axes = (
            sum(kl.flatten(1).sum(1) if kl.ndim > 1 else kl for kl, _ in each),
            ("sample",),
        )
    return _term(value, axes, how)


def _term(value: Any, axes: tuple[str, ...], how: str) -> Term:
    drawn, by_sample = "reparametrised" in how, "sample" in axes
    error = None if drawn else torch.zeros_like(value)
    return Term(value, error, how, axes, rows=drawn and by_sample, once=not by_sample)


def _refuse(ran: Layers, parts: list[Any]) -> None:
    for name, (kl, _, _) in zip(ran, parts, strict=True):
        nan, infinite = int(torch.isnan(kl).sum()), int(torch.isinf(kl).sum())
        if nan:
            raise InvalidInputError(
                f"The rate of {name} is NaN at {nan} of {kl.numel()} places: look at what the "
                "layer before it gave."
            )
        if infinite:
            raise InvalidInputError(
                f"The rate of {name} is infinite at {infinite} of {kl.numel()} places: its "
                "posterior has mass where the prior has none, or left the range of its dtype."
            )
