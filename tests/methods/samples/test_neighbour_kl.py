"""KL by neighbours: the definition by enumeration, closed forms, invariance, ties."""

import numpy as np
import pytest
from scipy.special import digamma

import kullback as kb
from kullback.errors import InvalidInputError
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.neighbour_kl import LEAST, NearestNeighbours

PEER = 0.46484270518043647
ADAPTIVE, FIXED = NearestNeighbours(), NearestNeighbours(k=3)


def kl(x, y, method=ADAPTIVE, of=None):
    return method.estimate(of or kb.KL(), Draws(np.atleast_2d(x.T).T, np.atleast_2d(y.T).T))


def equicorrelated(n, d, rho, rng):
    return np.sqrt(1 - rho) * rng.normal(size=(n, d)) + np.sqrt(rho) * rng.normal(size=(n, 1))


def gaussian_kl(first, second):
    inverse = np.linalg.inv(second)
    logs = np.linalg.slogdet(second)[1] - np.linalg.slogdet(first)[1]
    return 0.5 * (np.trace(inverse @ first) - len(first) + logs)


def enumerated(x, y, least):
    """The definition, a row and a neighbour at a time."""
    n, m, total = len(x), len(y), 0.0
    for i in range(n):
        to_x = sorted(np.linalg.norm(x[i] - x[j]) for j in range(n) if j != i)
        to_y = sorted(np.linalg.norm(x[i] - y[j]) for j in range(m))
        rho, nu = to_x[least - 1], to_y[least - 1]
        far = max(rho, nu)
        held_x = sum(r <= far for r in to_x)
        held_y = sum(r <= far for r in to_y)
        total += digamma(held_x + (nu >= rho)) - digamma(held_y + (rho >= nu))
    return total / n + np.log(m / (n - 1))


@pytest.mark.parametrize("d", [1, 2, 7, 14])
def test_the_definition_on_twenty_points(d):
    rng = np.random.default_rng(d)
    x, y = rng.normal(size=(20, d)), 0.5 + rng.normal(size=(17, d))
    assert kl(x, y) == pytest.approx(enumerated(x, y, LEAST), abs=1e-12)
    assert abs(enumerated(x, y, LEAST) - enumerated(y, x, LEAST)) > 0.01


def test_the_definition_with_ties():
    rng = np.random.default_rng(0)
    x, y = np.round(rng.normal(size=(40, 1)), 1), np.round(rng.normal(size=(30, 1)), 1)
    assert kl(x, y) == pytest.approx(enumerated(np.round(x, 9), y, LEAST), abs=0.2)
    lattice_x, lattice_y = np.round(8 * x) / 4, np.round(8 * y) / 4  # exact in binary
    assert kl(lattice_x, lattice_y) == pytest.approx(enumerated(lattice_x, lattice_y, LEAST))


def test_the_fixed_form_by_hand():
    x, y = np.asarray([0.0, 1.0, 3.0]), np.asarray([0.5, 5.0])
    rho, nu = np.asarray([1.0, 1.0, 2.0]), np.asarray([0.5, 0.5, 2.0])
    expected = np.log(nu / rho).mean() + np.log(2 / 2)
    assert kl(x, y, NearestNeighbours(k=1)) == pytest.approx(expected, abs=1e-14)


def test_equicorrelated_gaussians_in_ten_dimensions():
    one = np.eye(10)
    truth = gaussian_kl(0.5 * one + 0.5, 0.9 * one + 0.1)
    off = {ADAPTIVE: [], NearestNeighbours(k=5): []}
    for seed in range(12):
        rng = np.random.default_rng(seed)
        x, y = equicorrelated(1000, 10, 0.5, rng), equicorrelated(1000, 10, 0.1, rng)
        for method, errors in off.items():
            errors.append(kl(x, y, method) - truth)
    adaptive, fixed = (float(np.mean(errors)) for errors in off.values())
    assert abs(adaptive) < 0.08
    assert fixed > 0.2  # why the adaptive ball is the default


