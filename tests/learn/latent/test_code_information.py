"""Bounds on what codes hold of all inputs, where it is known; their errors over fresh inputs."""

import math

import numpy as np
import pytest
import torch

from kullback import learn
from kullback.errors import InvalidInputError, NoMethodError

D = torch.distributions
TRUTH = 0.5 * math.log(1 + 4) + 0.5 * math.log(1 + 1)


def codes(inputs, seed):
    """Two dimensions, with I = ½ log 5 and ½ log 2: x ~ N(0, 1), of scale 0.5 and 1."""
    rng = torch.Generator().manual_seed(seed)
    x = torch.randn(inputs, 2, generator=rng, dtype=torch.float64)
    return D.Normal(x, torch.tensor([0.5, 1.0], dtype=torch.float64))


def test_the_truth_lies_between_on_average():
    found = [learn.code_information(codes(60, seed), rng=1000 + seed) for seed in range(150)]
    lower, upper = (np.array([getattr(f, k) for f in found]) for k in ("lower", "upper"))
    for values, place in ((lower, 0), (upper, 1)):
        stated = np.sqrt(np.mean([f.error[place] ** 2 for f in found]))
        assert stated == pytest.approx(values.std(ddof=1), rel=0.2)
    slip = 4 * lower.std() / 150**0.5
    assert lower.mean() < TRUTH < upper.mean()
    assert TRUTH - 0.1 - slip < lower.mean()
    assert upper.mean() < TRUTH + 0.2 + slip


def test_both_close_in_as_inputs_grow():
    found = learn.code_information(codes(3000, 0), rng=1, base=2)
    assert (found.n, found.unit) == (3000, "bits")
    for value, error in zip((found.lower, found.upper), found.error, strict=True):
        assert abs(value - TRUTH / math.log(2)) < 4 * error < 0.15
    assert 0 < found.upper - found.lower < 0.02
    assert f"{found.lower:.4f} ± {found.error[0]:.4f} ≤ I(X; Z) ≤" in repr(found)
    parts = learn.dissect(codes(3000, 0), D.Normal(0.0, 1.0), rng=1)
    assert found.lower == pytest.approx(parts.mutual_information / math.log(2), abs=0.1)


def test_classes():
    """One of four inputs is told with probability 0.9: log 4 − H."""
    p = torch.full((4, 1, 4), 0.1 / 3).where(~torch.eye(4, dtype=bool)[:, None], torch.tensor(0.9))
    law = D.Categorical(p.repeat(500, 1, 1))
    found = learn.code_information(law, rng=0)
    truth = math.log(4) + 0.9 * math.log(0.9) + 0.1 * math.log(0.1 / 3)
    assert abs(found.lower - truth) < 4 * found.error[0] < 0.1
    assert abs(found.upper - truth) < 4 * found.error[1] < 0.1


def test_codes_apart_show_all_that_n_inputs_can():
    law = D.Normal(10.0 * torch.arange(8.0)[:, None], 0.1)
    found = learn.code_information(law, rng=0, n=3)
    assert found.lower == pytest.approx(math.log(8))
    assert found.upper > 1000


def test_bad_input():
    with pytest.raises(InvalidInputError, match="1 inputs"):
        learn.code_information(codes(1, 0), rng=0)
    with pytest.raises(InvalidInputError, match="n=0"):
        learn.code_information(codes(5, 0), rng=0, n=0)
    with pytest.raises(InvalidInputError, match="rng=None"):
        learn.code_information(codes(5, 0), rng=None)
    with pytest.raises(NoMethodError, match="dimensions independent"):
        learn.code_information(D.Gamma(torch.ones(5, 2), 1.0), rng=0)
