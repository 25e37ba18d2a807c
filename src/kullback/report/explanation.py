"""Where a column's divergence comes from: its own values, and what other columns account for."""

from dataclasses import dataclass

from kullback.report.result import ColumnComparison


@dataclass(frozen=True)
class Part:
    """One outcome of the other column: how its share changed, and the column within it.

    Attributes
    ----------
    label : str
        The outcome.
    reference, current : float
        Its share of rows on both sides.
    mix : float
        Its non-negative share of KL(other), the change of the mix.
    within : float
        Its share of E KL(column | other): how the column changed in rows with this outcome, times
        their current share.
    """

    label: str
    reference: float
    current: float
    mix: float
    within: float


@dataclass(frozen=True)
class Split:
    """The chain rule KL(X, Y) = KL(Y) + E KL(X | Y) = KL(X) + E KL(Y | X), X the column.

    Attributes
    ----------
    by : str
        The other column, Y.
    joint : float
        KL(X, Y), over the cells of both.
    of_column, of_by : float
        KL(X) and KL(Y).
    column_given_by : float
        E KL(X | Y): what is left of X's change in rows that agree on Y. Small where Y accounts
        for it.
    by_given_column : float
        E KL(Y | X): what Y's change adds beyond X's.
    chance : float
        What E KL(X | Y) shows on average where X does not differ in rows that agree on Y.
    floor : float
        Where it does not, E KL(X | Y) lies above this once in twenty times.
    prior : float
        Added to every count of both tables: 0, or ½ (Jeffreys) where KL would be infinite.
    parts : tuple of Part
        By outcome of Y, in its order.
    """

    by: str
    joint: float
    of_column: float
    of_by: float
    column_given_by: float
    by_given_column: float
    chance: float
    floor: float
    prior: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Explanation:
    """One column's comparison, and how each other column splits it.

    Splits come in the order of `column_given_by` less `chance`: first the column that accounts for
    most of the change.
    """

    reference: str
    current: str
    base: float
    unit: str
    column: ColumnComparison
    splits: tuple[Split, ...]
    notes: tuple[str, ...] = ()
