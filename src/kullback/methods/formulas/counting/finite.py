"""Pairs whose p has finitely many outcomes: the sum over them."""

from kullback.forms.families.counting import (
    Bernoulli,
    BetaBinomial,
    Binomial,
    DiscreteUniform,
    Geometric,
    LogSeries,
    NegativeBinomial,
    Poisson,
    Skellam,
    Zipf,
)
from kullback.forms.families.family import Family
from kullback.methods.formulas.finite import finite_kl
from kullback.methods.formulas.registry import KL_FORMULAS, closed_form

_FINITE: dict[type[Family], tuple[type[Family], ...]] = {
    Bernoulli: (
        Binomial, Poisson, Geometric, NegativeBinomial, BetaBinomial, DiscreteUniform, Skellam,
    ),
    Binomial: (Poisson, Geometric, NegativeBinomial, BetaBinomial, DiscreteUniform, Skellam),
    BetaBinomial: (
        Binomial, Poisson, Geometric, NegativeBinomial, DiscreteUniform, Skellam,
    ),
    DiscreteUniform: (Binomial, Poisson, NegativeBinomial, BetaBinomial, Skellam, Zipf, LogSeries),
}  # fmt: skip


for _p, _qs in _FINITE.items():
    for _q in _qs:
        closed_form(
            KL_FORMULAS, _p, _q, states="Σ p log(p/q) over the finitely many outcomes of p",
            source="definition", domain="the range of q contains that of p",
        )(finite_kl)  # fmt: skip
