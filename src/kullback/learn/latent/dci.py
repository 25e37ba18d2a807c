"""Disentanglement, completeness and informativeness of a code.

Of the importance Rⱼₖ of dimension j in telling factor k, with shares Pⱼₖ = Rⱼₖ/Σₖ Rⱼₖ of a row,
P̃ⱼₖ = Rⱼₖ/Σⱼ Rⱼₖ of a column, and ρⱼ = Σₖ Rⱼₖ/Σ R,

    D = Σⱼ ρⱼ (1 − H(Pⱼ)/log K),   C = mean over k of 1 − H(P̃ₖ)/log d

D is 1 where each dimension serves one factor, C where each factor is served by one dimension. I is
how often a factor is told rightly from codes that were left out of the learning.

References
----------
Eastwood and Williams, A framework for the quantitative evaluation of disentangled representations,
ICLR 2018.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import InputTypeError, InvalidInputError, MissingExtraError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.latent.factors import read_factors
from kullback.learn.ranks import Ranks
from kullback.learn.terms.draws import seed_of

_LEFT_OUT = 0.25


@dataclass(frozen=True, eq=False)
class DCI:
    """The scores of an importance matrix, your own or that of `dci`.

    Attributes
    ----------
    importance : array, shape (d, K)
        How much each dimension does in telling each factor; no number below 0.
    accuracy : tensor, shape (K,), or None
        How often each factor is told rightly.
    names : tuple of str
        The factors.

    Raises
    ------
    ShapeError, InvalidInputError
        Fewer than two dimensions or factors; importances that are negative or not finite; a factor
        for which no dimension has any.

    >>> from kullback import learn
    >>> learn.DCI([[3.0, 1.0], [0.0, 4.0]])  # H(¾) = 0.811 bits, H(⅕) = 0.722 bits
    DCI(disentanglement 0.594, completeness 0.639)
    """

    importance: Any
    accuracy: Any = None
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        r = torch.as_tensor(self.importance, dtype=torch.float64)
        if r.ndim != 2 or min(r.shape) < 2:
            raise ShapeError(
                f"The importance has shape {tuple(r.shape)}: (d, K) is needed, two dimensions and "
                "two factors or more."
            )
        if not bool((torch.isfinite(r) & (r >= 0)).all()):
            raise InvalidInputError(
                f"The importance lies between {float(r.min()):g} and {float(r.max()):g}; finite "
                "numbers from 0 on are needed."
            )
        for k in (r.sum(0) == 0).nonzero().flatten().tolist():
            name = self.names[k] if self.names else f"factor {k}"
            raise InvalidInputError(
                f"No dimension has any importance for {name}: its completeness is not defined. "
                "Leave it out."
            )
        object.__setattr__(self, "importance", r)

    @property
    def by_dimension(self) -> Any:
        """1 − H(Pⱼ)/log K, shape (d,); NaN where a dimension has no importance."""
        r = self.importance
        shares = r / r.sum(1, keepdim=True)
        return 1 - torch.special.entr(shares).sum(1) / math.log(r.shape[1])

    @property
    def by_factor(self) -> Any:
        """1 − H(P̃ₖ)/log d, shape (K,)."""
        r = self.importance
        return 1 - torch.special.entr(r / r.sum(0)).sum(0) / math.log(r.shape[0])

    @property
    def disentanglement(self) -> float:
        """D: whether each dimension serves one factor."""
        serves = self.importance.sum(1)
        used = serves > 0
        return float((serves * self.by_dimension)[used].sum() / serves.sum())

    @property
    def completeness(self) -> float:
        """C: whether each factor is served by one dimension."""
        return float(self.by_factor.mean())

    @property
    def informativeness(self) -> float | None:
        """I: the mean accuracy; None of a matrix alone."""
        return None if self.accuracy is None else float(self.accuracy.mean())

    def __repr__(self) -> str:
        """Show the scores."""
        told = "" if self.accuracy is None else f", informativeness {self.informativeness:.3f}"
        scores = f"disentanglement {self.disentanglement:.3f}, completeness {self.completeness:.3f}"
        return f"DCI({scores}{told})"


def dci(codes: Any, factors: Any, /, *, rng: Any, model: Any = None) -> DCI:
    """Return disentanglement, completeness and informativeness of a code, by learning its factors.

    A quarter of the inputs, by chance, is left out of the learning and measures the accuracy.
    Dimensions are centred and brought to unit variance.

    Parameters
    ----------
    codes : tensor or array, shape (N, d)
        A row an input: draws of the posterior. Its means would show what no draw does, since trees
        read the smallest movement of a dimension that noise drowns.
    factors : dict of name to N values, or array, shape (N, K)
        Numbers or words; a value is a class.
    rng : seed or torch.Generator
        Which inputs are left out, and what the trees draw.
    model : classifier with scikit-learn's methods, optional
        One is trained for each factor; its `feature_importances_` or the size of its `coef_` are
        the importance, for each factor brought to the sum 1. Left out, 30 bagged trees that look
        at all dimensions, no leaf below one per cent of the inputs.

    Raises
    ------
    MissingExtraError
        Without scikit-learn.
    InvalidInputError, ShapeError
        What `DCI` refuses; codes that are not finite; a factor with one value, or with another for
        each input.

    >>> import torch
    >>> from kullback import learn
    >>> up, right = torch.arange(64) // 8, torch.arange(64) % 8
    >>> learn.dci(torch.stack([right, up], 1), {"up": up // 4, "right": right // 2}, rng=0)
    DCI(disentanglement 1.000, completeness 1.000, informativeness 1.000)
    """
    z = np.asarray(codes.detach().cpu() if torch.is_tensor(codes) else codes, dtype=np.float64)
    if z.ndim != 2:
        raise ShapeError(f"The codes have shape {z.shape}; (N, d) is needed.")
    if not np.isfinite(z).all():
        raise InvalidInputError(f"The codes are not finite at {(~np.isfinite(z)).sum()} places.")
    known = read_factors(factors, len(z), Ranks("self"))
    spread = z.std(0)
    z = (z - z.mean(0)) / np.where(spread > 0, spread, 1.0)
    seed = seed_of(rng) % 2**32
    order = np.random.default_rng(seed).permutation(len(z))
    cut = max(1, int(_LEFT_OUT * len(z)))
    kept, learnt = order[:cut], order[cut:]
    importance, accuracy = [], []
    for values in known.values:
        v = values.numpy()
        trained = _model(model, seed).fit(z[learnt], v[learnt])
        importance.append(_importance(trained))
        accuracy.append((trained.predict(z[kept]) == v[kept]).mean())
    return DCI(np.stack(importance, 1), torch.tensor(np.array(accuracy)), known.names)


def _model(given: Any, seed: int) -> Any:
    try:
        from sklearn.base import clone
        from sklearn.ensemble import RandomForestClassifier
    except ModuleNotFoundError:
        raise MissingExtraError(
            "learn.dci needs scikit-learn: pip install 'kullback[samples]'. learn.DCI(importance) "
            "does without."
        ) from None
    if given is not None:
        return clone(given)
    return RandomForestClassifier(30, max_features=None, min_samples_leaf=0.01, random_state=seed)


def _importance(trained: Any) -> Any:
    """Return how much each dimension does, of sum 1 unless it is 0."""
    if hasattr(trained, "feature_importances_"):
        r = np.asarray(trained.feature_importances_, dtype=np.float64)
    elif hasattr(trained, "coef_"):
        r = np.abs(np.atleast_2d(trained.coef_)).mean(0)
    else:
        raise InputTypeError(
            f"{trained!r} has neither feature_importances_ nor coef_: what matters to it is not "
            "known. Measure it, and give the matrix to learn.DCI."
        )
    total = r.sum()
    return r / total if total > 0 else r
