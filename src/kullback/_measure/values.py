"""The exact value of a question of two forms, in the library and the unit of the caller."""

from typing import Any

from kullback.arrays.checks import check_base
from kullback.estimate import Asked
from kullback.forms import Discrete, Form, Samples
from kullback.forms.coerce import coerce
from kullback.methods.exact.sums import exact_value
from kullback.methods.transport import table_distance
from kullback.questions import Question, Wasserstein


def value_of(of: Question, p: Any, q: Any, base: Any, axis: int, threads: int | None) -> Any:
    """Return the exact answer of a question of two forms, in the caller's library."""
    unit = check_base(base, of.information, of.symbol)
    first, second = coerce(p, "p"), coerce(q, "q")
    if isinstance(of, Wasserstein) and isinstance(first, Discrete) and isinstance(second, Discrete):
        value = table_distance(of, first, second, axis)
    elif isinstance(of, Wasserstein) and isinstance(first, Samples) and isinstance(second, Samples):
        value = _between_samples(of, first, second)
    elif isinstance(first, Discrete) and isinstance(second, Discrete):
        value = exact_value(of, first, second, axis, threads or 0)
    else:
        value = certain(of, first, second, Asked(axis, threads or 0))
    return in_unit(value, unit, first, second)


def _between_samples(of: Wasserstein, p: Samples, q: Samples) -> Any:
    """Return W of two samples as they are."""
    from kullback.methods.samples.transport.distance import samples_distance

    return samples_distance(of.order, p, q)


def certain(of: Question, p: Form, q: Form | None, asked: Asked) -> Any:
    """Return the answer of laws; their rooms are many, and load when the first law is asked."""
    from kullback.methods.choose import certain_value

    check_laws(p, q)
    return certain_value(of, p, q, asked)


def check_laws(p: Form, q: Form | None) -> None:
    from kullback.forms.families.family import Family
    from kullback.forms.families.fit import check_same_outcomes

    if isinstance(p, Family) and isinstance(q, Family):
        check_same_outcomes(p, q)


def in_unit(value: Any, unit: float, *forms: Form) -> Any:
    """Return the value in its unit; a float where all that was given were lists."""
    value = value if unit == 1.0 else value / unit
    listed = bool(forms) and all(form.listed for form in forms) and not value.shape
    return float(value) if listed else value