@pytest.mark.parametrize("method", [ADAPTIVE, FIXED])
@pytest.mark.parametrize("d", [1, 2, 3])
def test_shifted_and_widened_gaussians(d, method):
    found, back = [], []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(2000, d)), 0.4 + 1.5 * rng.normal(size=(2500, d))
        found.append(kl(x, y, method))
        back.append(kl(y, x, method))
    shift = 0.4**2 / 2
    truth = d * (np.log(1.5) + (1 + 0.4**2) / (2 * 1.5**2) - 0.5)
    swapped = d * (-np.log(1.5) + 1.5**2 / 2 + shift - 0.5)
    assert np.mean(found) == pytest.approx(truth, abs=0.03 * d)
    if d == 1:  # in more dimensions the tails of the wider law hold no draws of the narrower
        assert np.mean(back) == pytest.approx(swapped, abs=0.04)


def test_many_rows_leave_little_error():
    rng = np.random.default_rng(5)
    x, y = rng.exponential(size=200_000), 2 * rng.exponential(size=200_000)
    assert kl(x, y) == pytest.approx(np.log(2) - 0.5, abs=0.01)


def test_no_difference_averages_to_nothing():
    found = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        found.append(kl(rng.normal(size=(301, 4)), rng.normal(size=(300, 4))))
    mean, error = np.mean(found), np.std(found) / np.sqrt(30)
    assert abs(mean) < 4 * error < 0.06


def test_the_peer_that_has_the_form_of_the_paper():
    # universal-divergence 0.2.0, estimate(x, y), on the same draws; truth 0.5
    rng = np.random.default_rng(11)
    x, y = rng.normal(size=(400, 2)), rng.normal(size=(400, 2)) + np.sqrt(0.5)
    assert _of_the_paper(x, y) == pytest.approx(PEER, abs=1e-9)
    assert kl(x, y) == pytest.approx(PEER, abs=0.15)


def _of_the_paper(x, y):
    """First neighbours, with the logarithm of distances: their mean is what we take."""
    apart = np.linalg.norm(x[:, None] - x[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    across = np.linalg.norm(x[:, None] - y[None], axis=2)
    apart.sort(axis=1)
    across.sort(axis=1)
    far = np.maximum(apart[:, 0], across[:, 0])[:, None]
    here, there, i = (apart <= far).sum(axis=1), (across <= far).sum(axis=1), np.arange(len(x))
    logs = np.log(across[i, there - 1] / apart[i, here - 1])
    terms = digamma(here) - digamma(there) + x.shape[1] * logs
    return terms.mean() + np.log(len(y) / (len(x) - 1))


@pytest.mark.parametrize("method", [ADAPTIVE, FIXED])
def test_what_does_not_change_the_value(method):
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(300, 3)), 0.3 + rng.normal(size=(250, 3)) * [1.0, 2.0, 0.5]
    value = kl(x, y, method)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert kl(x @ turn * 7 + 1, y @ turn * 7 + 1, method) == pytest.approx(value, abs=1e-9)
    assert kl(rng.permutation(x), rng.permutation(y), method) == pytest.approx(value, abs=1e-12)
    assert kl(x, y, method) == value


@pytest.mark.parametrize("k", [None, 3])
def test_whitened_it_does_not_change_under_affine_maps(k):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(400, 3)), 0.3 + rng.normal(size=(400, 3)) * [1.0, 2.0, 0.5]
    skew = np.asarray([[1000.0, 20.0, 0.0], [0.0, 1.0, 0.3], [0.0, 0.0, 1e-3]])
    white = NearestNeighbours(k=k, whiten=True)
    value = kl(x, y, white)
    assert kl(x @ skew + 5, y @ skew + 5, white) == pytest.approx(value, abs=1e-6)
    assert abs(kl(x @ skew + 5, y @ skew + 5, NearestNeighbours(k=k)) - value) > 0.1


def test_dependent_columns_cannot_be_whitened():
    x = np.random.default_rng(0).normal(size=(50, 2))
    both = np.column_stack([x, x.sum(axis=1)])
    with pytest.raises(InvalidInputError, match="2 of 3 dimensions"):
        kl(both, 2 * both, NearestNeighbours(whiten=True))


