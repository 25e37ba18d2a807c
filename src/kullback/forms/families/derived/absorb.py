"""Which family the image of a law is: rules by the law's class, None where there is none.

Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions (1994, 1995), lists them.
"""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.forms.families.derived.made import (
    Rule,
    exponential,
    first,
    is_all,
    logarithm,
    made,
    magnitude,
    raised,
    sign_of,
)
from kullback.forms.families.derived.shifts import affine
from kullback.forms.families.family import Family

__all__ = ["affine", "exp", "log", "logit", "made", "power", "sigmoid", "sign_of"]


def exp(law: Family) -> Family | None:
    """Return the law of eˣ."""
    return first(_EXP, law)


def log(law: Family) -> Family | None:
    """Return the law of log x."""
    return first(_LOG, law)


def power(law: Family, exponent: Any) -> Family | None:
    """Return the law of x^exponent."""
    return first(_POWER, law, exponent)


def sigmoid(law: Family) -> Family | None:
    """Return the law of 1/(1 + e⁻ˣ)."""
    return first(_SIGMOID, law)


def logit(law: Family) -> Family | None:
    """Return the law of log x/(1 − x)."""
    return first(_LOGIT, law)


# eˣ


def _exp_affine(law: Any) -> Family | None:
    """e^(a + s x) = eᵃ (eˣ)ˢ."""
    inner, a, s = law.law, law.loc, law.scale
    if type(inner).__name__ == "Exponential" and sign_of(s) == 1:
        return made("Pareto", inner.rate / s, exponential(a))
    if type(inner).__name__ == "Exponential" and sign_of(s) == -1 and is_all(a, 0):
        return made("Beta", -inner.rate / s, namespace(s).ones_like(s))
    if type(inner).__name__ == "Gumbel" and sign_of(s) == -1:
        scale = -s * inner.scale
        return made("Weibull", 1 / scale, exponential(a + s * inner.loc))
    raised = exp(inner)
    raised = None if raised is None else power(raised, s)
    return None if raised is None else affine(raised, exponential(a) * 0, exponential(a))


_EXP: dict[str, Rule] = {
    "Normal": lambda law: made("LogNormal", law.loc, law.scale),
    "Uniform": lambda law: made("LogUniform", exponential(law.low), exponential(law.high)),
    "Exponential": lambda law: made("Pareto", law.rate, namespace(law.rate).ones_like(law.rate)),
    "Logistic": lambda law: made("LogLogistic", 1 / law.scale, exponential(law.loc)),
    "Gumbel": lambda law: made("Frechet", 1 / law.scale, exponential(law.loc)),
    "Delta": lambda law: made("Delta", exponential(law.at)),
    "Log": lambda law: law.law,
    "Affine": _exp_affine,
}

# log x


def _log_weibull(law: Any) -> Family:
    zero, one = (
        namespace(law.scale).zeros_like(law.scale),
        namespace(law.scale).ones_like(law.scale),
    )
    return made("Affine", made("Gumbel", zero, one), logarithm(law.scale), -1 / law.shape)


def _log_pareto(law: Any) -> Family:
    return made(
        "Affine", made("Exponential", law.shape), logarithm(law.scale), law.scale / law.scale
    )


def _log_exponential(law: Any) -> Family:
    one = namespace(law.rate).ones_like(law.rate)
    return made("Affine", made("Gumbel", 0 * one, one), -logarithm(law.rate), -one)


_LOG: dict[str, Rule] = {
    "LogNormal": lambda law: made("Normal", law.loc, law.scale),
    "LogUniform": lambda law: made("Uniform", logarithm(law.low), logarithm(law.high)),
    "LogLogistic": lambda law: made("Logistic", logarithm(law.scale), 1 / law.shape),
    "Frechet": lambda law: made("Gumbel", logarithm(law.scale), 1 / law.shape),
    "Pareto": _log_pareto,
    "Weibull": _log_weibull,
    "Exponential": _log_exponential,
    "Exp": lambda law: law.law,
}

