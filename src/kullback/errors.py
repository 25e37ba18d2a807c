"""Every error of the library: what happened (with the numbers), why, and what to do next."""

from typing import Any


class KullbackError(Exception):
    """The base of every error that kullback raises on purpose."""


class InvalidInputError(KullbackError, ValueError):
    """An argument holds values for which the question is not defined."""


class NotNormalisedError(InvalidInputError):
    """Numbers given as probabilities do not sum to one."""


class ShapeError(InvalidInputError):
    """Two arguments have shapes that do not fit each other."""


class InputTypeError(KullbackError, TypeError):
    """An argument is of a kind that is not accepted here."""


class MixedArraysError(InputTypeError):
    """Two arguments live in different array libraries or on different devices."""


class NoMethodError(KullbackError, NotImplementedError):
    """No method can answer the question; the message lists each one's reason."""


class AccuracyError(KullbackError, ArithmeticError):
    """An integral missed the tolerance asked for.

    Attributes
    ----------
    value, error : array
        What was found, and how wrong it may be.
    """

    def __init__(self, message: str, value: Any = None, error: Any = None) -> None:
        super().__init__(message)
        self.value = value
        self.error = error


class MissingExtraError(KullbackError, ImportError):
    """A feature needs a package that is not installed; the message names the extra."""


class TableError(KullbackError, ValueError):
    """A table is missing, unreadable or empty, or two tables cannot be compared."""