def test_jeffreys_is_both_ways_together():
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(500, 2)), 0.5 + 1.3 * rng.normal(size=(400, 2))
    assert kl(x, y, of=kb.Jeffreys()) == pytest.approx(kl(x, y) + kl(y, x), abs=1e-12)


def test_jensen_shannon():
    p, q = kb.families.Normal(0, 1), kb.families.Normal(1, 1.5)
    for weights, n, m in (
        ((0.5, 0.5), 4000, 4000),
        ((0.5, 0.5), 6000, 2000),
        ((0.2, 0.8), 4000, 4000),
    ):
        of = kb.JensenShannon(weights)
        truth = float(kb.measure(p, q, of=of).value)
        found = []
        for seed in range(4):
            rng = np.random.default_rng(seed)
            found.append(kl(rng.normal(0, 1, n), rng.normal(1, 1.5, m), of=of))
        assert np.mean(found) == pytest.approx(truth, abs=0.012)
    x = np.random.default_rng(0).normal(size=500)
    assert kl(x, x + 100, of=kb.JensenShannon()) == pytest.approx(np.log(2), abs=1e-12)


def test_ratios_where_the_law_has_atoms():
    # a third of the draws of p at 0, a half of those of q; the rest alike
    truth = np.log(2 / 3) / 3 + 2 / 3 * np.log(4 / 3)
    found = {None: [], 3: []}
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x = np.where(rng.random(3000) < 1 / 3, 0.0, rng.normal(size=3000))
        y = np.where(rng.random(3000) < 1 / 2, 0.0, rng.normal(size=3000))
        for k, values in found.items():
            values.append(kl(x, y, NearestNeighbours(k=k)))
    for values in found.values():
        assert np.mean(values) == pytest.approx(truth, abs=0.02)


@pytest.mark.parametrize("method", [ADAPTIVE, FIXED, NearestNeighbours(k=1)])
def test_no_nan_whatever_repeats(method):
    rng = np.random.default_rng(7)
    x = np.round(rng.normal(size=(200, 1)), 1)
    inside = x[:80]
    for a, b in ((x, x), (inside, x), (x, inside), (x, x + 0.05), (np.zeros((50, 1)), x)):
        assert np.isfinite(kl(a, b, method))


def test_draws_of_outcomes_are_refused():
    x, y = [1, 2, 2, 1, 3, 3, 1], [2.0, 3.5, 1.0, 7.0, 8.0]
    reason = ADAPTIVE.refuse_question(kb.KL(), Samples(x), Samples(y))
    assert reason is not None
    assert "every one of the 7 draws of p" in reason
    assert "3 distinct" in reason
    assert "kb.Counts" in reason
    assert "of q" in str(ADAPTIVE.refuse_question(kb.KL(), Samples(y), Samples(x)))


def test_other_questions_are_refused():
    p = Samples([0.0, 1.0, 2.5])
    assert "TotalVariation" in str(ADAPTIVE.refuse_question(kb.TotalVariation(), p, p))
    assert "KnownDensity" in str(ADAPTIVE.refuse_question(kb.KL(), p, kb.families.Normal(0, 1)))


def test_columns_of_uneven_spread_are_named():
    rng = np.random.default_rng(8)
    x, y = (rng.normal(size=(100, 2)) * [1.0, 1000.0] for _ in range(2))
    assert "whiten=True" in " ".join(ADAPTIVE.notes(kb.KL(), Draws(x, y), 0.1))
    assert not NearestNeighbours(whiten=True).notes(kb.KL(), Draws(x, y), 0.1)


@pytest.mark.parametrize("k", [0, -1, 2.0, True, "3"])
def test_k_is_a_positive_whole_number(k):
    with pytest.raises(InvalidInputError, match="k="):
        NearestNeighbours(k=k)


def test_as_few_rows_as_can_be():
    rng = np.random.default_rng(9)
    assert np.isfinite(kl(rng.normal(size=(4, 2)), rng.normal(size=(4, 2))))
    with pytest.raises(InvalidInputError, match="at least 4 rows"):
        kb.measure(Samples([1.0, 2.0, 3.5]), Samples([1.5, 2.5, 3.0]), by=FIXED)
