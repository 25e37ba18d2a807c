"""Do KSG's intervals cover, and its p-values alarm, as often as they say?"""

import math

import numpy as np
import pytest

import kullback as kb

MI, CMI, TE = kb.MutualInformation(), kb.ConditionalMutualInformation(), kb.TransferEntropy()


def alarms(of, draw, seeds=50, level=0.1, **options):
    """How often p ≤ level."""
    method = kb.KSG(resamples=0, permutations=19, **options)
    found = [
        kb.measure(draw(np.random.default_rng(seed)), of=of, by=method, rng=seed).p_value
        for seed in range(seeds)
    ]
    return np.mean(np.asarray(found) <= level)


def binomial(rate, seeds=50):
    return 3.5 * math.sqrt(rate * (1 - rate) / seeds)


def walk(n, rng):
    """A series that remembers: each value 0.8 of the last, and noise."""
    x = rng.normal(size=n)
    for t in range(1, n):
        x[t] += 0.8 * x[t - 1]
    return x


def test_false_alarms_of_independence():
    def draw(rng):
        return kb.Samples(*rng.normal(size=(2, 100)))

    assert abs(alarms(MI, draw) - 0.1) < binomial(0.1)


def test_false_alarms_given_a_third_variable():
    """x and y share z, so that they depend; given z they do not."""

    def draw(rng):
        x, y, z = rng.normal(size=(3, 150))
        return kb.Samples(x + z, y + z, z)

    assert alarms(CMI, draw) < 0.1 + binomial(0.1)
    dropped = lambda rng: kb.Samples(*draw(rng).variables[:2])  # noqa: E731
    assert alarms(MI, dropped, seeds=20) > 0.8


def test_false_alarms_through_time():
    """Series with a memory and nothing in common; as blocks they are exchanged whole."""
    assert alarms(TE, lambda rng: kb.Samples(walk(120, rng), walk(120, rng))) < 0.1 + binomial(0.1)

    def blocks(rng):
        x, y = (np.concatenate([walk(10, rng) for _ in range(12)]) for _ in "xy")
        return kb.Samples(x, y, block=np.arange(120) // 10)

    assert alarms(MI, blocks) < 0.1 + binomial(0.1)


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_intervals_cover(rho):
    """95 % intervals of 40 samples: docs/information.json has 100 of each of twelve laws."""
    held = 0
    for seed in range(40):
        x, noise = np.random.default_rng(seed).normal(size=(2, 150))
        y = rho * x + math.sqrt(1 - rho**2) * noise
        answer = kb.measure(
            kb.Samples(x, y), of=MI, by=kb.KSG(resamples=60, permutations=0), rng=seed
        )
        low, high = answer.interval()
        held += low <= -0.5 * math.log(1 - rho**2) <= high
    assert held >= 40 * 0.95 - 3.5 * math.sqrt(40 * 0.95 * 0.05)
