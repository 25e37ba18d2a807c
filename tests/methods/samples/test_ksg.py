"""KSG against the definition, another program's digits, closed forms and its own laws."""

import math

import numpy as np
import pytest
from scipy.special import digamma
from scipy.stats import poisson

import kullback as kb
from kullback.methods.samples.ksg import KSG

MI, CMI = kb.MutualInformation(), kb.ConditionalMutualInformation()
KS = (1, 4, 10)


def ask(*variables, of=MI, by=None, **keywords):
    return kb.measure(kb.Samples(*variables), of=of, by=by or KSG(), **keywords)


def value(*variables, of=MI, **options):
    return float(ask(*variables, of=of, by=KSG(**options)).value)


def gaussian(rho, n, rng):
    x, noise = rng.normal(size=(2, n))
    return x, rho * x + math.sqrt(1 - rho**2) * noise


def drawn_everywhere_alike(n, d):
    """Uniform numbers by s ← 1664525 s + 1013904223 mod 2³², which any language can repeat."""
    numbers, s = [], 1
    for _ in range(n * d):
        s = (1664525 * s + 1013904223) % 2**32
        numbers.append(s / 2**32)
    return np.reshape(numbers, (n, d))


@pytest.fixture(scope="module")
def shared():
    """Two variables, and two that depend on them."""
    u = drawn_everywhere_alike(1000, 4)
    return u, np.column_stack(
        [u[:, 0], u[:, 1], u[:, 0] + 0.5 * u[:, 2], u[:, 1] * u[:, 0] + 0.5 * u[:, 3]]
    )


# What JIDT (August 2023) prints, by tests/truths/Jidt.java; its own tests hold it to the digits of
# Kraskov's MILCA. Columns: x, y, scale, algorithm, and the value for each k of KS.
JIDT = [
    ([0], [2], None, 1, "1.01931491 0.88566051 0.87881376"),
    ([0], [2], None, 2, "0.92822069 0.90143691 0.88128547"),
    ([0], [1], None, 1, "0.02140012 -0.00563902 -0.01296859"),
    ([0], [1], None, 2, "0.06760742 -0.00732998 -0.01385687"),
    ([0, 1], [2, 3], None, 1, "1.28851924 1.20299800 1.12798458"),
    ([0, 1], [2, 3], None, 2, "1.25187959 1.23298585 1.13773378"),
    ([0], [1, 2, 3], "deviation", 1, "0.92909272 0.90490168 0.84387823"),
    ([0], [1, 2, 3], "deviation", 2, "0.97613302 0.94020118 0.85846374"),
]  # fmt: skip


@pytest.mark.parametrize(("x", "y", "scale", "algorithm", "printed"), JIDT)
def test_digits_of_another_program(x, y, scale, algorithm, printed, shared):
    rows = shared[1]
    for k, truth in zip(KS, printed.split(), strict=True):
        got = value(rows[:, x], rows[:, y], k=k, scale=scale, algorithm=algorithm)
        assert got == pytest.approx(float(truth), abs=6e-9)


def test_digits_of_another_program_given_a_third_variable(shared):
    v = shared[1]
    plain = "0.40710470 0.38460366 0.37818826"
    scaled = "-0.03350307 -0.02292269 -0.00229243"
    for k, truth, zero in zip(KS, plain.split(), scaled.split(), strict=True):
        got = value(v[:, 0], v[:, 3], v[:, 1], of=CMI, k=k, scale=None)
        assert got == pytest.approx(float(truth), abs=6e-9)
        got = value(v[:, 2], v[:, 3], v[:, :2], of=CMI, k=k)
        assert got == pytest.approx(float(zero), abs=6e-9)


def test_digits_of_another_program_through_time(shared):
    u = shared[0]
    x, y = np.zeros(1000), np.zeros(1000)
    for t in range(1, 1000):
        x[t] = 0.4 * x[t - 1] + u[t, 0]
        y[t] = 0.5 * y[t - 1] + 0.6 * x[t - 1] + u[t, 1]
    truths = {
        (1, 1): (0.17725412, 0.01882576),
        (1, 4): (0.20799062, -0.00199778),
        (2, 4): (0.15719992, -0.00305450),
    }
    for (lag, k), (there, back) in truths.items():
        of = kb.TransferEntropy(lag)
        assert value(x, y, of=of, k=k, scale=None) == pytest.approx(there, abs=6e-9)
        assert value(y, x, of=of, k=k, scale=None) == pytest.approx(back, abs=6e-9)


