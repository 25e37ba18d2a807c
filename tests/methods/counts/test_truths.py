"""Every estimator against numbers computed elsewhere."""

import math

import numpy as np
import pytest

import kullback as kb

Y = kb.Counts([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1])
H = kb.Entropy()
NSB_TRUTHS = [
    ([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1], 2.1877744630921),
    ([5, 0, 0], 0.18950040559223),
    ([1, 1, 1, 1, 0], 1.4362728288583),
    ([40, 7, 0, 1], 0.54740615401787),
]
X, Z = np.array([7, 0, 3, 1, 9]), np.array([4, 2, 5, 0, 6])


@pytest.mark.parametrize(
    ("method", "truth"),
    [
        (kb.PlugIn(), 1.968382),
        (kb.MillerMadow(), 2.152593),
        (kb.ChaoShen(), 2.201137),
        (kb.Grassberger(), 2.144626),
        (kb.ZhangGrabchak(), 2.170547),
        (kb.JamesStein(), 2.379603),
        (kb.NSB(), 2.187774463),
    ],
    ids=repr,
)
def test_entropy(method, truth):
    assert kb.measure(Y, of=H, by=method).value == pytest.approx(truth, abs=6e-7)
    assert kb.measure(Y, of=H, by=method, base=2).value == pytest.approx(truth / math.log(2))


@pytest.mark.parametrize(("counts", "truth"), NSB_TRUTHS, ids=str)
def test_nsb_is_its_integral(counts, truth):
    """Truths by mpmath at 50 digits: tests/truths/nsb.py."""
    assert kb.measure(kb.Counts(counts), of=H, by=kb.NSB()).value == pytest.approx(truth, rel=1e-9)


def test_jackknife_leaves_out_each_draw():
    def plain(x):
        return kb.entropy(kb.Counts(x))

    x = np.array([4, 1, 3, 0])
    left_out = sum(c * plain(x - np.eye(4, dtype=int)[i]) for i, c in enumerate(x) if c)
    n = x.sum()
    truth = n * plain(x) - (n - 1) * left_out / n
    assert kb.measure(kb.Counts(x), of=H, by=kb.Jackknife()).value == pytest.approx(truth)
    a, b = np.array([5, 2, 3]), np.array([4, 2, 6])
    m = b.sum()
    cross = [
        kb.cross_entropy(kb.Counts(a), kb.Counts(b - np.eye(3, dtype=int)[i])) for i in range(3)
    ]
    of = kb.CrossEntropy()
    truth = m * kb.cross_entropy(kb.Counts(a), kb.Counts(b)) - (m - 1) * (b @ cross) / m
    got = kb.measure(kb.Counts(a), kb.Counts(b), of=of, by=kb.Jackknife()).value
    assert got == pytest.approx(truth)


def paper_sum(p, y, x):
    """Zhang and Grabchak (2014), as the paper writes it."""
    n, m = int(x.sum()), int(y.sum())
    total = 0.0
    for share, b, a in zip(p, y, x, strict=True):
        if not share:
            continue
        steps = [1 - b / (m - j + 1) for j in range(1, m - b + 1)]
        total += share * sum(np.prod(steps[:v]) / v for v in range(1, m - b + 1))
        steps = [1 - (a - 1) / (n - j) for j in range(1, n - a + 1)]
        total -= share * sum(np.prod(steps[:v]) / v for v in range(1, n - a + 1))
    return total


def test_kl_of_zhang_and_grabchak_is_the_papers_sum():
    got = kb.measure(kb.Counts(X), kb.Counts(Z), by=kb.ZhangGrabchak()).value
    assert got == pytest.approx(paper_sum(X / X.sum(), Z, X), rel=1e-13)


def test_miller_madow_takes_the_known_bias():
    a, b = np.array([40, 30, 30]), np.array([50, 20, 80])
    n, m, ratio = a.sum(), b.sum(), (a / a.sum()) / (b / b.sum())
    plain = kb.kl(kb.Counts(a), kb.Counts(b))
    truth = plain - 2 / (2 * n) - (ratio.sum() - 1) / (2 * m)
    got = kb.measure(kb.Counts(a), kb.Counts(b), by=kb.MillerMadow()).value
    assert got == pytest.approx(truth, rel=1e-12)
    table = np.array([[8, 3], [2, 9]])
    of = kb.MutualInformation()
    got = kb.measure(kb.Counts(table), of=of, by=kb.MillerMadow()).value
    assert got == pytest.approx(kb.mutual_information(kb.Counts(table)) - 1 / 44, rel=1e-12)


