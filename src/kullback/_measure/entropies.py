"""Entropies, and the information between variables."""

from typing import Any

from kullback._measure.values import certain, in_unit, value_of
from kullback.arrays.checks import check_base
from kullback.arrays.namespace import namespace
from kullback.estimate import Asked
from kullback.forms import Discrete, Labels
from kullback.forms.coerce import coerce, coerce_table
from kullback.methods.exact.joint import information_value
from kullback.methods.exact.sums import exact_value
from kullback.questions import (
    ConditionalMutualInformation,
    CrossEntropy,
    Entropy,
    MutualInformation,
)

_ENTROPY = Entropy()
_CROSS_ENTROPY = CrossEntropy()
_MI = MutualInformation()
_CMI = ConditionalMutualInformation()


def entropy(
    p: Any, /, *, base: float | None = None, axis: int = -1, threads: int | None = None
) -> Any:
    """H(p) = −Σ p log p. Arguments as for `kl`.

    >>> import kullback as kb
    >>> kb.entropy([0.5, 0.25, 0.25], base=2)
    1.5
    """
    unit = check_base(base, applies=True, question=_ENTROPY.symbol)
    form = coerce(p, "p")
    if isinstance(form, Labels):
        labels = form.checked(-1, "p")
        return namespace(labels).zeros(labels.shape)
    if not isinstance(form, Discrete):
        return in_unit(certain(_ENTROPY, form, None, Asked(axis, threads or 0)), unit, form)
    return in_unit(exact_value(_ENTROPY, form, None, axis, threads or 0), unit, form)


def cross_entropy(
    p: Any, q: Any, /, *, base: float | None = None, axis: int = -1, threads: int | None = None
) -> Any:
    """H(p, q) = −Σ p log q; `cross_entropy(Labels(y), Logits(z))` is the classification loss.

    Arguments as for `kl`. One number a row, never a mean of rows.

    >>> import kullback as kb
    >>> kb.cross_entropy([0.5, 0.5], [0.9, 0.1])
    1.2039728...
    """
    return value_of(_CROSS_ENTROPY, p, q, base, axis, threads)


def mutual_information(
    joint: Any,
    /,
    *,
    base: float | None = None,
    axis: tuple[int, int] = (-2, -1),
    threads: int | None = None,
) -> Any:
    """I(X; Y) = KL(joint ‖ product of its marginals), of an exact joint table.

    Parameters
    ----------
    joint : array or form, shape (*batch, x, y)
        Probabilities, or `Counts`.
    axis : pair of int
        The axes of the two variables.

    >>> import kullback as kb
    >>> kb.mutual_information([[0.4, 0.1], [0.1, 0.4]], base=2)
    0.2780719...
    """
    unit = check_base(base, applies=True, question=_MI.symbol)
    form = coerce_table(joint, "joint")
    return in_unit(information_value(form, axis, threads or 0), unit, form)


def conditional_mutual_information(
    joint: Any,
    /,
    *,
    base: float | None = None,
    axis: tuple[int, int, int] = (-3, -2, -1),
    threads: int | None = None,
) -> Any:
    """I(X; Y | Z) = Σ_z p(z) KL(p(x, y | z) ‖ p(x | z) p(y | z)), of an exact joint table.

    Parameters
    ----------
    joint : array or form, shape (*batch, x, y, z)
        Probabilities, or `Counts`.
    axis : three int
        The axes of x, of y, and of z, which is known.

    Raises
    ------
    ShapeError, InputTypeError, InvalidInputError, NotNormalisedError
        Fewer than three axes, or one of them twice; numbers that are no probabilities.

    References
    ----------
    Cover and Thomas, Elements of Information Theory (2006), section 2.5.

    z = x XOR y of two fair coins: they tell nothing of each other, and all where z is known.

    >>> import kullback as kb
    >>> xor = [[[0.25, 0.0], [0.0, 0.25]], [[0.0, 0.25], [0.25, 0.0]]]
    >>> kb.conditional_mutual_information(xor)
    0.6931471...
    """
    unit = check_base(base, applies=True, question=_CMI.symbol)
    form = coerce_table(joint, "joint")
    return in_unit(information_value(form, axis, threads or 0), unit, form)