def by_definition(x, y, z, k):
    """All pairs: the k-th smallest distance, and strict counts within it (closed at 0)."""

    def apart(*parts):
        rows = np.hstack(parts)
        return np.abs(rows[:, None] - rows[None]).max(axis=2)

    given = [] if z is None else [z]
    own = np.eye(len(x), dtype=bool)
    joint = apart(x, y, *given)
    radius = np.sort(np.where(own, np.inf, joint), axis=1)[:, k - 1][:, None]

    def near(*parts):
        distance = apart(*parts)
        inside = np.where(radius > 0, distance < radius, distance == 0)
        return digamma((inside | own).sum(axis=1))

    rest = near(*given) if given else digamma(len(x))
    return np.mean(near(x, y, *given) - near(x, *given) - near(y, *given) + rest)


@pytest.mark.parametrize("kind", ["plain", "lattice", "mixed", "far"])
@pytest.mark.parametrize("shape", [(1, 1, 0), (2, 3, 0), (1, 1, 1), (2, 1, 3)])
def test_the_definition(shape, kind):
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(180, sum(shape)))
    rows[:, 1] += rows[:, 0]
    if kind == "lattice":
        rows = np.round(rows)
    elif kind == "mixed":
        rows[:90] = np.round(rows[:90])
    elif kind == "far":
        rows = 1e6 + 0.01 * rows
    x, y, z = np.split(rows, np.cumsum(shape)[:2], axis=1)
    of, variables = (CMI, (x, y, z)) if shape[2] else (MI, (x, y))
    for k in (1, 4, 30):
        truth = by_definition(x, y, z if shape[2] else None, k)
        assert value(*variables, of=of, k=k, scale=None) == pytest.approx(truth, abs=1e-12)


def test_scikit_learn_agrees():
    """Its counts hold the row itself; its radius is that of the k-th neighbour, less one ulp."""
    regression = pytest.importorskip("sklearn.feature_selection").mutual_info_regression
    x, y = gaussian(0.8, 800, np.random.default_rng(3))
    for k in (3, 5):
        theirs = regression(x[:, None], y, n_neighbors=k, random_state=0)[0]
        assert value(x, y, k=k) == pytest.approx(theirs, abs=2e-4)  # it adds noise of 1e-10


@pytest.mark.parametrize("algorithm", [1, 2])
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_the_closed_form_of_gaussians(rho, algorithm):
    """Means of 20 samples of 600: −½ log(1 − ρ²), as Figs. 4 and 5 of the paper have it."""
    rng = np.random.default_rng(1)
    found = [value(*gaussian(rho, 600, rng), algorithm=algorithm) for _ in range(20)]
    truth = -0.5 * math.log(1 - rho**2)
    assert np.mean(found) == pytest.approx(truth, abs=4 * np.std(found) / math.sqrt(20) + 0.005)


def test_the_closed_form_given_a_third_variable():
    """x and y share z and more: I(X; Y | Z) = −½ log(1 − r²), r their partial correlation."""
    rng = np.random.default_rng(2)
    z = rng.normal(size=2000)
    x, y = (z + part for part in gaussian(0.7, 2000, rng))
    answer = ask(x, y, z, of=CMI, rng=0, by=KSG(permutations=0, resamples=60))
    low, high = answer.interval()
    assert low < -0.5 * math.log(1 - 0.49) < high
    assert 0.015 < answer.error < 0.05
    assert value(x, y) > float(answer.value) + 0.1


def zero_inflated_poisson(share):
    """I(X; Y) of X ~ Exp(1), Y = 0 for that share and else Poisson(X), by Gauss and Laguerre."""
    x, weight = np.polynomial.laguerre.laggauss(40)
    y = np.arange(400)
    law = (1 - share) * poisson.pmf(y, x[:, None]) + share * (y == 0)
    return weight @ kb.kl(law, np.broadcast_to(weight @ law, law.shape))