@pytest.mark.parametrize(
    "of", [kb.KL(), kb.JensenShannon(), kb.ChiSquare(), kb.Jeffreys(), kb.Tsallis(0.5)], ids=repr
)
def test_miller_madow_removes_the_bias_of_sums(of):
    p, q = np.array([0.3, 0.5, 0.2]), np.array([0.2, 0.3, 0.5])
    rng = np.random.default_rng(0)
    a, b = (kb.Counts(rng.multinomial(200, law, size=20_000)) for law in (p, q))
    truth = kb.measure(p, q, of=of).value
    plain = kb.measure(a, b, of=of, by=kb.PlugIn()).value
    better = kb.measure(a, b, of=of, by=kb.MillerMadow()).value
    noise = 4 * plain.std() / 141
    assert abs(better.mean() - truth) < noise + 2e-4 < abs(plain.mean() - truth)


@pytest.mark.parametrize("of", [H, kb.KL(), kb.CrossEntropy(), kb.Jeffreys()], ids=repr)
def test_dirichlet_means_are_those_of_draws(of):
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(X + 0.7, 200_000), rng.dirichlet(Z + 0.7, 200_000)
    both = of.arguments == 2
    draws = kb.measure(p, q if both else None, of=of).value
    got = kb.measure(kb.Counts(X), kb.Counts(Z) if both else None, of=of, by=kb.Dirichlet(0.7))
    assert got.value == pytest.approx(draws.mean(), abs=5 * draws.std() / 447)
    if of is H:
        assert got.error == pytest.approx(draws.std(), rel=0.02)
    drawn = kb.measure(
        kb.Counts(X), kb.Counts(Z) if both else None, of=of, by=kb.Dirichlet(0.7), rng=0
    )
    assert drawn.value == got.value
    assert drawn.interval()[0] == pytest.approx(np.quantile(draws, 0.025), abs=0.3 * draws.std())


def test_information_of_a_posterior():
    table = np.array([[8, 3, 1], [2, 9, 4]])
    of = kb.MutualInformation()
    laws = np.random.default_rng(2).dirichlet(table.ravel() + 0.5, 100_000).reshape(-1, 2, 3)
    draws = kb.mutual_information(laws)
    got = kb.measure(kb.Counts(table), of=of, by=kb.Dirichlet(0.5)).value
    assert got == pytest.approx(draws.mean(), abs=5 * draws.std() / 316)
    mixed = kb.measure(kb.Counts(table), of=of, by=kb.NSB(resamples=20_000), rng=0)
    low, high = mixed.interval(0.5)
    assert low < mixed.value < high


def test_nsb_of_pairs_is_the_mean_of_its_draws():
    a, b = kb.Counts([30, 20, 10, 5]), kb.Counts([20, 20, 20, 20])
    found = kb.measure(a, b, by=kb.NSB(resamples=20_000), rng=0)
    low, high = found.interval(0.9)
    assert low < found.value < high
    js = kb.measure(a, b, of=kb.JensenShannon(), by=kb.NSB(resamples=2000), rng=0)
    assert 0.3 * kb.js(a, b) < js.value < 3 * kb.js(a, b)


def test_shares_of_unequal_size():
    a, b = kb.Counts([30, 20, 10]), kb.Counts([40, 40, 40])
    of = kb.JensenShannon()
    with pytest.raises(kb.NoMethodError, match=r"0\.333 of the draws are p's.*weight is 0\.5"):
        kb.measure(a, b, of=of, by=kb.ChaoShen())
    fitting = kb.JensenShannon(weights=(1 / 3, 2 / 3))
    assert kb.measure(a, b, of=fitting, by=kb.ChaoShen()).value > 0


def test_js_where_the_sizes_almost_fit_the_weights():
    """With 2039 beside 2000 draws, a pooled entropy alone would read 0.0024 too low or high."""
    p, q = np.full(10, 0.1), np.array([0.5, *[0.5 / 9] * 9])
    rng = np.random.default_rng(0)
    a, b = kb.Counts(rng.multinomial(2000, p, 4000)), kb.Counts(rng.multinomial(2039, q, 4000))
    for by in (kb.Jackknife(), kb.ZhangGrabchak(), kb.Grassberger()):
        found = kb.measure(a, b, of=kb.JensenShannon(), by=by).value
        assert found.mean() == pytest.approx(kb.js(p, q), abs=4 * found.std() / 63)
