"""A network with a distribution in place of every weight."""

import copy
import math
from typing import Any, Literal

from kullback.errors import InputTypeError, InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.bayes.drawn import Drawn, How
from kullback.learn.bayes.priors import checked_prior
from kullback.learn.latent import Paid
from kullback.learn.variational import LowRank, MeanField

WHOLE = (
    torch.nn.MultiheadAttention,
    torch.nn.TransformerEncoderLayer,
    torch.nn.TransformerDecoderLayer,
)
"""Modules that read the weights of their parts themselves."""


def bayesian(
    module: Any,
    /,
    *,
    prior: Any = 1.0,
    family: MeanField | LowRank | None = None,
    draw: Literal["by sample", "once"] = "by sample",
    linear: tuple[type, ...] = (),
    scale: float = 0.05,
) -> Any:
    """Return a copy of a module whose every weight is a Gaussian law, centred where it was.

    It trains as the module did, on the loss of the data plus
    `learn.rate(network).per(n_data=N).value`, N being how many data the loss is the mean of in all.
    Parameters that need no gradient stay as they are. Each call draws anew, in evaluation too, from
    torch's own generator.

    Parameters
    ----------
    module : Module
        Trained or not: the means begin at its weights.
    prior : float, law, Module that returns a law, or EmpiricalBayes
        Of each weight before the data: the standard deviation of a normal law around 0; a law of
        one number, on the whole line; a module, whose parameters are then learned; or
        `learn.EmpiricalBayes()`, a scale for each tensor that follows from the posterior.
    family : MeanField or LowRank
        Independent weights, if left out; or in each tensor `rank` factors in common.
    draw : str
        "by sample": each sample, a row of the first axis, has weights of its own in Linear layers,
        which draw their outputs (local reparametrisation), and in convolutions and Linear on
        tokens, which flip signs (flipout); any other layer draws its weights once a call.
        "once": all weights of the module are drawn once a pass, as layers used twice and tied
        weights need.
    linear : tuple of type
        Layers of your own that are linear in their weights, each of which serves each sample once:
        they draw their outputs.
    scale : float
        The standard deviation of each weight's law to begin with.

    Returns
    -------
    Module
        Its rate has one number a tensor of weights.

    Raises
    ------
    InputTypeError
        What is no module, no prior or no such family.
    InvalidInputError
        A module without a parameter to learn, or with random layers of its own; a parameter in two
        places (unless draw="once"); a prior that is not positive, or not on the whole line.

    References
    ----------
    Blundell et al., Weight uncertainty in neural networks, ICML 2015; Kingma, Salimans and Welling,
    Variational dropout and the local reparameterization trick, NeurIPS 2015; Wen et al., Flipout,
    ICLR 2018.

    >>> import torch
    >>> from kullback import learn
    >>> network = learn.bayesian(torch.nn.Linear(3, 2, bias=False), prior=1.0, scale=1.0)
    >>> _ = torch.nn.init.constant_(network.layer.weight, 0.5)
    >>> network(torch.zeros(5, 3)).shape
    torch.Size([5, 2])
    >>> learn.rate(network).value  # ½ Σ (m² + s² − 1) − log s, of six weights
    tensor([0.7500], grad_fn=<CatBackward0>)
    >>> round(learn.rate(network).per(n_data=100).value.item(), 6)
    0.0075
    """
    family = MeanField() if family is None else family
    _check(module, family, draw, scale)
    prior = checked_prior(prior)
    rank = family.rank if isinstance(family, LowRank) else 0
    made = copy.deepcopy(module)
    if draw == "once":
        return Drawn(made, _learned(made, True), prior, float(scale), rank, "once")
    _refuse_tied(made)
    return _replaced(made, prior, float(scale), rank, tuple(linear))


def _replaced(module: Any, prior: Any, scale: float, rank: int, linear: tuple[type, ...]) -> Any:
    whole = isinstance(module, WHOLE)
    if not whole:
        for name, child in module.named_children():
            setattr(module, name, _replaced(child, prior, scale, rank, linear))
    names = _learned(module, whole)
    if not names:
        return module
    how: How = "linear" if type(module) in linear else "once" if whole else "by sample"
    return Drawn(module, names, prior, scale, rank, how)


def _learned(module: Any, whole: bool) -> list[str]:
    return [name for name, p in module.named_parameters(recurse=whole) if p.requires_grad]


def _check(module: Any, family: Any, draw: Any, scale: Any) -> None:
    if not isinstance(module, torch.nn.Module):
        raise InputTypeError(f"bayesian(module) takes a torch Module, not {type(module).__name__}.")
    if not isinstance(family, (MeanField, LowRank)):
        raise InputTypeError(f"family={family!r}: learn.MeanField() or learn.LowRank(rank).")
    if draw not in ("by sample", "once"):
        raise InputTypeError(f'draw={draw!r}: "by sample" or "once" is needed.')
    if isinstance(scale, bool) or not isinstance(scale, (int, float)) or not 0 < scale < math.inf:
        raise InvalidInputError(f"scale={scale!r}: a positive standard deviation is needed.")
    if not _learned(module, True):
        raise InvalidInputError(
            f"{type(module).__name__} has no parameter that is learnt: there is no weight to draw."
        )
    random = [name or type(m).__name__ for name, m in module.named_modules() if isinstance(m, Paid)]
    if random:
        raise InvalidInputError(
            f"{', '.join(random)} of the module are random layers, paid for already. Take "
            "learn.bayesian of the parts before and after them."
        )


def _refuse_tied(module: Any) -> None:
    first: dict[int, str] = {}
    for name, p in module.named_parameters(remove_duplicate=False):
        other = first.setdefault(id(p), name)
        if other != name and p.requires_grad:
            raise InvalidInputError(
                f"{other} and {name} are one parameter, and two layers would draw it apart. "
                'learn.bayesian(module, draw="once") draws it once a pass.'
            )
