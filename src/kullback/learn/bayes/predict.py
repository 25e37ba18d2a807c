"""Asking a network that draws, several times over."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.bayes.prediction import Prediction, moments, of_classes, of_laws, refuse_nan

_DROPOUT = torch.nn.modules.dropout._DropoutNd


def predict(model: Any, /, *given: Any, draws: int | None = None) -> Prediction:
    """Return the mean of what a network's draws predict, its uncertainty in two parts.

    A network is asked in evaluation mode, its dropout layers left on: the weights of
    `learn.bayesian`, the codes of `learn.Latent` and Monte-Carlo dropout are all draws.

    Parameters
    ----------
    model : callable, or sequence of callables
        From the inputs to logits of k classes, shape (*batch, k), or to a law of torch: Categorical
        and Bernoulli are classes, and any with a mean and a variance predicts numbers. Several are
        an ensemble.
    given : tensor
        Its inputs.
    draws : int, optional
        How often each is asked: 100 for one, once for each of an ensemble.

    Returns
    -------
    Prediction
        Without gradients.

    Raises
    ------
    InvalidInputError
        Fewer than two draws in all; outputs that are NaN; draws of one model that are all the same.
    InputTypeError
        Outputs of another kind; what cannot be called.
    ShapeError
        Outputs whose shape changes from draw to draw.

    References
    ----------
    Depeweg et al., Decomposition of uncertainty in Bayesian deep learning, ICML 2018; Gal and
    Ghahramani, Dropout as a Bayesian approximation, ICML 2016.

    >>> import torch
    >>> from kullback import learn
    >>> sure = [lambda: torch.tensor([[5.0, 0.0]]), lambda: torch.tensor([[0.0, 5.0]])]
    >>> found = learn.predict(sure)
    >>> found.mean, found.total
    (tensor([[0.5000, 0.5000]]), tensor([0.6931]))
    >>> found.aleatoric, found.epistemic
    (tensor([0.0402]), tensor([0.6530]))
    """
    several = isinstance(model, (Sequence, torch.nn.ModuleList))
    models = list(model) if several else [model]
    strange = [type(each).__name__ for each in models if not callable(each)]
    if strange:
        raise InputTypeError(f"predict asks what can be called, not {strange[0]}.")
    times = draws if draws is not None else (1 if several else 100)
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise InvalidInputError(f"draws={draws!r}: a whole number is needed.")
    if times * len(models) < 2:
        raise InvalidInputError(
            f"draws={times} of {len(models)} model: two or more are needed to tell them apart."
        )
    said: list[Any] = []
    with torch.no_grad():
        for each in models:
            with _asked(each):
                said += [each(*given) for _ in range(times)]
        if len(models) == 1:
            _refuse_same(said)
        return _together(said)


def _together(said: list[Any]) -> Prediction:
    laws = torch.distributions
    shapes = {_shape(x) for x in said}
    alike = _all(said, torch.Tensor) or _all(said, laws.Distribution)
    if alike and len(shapes) > 1:
        raise ShapeError(f"The draws have shapes {sorted(shapes, key=str)}: one is needed.")
    if _all(said, torch.Tensor) and all(x.is_floating_point() and x.ndim for x in said):
        return of_classes(torch.stack(said))
    if _all(said, laws.Categorical):
        return of_classes(torch.stack([x.logits for x in said]))
    if _all(said, laws.Bernoulli):
        logits = torch.stack([x.logits for x in said])
        return of_classes(torch.stack([torch.zeros_like(logits), logits], -1))
    if _all(said, laws.Distribution):
        return of_laws(tuple(said))
    raise InputTypeError(
        f"The model gives {type(said[0]).__name__}; logits or laws of torch.distributions are "
        "taken, the same kind from each draw."
    )


def _shape(said: Any) -> tuple[int, ...]:
    if torch.is_tensor(said):
        return tuple(said.shape)
    if isinstance(said, torch.distributions.Distribution):
        return (*said.batch_shape, *said.event_shape)
    return ()


def _all(said: list[Any], kind: type) -> bool:
    return all(isinstance(x, kind) for x in said)


def _refuse_same(said: list[Any]) -> None:
    """Raise if nothing was drawn."""
    numbers = [_numbers(x) for x in said]
    first = numbers[0]
    if first is not None and all(
        x is not None and x.shape == first.shape and torch.equal(x, first) for x in numbers[1:]
    ):
        raise InvalidInputError(
            f"All {len(said)} draws are the same: nothing in the model is random. Make it one by "
            "learn.bayesian, give it torch.nn.Dropout layers, or give several models."
        )


def _numbers(said: Any) -> Any:
    if torch.is_tensor(said):
        refuse_nan(said)
        return said
    if isinstance(said, (torch.distributions.Categorical, torch.distributions.Bernoulli)):
        return said.logits
    if isinstance(said, torch.distributions.Distribution):
        return torch.stack(moments(said))
    return None


@contextmanager
def _asked(model: Any) -> Iterator[None]:
    """Put a module into evaluation mode with its dropout on, and back as it was."""
    modules = list(model.modules()) if isinstance(model, torch.nn.Module) else []
    before = [m.training for m in modules]
    for m in modules:
        m.training = isinstance(m, _DROPOUT)
    try:
        yield
    finally:
        for m, was in zip(modules, before, strict=True):
            m.training = was
