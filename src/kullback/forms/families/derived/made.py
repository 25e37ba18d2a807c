"""What the rules of images are written with."""

from collections.abc import Callable
from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.forms.families.family import Family

Rule = Callable[..., Family | None]


def sign_of(x: Any) -> int | None:
    """Return 1 or −1 where all elements have that sign; None where not, or where it is unseen."""
    if is_traced(x):
        return None
    xp = namespace(x)
    if bool(xp.all(x > 0)):
        return 1
    return -1 if bool(xp.all(x < 0)) else None


def is_all(x: Any, number: float) -> bool:
    """Tell whether all elements are known to be a number."""
    return not is_traced(x) and bool(namespace(x).all(x == number))


def made(name: str, *parameters: Any) -> Family:
    """Return the family of that name; a name, because families import this room."""
    from kullback.forms import families

    law: Family = getattr(families, name)(*parameters)
    return law


def magnitude(x: Any) -> Any:
    """|x|."""
    return namespace(x).abs(x)


def logarithm(x: Any) -> Any:
    """Log x."""
    return namespace(x).log(x)


def exponential(x: Any) -> Any:
    """Eˣ."""
    return namespace(x).exp(x)


def raised(x: Any, exponent: Any) -> Any:
    """x^exponent, x positive."""
    return exponential(exponent * logarithm(x))


def first(rules: dict[str, Rule], law: Family, *by: Any) -> Family | None:
    """Apply the rule of the law's class, or that of the class it is canonically of."""
    for candidate in (law, law.canonical()):
        rule = rules.get(type(candidate).__name__)
        found = None if rule is None else rule(candidate, *by)
        if found is not None:
            return found
    return None