# x^e


def _power_gamma(law: Any, e: Any) -> Family | None:
    if is_all(e, -1):
        return made("InverseGamma", law.shape, law.rate)
    if sign_of(e) != 1:
        return None
    return made("GeneralizedGamma", law.shape, raised(law.rate, -e), 1 / e)


def _power_exponential(law: Any, e: Any) -> Family | None:
    sign = sign_of(e)
    if sign is None:
        return None
    return made("Weibull" if sign > 0 else "Frechet", 1 / magnitude(e), raised(law.rate, -e))


def _power_weibull(law: Any, e: Any) -> Family | None:
    sign = sign_of(e)
    if sign is None:
        return None
    same = type(law).__name__
    other = {"Weibull": "Frechet", "Frechet": "Weibull"}[same]
    return made(same if sign > 0 else other, law.shape / magnitude(e), raised(law.scale, e))


def _power_log_uniform(law: Any, e: Any) -> Family | None:
    sign = sign_of(e)
    if sign is None:
        return None
    ends = (raised(law.low, e), raised(law.high, e))
    return made("LogUniform", *ends[::sign])


def _power_pareto(law: Any, e: Any) -> Family | None:
    if sign_of(e) != 1:
        return None
    return made("Pareto", law.shape / e, raised(law.scale, e))


def _power_general(law: Any, e: Any) -> Family | None:
    if sign_of(e) != 1:
        return None
    return made("GeneralizedGamma", law.shape, raised(law.scale, e), law.power / e)


def _power_uniform(law: Any, e: Any) -> Family | None:
    if not (is_all(law.low, 0) and is_all(law.high, 1) and sign_of(e) == 1):
        return None
    return made("Beta", 1 / e, namespace(e).ones_like(e))


def _power_beta(law: Any, e: Any) -> Family | None:
    if sign_of(e) != 1:
        return None
    if is_all(law.b, 1):
        return made("Beta", law.a / e, law.b)
    return made("Kumaraswamy", 1 / e, law.b) if is_all(law.a, 1) else None


_POWER: dict[str, Rule] = {
    "Gamma": _power_gamma,
    "Exponential": _power_exponential,
    **dict.fromkeys(("Weibull", "Frechet"), _power_weibull),
    "LogNormal": lambda law, e: made("LogNormal", e * law.loc, magnitude(e) * law.scale),
    "LogLogistic": lambda law, e: made(
        "LogLogistic", law.shape / magnitude(e), raised(law.scale, e)
    ),
    "LogUniform": _power_log_uniform,
    "Pareto": _power_pareto,
    "GeneralizedGamma": _power_general,
    "Uniform": _power_uniform,
    "Beta": _power_beta,
    "InverseGamma": lambda law, e: made("Gamma", law.shape, law.scale) if is_all(e, -1) else None,
    "BetaPrime": lambda law, e: made("BetaPrime", law.b, law.a) if is_all(e, -1) else None,
    "Power": lambda law, e: (
        power(law.law, law.exponent * e) or made("Power", law.law, law.exponent * e)
    ),
}

# 1/(1 + e⁻ˣ)


def _sigmoid_logistic(law: Any) -> Family | None:
    if not (is_all(law.loc, 0) and is_all(law.scale, 1)):
        return None
    return made("Uniform", law.loc, law.scale)


_SIGMOID: dict[str, Rule] = {
    "Normal": lambda law: made("LogitNormal", law.loc, law.scale),
    "Logistic": _sigmoid_logistic,
}


def _logit_uniform(law: Any) -> Family | None:
    if not (is_all(law.low, 0) and is_all(law.high, 1)):
        return None
    return made("Logistic", law.low, law.high)


_LOGIT: dict[str, Rule] = {
    "LogitNormal": lambda law: made("Normal", law.loc, law.scale),
    "Uniform": _logit_uniform,
    "Sigmoid": lambda law: law.law,
}