def test_mixed_variables_as_their_authors_have_it():
    """X uniform on 0 … 4 and Y uniform on [X, X + 2]: I = log 5 − 4/5 log 2 (Gao et al., 2017)."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, 6000)
    y = x + 2 * rng.random(6000)
    assert value(x, y) == pytest.approx(math.log(5) - 0.8 * math.log(2), abs=0.03)
    rate = rng.exponential(size=6000)
    counted = rng.poisson(rate) * (rng.random(6000) > 0.15)
    assert value(rate, counted) == pytest.approx(zero_inflated_poisson(0.15), abs=0.03)


def test_rows_of_whole_numbers_are_counted():
    """On a coarse lattice: Σ ψ(counts) of cells, and a note of how many rows repeat."""
    rng = np.random.default_rng(5)
    x = rng.integers(0, 3, 500)
    y = (x + rng.integers(0, 2, 500)) % 3
    table = np.zeros((3, 3))
    np.add.at(table, (x, y), 1)

    def mean(n):
        return np.sum(n * digamma(np.where(n > 0, n, 1))) / 500

    truth = digamma(500) + mean(table) - mean(table.sum(0)) - mean(table.sum(1))
    answer = ask(x, y)
    assert answer.value == pytest.approx(truth, abs=1e-12)
    assert any("500 of 500 rows equal 4 others" in note for note in answer.notes)
    assert any("came as integers" in note for note in answer.notes)


def test_ties_leave_the_second_estimator_the_first_one_s_terms():
    rng = np.random.default_rng(5)
    x = rng.integers(0, 3, (300, 1))
    y = x + rng.integers(0, 2, (300, 1))
    assert value(x, y, algorithm=2) == value(x, y, algorithm=1)
    repeated = np.repeat(rng.normal(size=(100, 2)), 8, axis=0)
    assert value(*repeated.T, algorithm=2) == value(*repeated.T)


def test_increasing_maps_of_coordinates_change_nothing_at_ranks():
    x, y = gaussian(0.7, 500, np.random.default_rng(4))
    plain = value(x, y, scale="ranks")
    assert value(np.exp(3 * x), np.arctan(y) + y**3, scale="ranks") == plain
    assert value(-x, y, scale="ranks") == pytest.approx(plain, abs=1e-12)
    assert value(np.exp(3 * x), y) != value(x, y)
    assert value(1000 * x, y - 5) == pytest.approx(value(x, y), abs=1e-9)
    assert value(1000 * x, y, scale=None) < value(x, y, scale=None) - 0.05


@pytest.mark.parametrize("algorithm", [1, 2])
def test_neither_order_matters(algorithm):
    x, y = gaussian(0.7, 400, np.random.default_rng(4))
    order = np.random.default_rng(0).permutation(400)
    plain = value(x, y, algorithm=algorithm)
    assert value(y, x, algorithm=algorithm) == pytest.approx(plain, abs=1e-12)
    assert value(x[order], y[order], algorithm=algorithm) == pytest.approx(plain, abs=1e-12)


def test_bits_and_the_answer_s_words():
    x, y = gaussian(0.6, 300, np.random.default_rng(0))
    nats, bits = ask(x, y, rng=0), ask(x, y, rng=0, base=2)
    assert bits.value == pytest.approx(nats.value / math.log(2))
    assert bits.interval()[0] == pytest.approx(nats.interval()[0] / math.log(2))
    assert nats.kind == "estimated"
    assert nats.p_value == 0.005
    assert "independence" in " ".join(nats.notes)
    assert "by KSG()" in repr(nats)
    assert nats.floor.upper < nats.value


def test_a_negative_value_has_an_interval_around_zero():
    seeds = [s for s in range(20) if value(*np.random.default_rng(s).normal(size=(2, 200))) < -0.01]
    assert seeds
    answer = ask(*np.random.default_rng(seeds[0]).normal(size=(2, 200)), rng=0)
    low, high = answer.interval()
    assert low < 0 < high
    assert any("negative" in note for note in answer.notes)
    assert answer.p_value > 0.1


def test_strong_dependence_is_said_to_read_low():
    x = np.random.default_rng(0).normal(size=300)
    answer = ask(x, x + 1e-9 * np.random.default_rng(1).normal(size=300))
    assert any("at most ψ(n) − ψ(k) = 4.4" in note for note in answer.notes)
    assert answer.value < digamma(300) - digamma(4)


def test_a_constant_tells_nothing():
    answer = ask(np.zeros(100), np.random.default_rng(0).normal(size=100))
    assert answer.value == pytest.approx(0, abs=1e-12)
    assert any("Column 0 of x is 0 in all 100 rows" in note for note in answer.notes)


REFUSED = {
    "one variable": (lambda: ask(np.eye(8)), kb.NoMethodError, "kb.Samples\\(x, y\\).*is one"),
    "no third": (lambda: ask(np.eye(8), np.eye(8), of=CMI), kb.NoMethodError, "three variables"),
    "another question": (
        lambda: kb.measure(kb.Samples([1.0, 2.0]), of=kb.Entropy(), by=KSG()),
        kb.NoMethodError,
        "information between variables",
    ),
    "weights": (
        lambda: kb.measure(kb.Samples([1.0, 2], [1.0, 2], weights=[1, 2]), of=MI, by=KSG()),
        kb.NoMethodError,
        "weights",
    ),
    "second given z": (
        lambda: ask(*np.random.default_rng(0).normal(size=(3, 9)), of=CMI, by=KSG(algorithm=2)),
        kb.NoMethodError,
        "Frenzel",
    ),
    "few rows": (
        lambda: ask([1.0, 2, 3], [3.0, 2, 2]),
        kb.InvalidInputError,
        "at least 5 rows, and p has 3",
    ),
    "k": (lambda: KSG(k=0), kb.InvalidInputError, "k=0"),
    "algorithm": (lambda: KSG(algorithm=3), kb.InvalidInputError, "1 and 2"),
    "scale": (lambda: KSG(scale="unit"), kb.InvalidInputError, "'ranks'"),
    "lag": (lambda: kb.TransferEntropy(0), kb.InvalidInputError, "lag=0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_aloud(case):
    call, error, words = REFUSED[case]
    with pytest.raises(error, match=words):
        call()
