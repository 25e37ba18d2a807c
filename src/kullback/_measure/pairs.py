"""All rows against all rows."""

from typing import Any

from kullback._measure.values import in_unit
from kullback.arrays.checks import check_base
from kullback.errors import InputTypeError
from kullback.forms.coerce import coerce_table
from kullback.methods.exact.pairs import pairwise_value
from kullback.questions import KL, Question

_KL = KL()


def pairwise(
    P: Any,
    Q: Any = None,
    /,
    *,
    of: Question = _KL,
    base: float | None = None,
    threads: int | None = None,
) -> Any:
    """Return the matrix of a question between all rows of P and of Q (of P, if Q is left out).

    Parameters
    ----------
    P, Q : array or form, shape (n, k) and (m, k)
        Rows of probabilities, or forms.
    of : Question
        What to ask: `KL()`, `JensenShannon()`, …

    Returns
    -------
    array, shape (n, m)
        Entry (i, j) is the question of row i of P and row j of Q; never more than a block of (n, m,
        k) is held.

    >>> import kullback as kb
    >>> kb.pairwise([[0.5, 0.5], [0.9, 0.1]], of=kb.KL())
    array([[0.        , 0.51082562],
           [0.36806421, 0.        ]])
    """
    if not isinstance(of, Question) or of.arguments != 2:
        raise InputTypeError(
            f"of={of!r} is not a question about two distributions, such as kb.KL()."
        )
    unit = check_base(base, of.information, of.symbol)
    second = None if Q is None else coerce_table(Q, "Q")
    return in_unit(pairwise_value(of, coerce_table(P, "P"), second, threads or 0), unit)
