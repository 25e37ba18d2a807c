"""The mutual information gap against enumeration, quadrature, and its invariances."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

import kullback as kb
from kullback import learn
from kullback.errors import InvalidInputError, NoMethodError, ShapeError

D = torch.distributions
BIT = math.log(2)


def grid(*sizes):
    """Return every combination of factors with so many values, a row each."""
    return torch.cartesian_prod(*(torch.arange(size) for size in sizes))


def sharp(codes, scale=1e-3):
    """Return posteriors so narrow that codes are as good as classes."""
    return D.Normal(codes.double(), scale)


def by_enumeration(codes, factors):
    """Return MIG of codes that are numbers, from tables of codes and values, in double sums."""
    gaps = []
    for v in factors.T.tolist():
        held = []
        for z in codes.T.tolist():
            joint = {}
            for pair in zip(z, v, strict=True):
                joint[pair] = joint.get(pair, 0) + 1 / len(v)
            of_z = {a: sum(p for (c, _), p in joint.items() if c == a) for a, _ in joint}
            of_v = {b: sum(p for (_, w), p in joint.items() if w == b) for _, b in joint}
            held.append(sum(p * math.log(p / of_z[a] / of_v[b]) for (a, b), p in joint.items()))
        entropy = -sum(p * math.log(p) for p in of_v.values())
        low, high = sorted(held)[-2:]
        gaps.append((high - low) / entropy)
    return gaps


def test_a_dimension_for_each_factor_has_gap_one():
    v = grid(3, 4, 2)
    spare = torch.zeros(len(v), 1)
    found = learn.mig(sharp(torch.cat([spare, v[:, [2, 0, 1]]], 1)), v, rng=0)
    assert found.value == pytest.approx(1, abs=1e-12)
    assert found.information.max(0).indices.tolist() == [2, 3, 1]
    assert found.entropy.tolist() == pytest.approx([math.log(3), math.log(4), math.log(2)])


def test_a_rotated_code_has_none():
    """Of two bits, sum and difference each tell half of each."""
    v = grid(2, 2)
    rotated = torch.stack([v[:, 0] + v[:, 1], v[:, 0] - v[:, 1]], 1)
    found = learn.mig(sharp(rotated), v, rng=0)
    assert abs(found.value) < 1e-12
    assert found.information.flatten().tolist() == pytest.approx([BIT / 2] * 4)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_enumerated_one_for_any_table(seed):
    """Factors of unequal size and unequal frequency, and codes that mix them."""
    source = np.random.default_rng(seed)
    v = np.stack([source.integers(0, 2, 60), source.choice(4, 60, p=[0.5, 0.3, 0.15, 0.05])], 1)
    codes = np.stack([v[:, 0] + v[:, 1], v[:, 1] // 2, source.integers(0, 3, 60)], 1)
    found = learn.mig(sharp(torch.tensor(codes)), v, rng=seed)
    truth = by_enumeration(codes, v)
    assert found.gaps.tolist() == pytest.approx(truth, abs=1e-9)
    assert found.value == pytest.approx(np.mean(truth), abs=1e-9)
    assert found.value > 0.05


def test_overlapping_posteriors_are_mixtures():
    """I(z; v) of the mixtures by quadrature."""
    loc = torch.tensor([[0.0, 0.3], [0.4, -0.2], [1.5, 0.1], [2.5, 0.0]], dtype=torch.float64)
    scale = torch.tensor([[0.5, 1.0], [1.2, 0.7], [0.6, 0.9], [0.3, 1.1]], dtype=torch.float64)
    v = np.array([0, 0, 1, 1])
    x = np.linspace(-9, 10, 20_001)
    held = []
    for j in (0, 1):
        each = [stats.norm.pdf(x, m, s) for m, s in zip(loc[:, j], scale[:, j], strict=True)]
        low, high, whole = np.mean(each[:2], 0), np.mean(each[2:], 0), np.mean(each, 0)
        terms = sum(0.5 * a * np.log(np.maximum(a, 1e-300) / whole) for a in (low, high))
        held.append(integrate.simpson(terms, x=x))
    found = learn.mig(D.Normal(loc, scale), v[:, None], rng=0, n=20_000)
    assert found.information[:, 0].tolist() == pytest.approx(held, abs=0.01)
    assert abs(found.value - (held[0] - held[1]) / BIT) < 4 * found.error < 0.02
    assert found.value > 0.3


def test_its_error_is_that_of_repetition():
    v = grid(4, 4)
    law = D.Normal(v.double() @ torch.tensor([[1.0, 0.4], [0.2, 0.8]]).double(), 0.7)
    found = [learn.mig(law, v, rng=seed, n=4) for seed in range(200)]
    spread = np.std([f.value for f in found], ddof=1)
    assert math.sqrt(np.mean([f.error**2 for f in found])) == pytest.approx(spread, rel=0.2)


def test_order_and_scale_of_dimensions_do_not_matter():
    v = grid(3, 5)
    m = torch.tensor([[1.0, 0.3, 0.0], [0.1, 0.5, 0.2]], dtype=torch.float64)
    loc = v.double() @ m
    one = learn.mig(D.Normal(loc, 0.4), v, rng=3, n=2000)
    stretch = torch.tensor([-100.0, 1e-3, 7.0], dtype=torch.float64)
    order = [2, 0, 1]
    other = learn.mig(
        D.Normal((loc * stretch)[:, order], (0.4 * stretch.abs())[order]), v, rng=3, n=2000
    )
    assert abs(one.value - other.value) < 4 * math.hypot(one.error, other.error)
    assert torch.allclose(one.information[order], other.information, atol=0.03)
    assert one.value > 0.1


def test_classes_are_summed():
    """Against kb.mutual_information of the joint table."""
    v = torch.tensor([0, 0, 1, 1, 2, 2, 2])
    logits = torch.randn(7, 2, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    found = learn.mig(D.Categorical(logits=2 * logits), {"kind": v}, rng=0)
    q = (2 * logits).softmax(-1)
    joint = torch.stack([q[v == k].sum(0) / 7 for k in range(3)])  # (value, dimension, class)
    held = [float(kb.mutual_information(joint[:, j])) for j in (0, 1)]
    assert found.information[:, 0].tolist() == pytest.approx(held, rel=1e-12)
    assert found.value == pytest.approx(abs(held[0] - held[1]) / float(found.entropy), rel=1e-12)
    assert found.error == 0
    certain = D.Categorical(probs=torch.eye(7)[:, None].expand(7, 2, 7))
    assert learn.mig(certain, {"kind": v}, rng=0).value == 0


def test_factors_may_be_words_and_have_names():
    v = grid(2, 2)
    words = {"shape": np.array(["square", "ring"])[v[:, 0]], "side": v[:, 1].double() / 2}
    found = learn.mig(sharp(v), words, rng=0)
    assert found.names == ("shape", "side")
    assert repr(found) == "InformationGap(1.000 ± 0.000: shape 1.000, side 1.000)"
    assert "shape: dimension 0 knows 0.693 of 0.693 nats, dimension 1 " in found.explain()


def test_what_tells_nothing_is_refused():
    v = grid(2, 3)
    law = sharp(v)
    with pytest.raises(InvalidInputError, match="factor colour is red of all 6 inputs"):
        learn.mig(law, {"side": v[:, 0], "colour": ["red"] * 6}, rng=0)
    with pytest.raises(InvalidInputError, match="6 values for 6 inputs: that names"):
        learn.mig(law, torch.arange(6)[:, None], rng=0)
    with pytest.raises(InvalidInputError, match="NaN of 1 inputs"):
        learn.mig(law, {"a": [0.0, 1, 1, 0, 1, math.nan]}, rng=0)
    with pytest.raises(ShapeError, match="factor a has 3 values for 6"):
        learn.mig(law, {"a": [0, 1, 1]}, rng=0)
    with pytest.raises(ShapeError, match=r"\(N, K\)"):
        learn.mig(law, v[:, 0], rng=0)
    with pytest.raises(InvalidInputError, match="one dimension"):
        learn.mig(sharp(v[:, :1]), v, rng=0)
    with pytest.raises(NoMethodError, match=r"batch \(N, d\)"):
        learn.mig(learn.VonMisesFisherCode(3).posterior(torch.ones(6, 4)), v, rng=0)
    with pytest.raises(InvalidInputError, match="n=1"):
        learn.mig(law, v, rng=0, n=1)
    with pytest.raises(InvalidInputError, match="seed"):
        learn.mig(law, v, rng=None)


def test_a_posterior_that_is_nan_is_refused():
    v = grid(2, 3)
    mean = v.double()
    mean[2, 1] = math.nan
    normal = torch.distributions.Normal(mean, 0.1, validate_args=False)
    logits = mean[..., None] * torch.ones(2)
    classes = torch.distributions.Categorical(logits=logits, validate_args=False)
    for law in (normal, classes):
        with pytest.raises(InvalidInputError, match="1 of 6 inputs is no law"):
            learn.mig(law, v, rng=0)
