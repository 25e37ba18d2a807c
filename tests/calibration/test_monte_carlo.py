"""Do the intervals of Monte Carlo cover what they say?"""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.methods.monte_carlo import K1, K3, Balanced, MonteCarlo
from kullback.methods.quadrature import Quadrature

f = kb.families
SEEDS = 400


def coverage(by, of, p, q, truth):
    """Return how often the 95 % interval holds the truth, over seeds."""
    hits = 0
    for seed in range(SEEDS):
        low, high = kb.measure(p, q, of=of, by=by, rng=seed).interval(0.95)
        hits += bool(low <= truth <= high)
    return hits / SEEDS


@pytest.mark.parametrize(
    "by",
    [MonteCarlo(500, K1()), MonteCarlo(500, K3()), MonteCarlo(500, Balanced()),
     MonteCarlo(500, K1(), stratified=True)], ids=repr,
)  # fmt: skip
def test_intervals_of_kl(by):
    rate = coverage(by, kb.KL(), f.Normal(0, 1), f.Normal(0.4, 1), 0.08)
    assert 0.95 - 4 * math.sqrt(0.95 * 0.05 / SEEDS) < rate
    if not by.stratified:
        assert rate < 0.99


@pytest.mark.parametrize("of", [kb.TotalVariation(), kb.JensenShannon(), kb.Hellinger()], ids=repr)
def test_intervals_of_bounded_questions(of):
    p, q = f.Normal(0, 1), f.Normal(1, 1)
    truth = float(kb.measure(p, q, of=of, by=Quadrature()).value)
    rate = coverage(MonteCarlo(500), of, p, q, truth)
    assert abs(rate - 0.95) < 4 * math.sqrt(0.95 * 0.05 / SEEDS)


def test_standard_errors_are_the_spread_of_answers():
    p, q = f.Normal(0, 1), f.Normal(1, 2)
    found = [kb.measure(p, q, by=MonteCarlo(500), rng=seed) for seed in range(SEEDS)]
    spread = np.std([x.value for x in found])
    assert abs(np.mean([x.error for x in found]) / spread - 1) < 0.15
