"""Neural critics: Gaussian truths at small budgets, ceilings, the same answer for the same rng."""

import math

import numpy as np
import pytest

import kullback as kb

torch = pytest.importorskip("torch")
KL1 = 1.0
QUICK = {"hidden": (32,), "steps": 80, "learning_rate": 0.02}


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def shifted(n=1500, d=2, kl=KL1, seed=0):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, n, d))
    return kb.Samples(x + np.sqrt(2 * kl / d)), kb.Samples(y)


def together(n=1200, rho=0.8, seed=0):
    """I(X; Y) = −½ log(1 − ρ²) = 0.5108."""
    rng = np.random.default_rng(seed)
    x, noise = rng.standard_normal((2, n))
    return kb.Samples(x, rho * x + np.sqrt(1 - rho**2) * noise)


@pytest.mark.parametrize("bound", ["f", "dv", "nwj"])
def test_kl_of_gaussians(bound):
    found = kb.measure(*shifted(), by=kb.Critic(bound=bound, **QUICK), rng=0)
    assert found.kind == "bound"
    assert abs(found.value - KL1) < 3 * found.error + 0.1
    low, high = found.interval()
    assert 0.6 < low < 1
    assert high == math.inf
    assert any("reads high" in note for note in found.notes) == (bound == "dv")


@pytest.mark.parametrize(
    ("of", "truth"),
    [
        (kb.JensenShannon(), 0.201345), (kb.TotalVariation(), 0.520500), (kb.Hellinger(), 0.470318),
        (kb.Jeffreys(), 2.0), (kb.Renyi(0.5), 0.5),
    ],
    ids=repr,
)  # fmt: skip
def test_other_divergences(of, truth):
    found = kb.measure(*shifted(), of=of, by=kb.Critic(**QUICK), rng=1)
    assert found.interval()[0] < truth * 1.03
    assert abs(found.value - truth) < 3 * found.error + 0.08 * truth
    assert found.interval()[1] == of.upper


def test_what_a_quadratic_cannot_see():
    """Two humps against a Gaussian of the same mean and variance: KL = 0.1719."""
    rng = np.random.default_rng(0)
    x = kb.Samples(rng.choice([-2.0, 2.0], 3000) + rng.standard_normal(3000))
    y = kb.Samples(np.sqrt(5) * rng.standard_normal(3000))
    assert kb.measure(x, y, by=kb.QuadraticLogistic()).value < 0.02
    found = kb.measure(x, y, by=kb.Critic(hidden=(32,), steps=200, learning_rate=0.02), rng=0)
    assert found.value == pytest.approx(0.1719, abs=0.06)
    assert 0.05 < found.interval()[0] < 0.1719


def test_no_difference_is_not_a_difference():
    found = kb.measure(*shifted(600, 3, 0.0), by=kb.Critic(**QUICK), rng=0)
    assert found.value <= 0.02
    assert found.interval()[0] == pytest.approx(0, abs=0.01)
    assert found.p_value > 0.05


def test_direction_and_unit():
    rng = np.random.default_rng(0)
    x, y = kb.Samples(rng.normal(0, 0.5, 1500)), kb.Samples(rng.normal(0, 1, 1500))
    by = kb.Critic(**QUICK)
    there = kb.measure(x, y, by=by, rng=0)
    assert there.value == pytest.approx(0.318147, abs=0.08)
    assert kb.measure(y, x, by=by, rng=0).value > there.value + 0.1  # 0.806853
    bits = kb.measure(x, y, by=by, rng=0, base=2)
    assert bits.value == pytest.approx(there.value / math.log(2), rel=1e-12)


@pytest.mark.parametrize("bound", ["infonce", "nwj", "dv", "f"])
def test_mutual_information(bound):
    by = kb.Critic(bound=bound, **QUICK)
    found = kb.measure(together(), of=kb.MutualInformation(), by=by, rng=0)
    assert found.value == pytest.approx(0.5108, abs=0.1)
    assert found.interval()[0] < 0.52
    assert 0.01 < found.error < 0.05
    ceiling = [note for note in found.notes if "log 512 = 6.238" in note]
    assert len(ceiling) == (bound == "infonce")


def test_infonce_stays_under_its_ceiling():
    rng = np.random.default_rng(0)
    x = rng.standard_normal(200)
    joint = kb.Samples(x, x + 1e-3 * rng.standard_normal(200))  # 6.9 nats
    by = kb.Critic(bound="infonce", **QUICK)
    found = kb.measure(joint, of=kb.MutualInformation(), by=by, rng=0)
    assert 1 < found.value < math.log(100)
    assert any("log 100 = 4.605" in note for note in found.notes)


def test_independent_variables_tell_nothing():
    found = kb.measure(
        together(rho=0.0), of=kb.MutualInformation(), by=kb.Critic(bound="nwj", **QUICK), rng=0
    )
    assert abs(found.value) < 0.03
    assert found.p_value > 0.01


def test_the_same_rng_and_nobody_elses():
    by, state = kb.Critic(hidden=(8,), steps=30), torch.random.get_rng_state()
    p, q = shifted(300)
    values = [kb.measure(p, q, by=by, rng=seed).value for seed in (3, 3, 4)]
    assert values[0] == values[1] != values[2]
    assert torch.equal(state, torch.random.get_rng_state())


def test_an_interrupt_keeps_the_best_so_far(monkeypatch):
    from kullback.methods.samples.critics import train

    def interrupted(steps, _what, _total):
        for i, step in enumerate(steps):
            if i == 60:
                raise KeyboardInterrupt
            yield step

    monkeypatch.setattr(train, "watched", interrupted)
    found = kb.measure(
        *shifted(), by=kb.Critic(hidden=(32,), steps=2000, learning_rate=0.02), rng=0
    )
    assert found.value == pytest.approx(KL1, abs=0.35)
    assert train.STOPPED in found.notes


def test_refusals():
    p, q = shifted(100)
    by = kb.Critic()
    with pytest.raises(kb.errors.NoMethodError, match="rng"):
        kb.measure(p, q, by=by)
    for of, bound in ((kb.JensenShannon(), "dv"), (kb.KL(), "infonce")):
        with pytest.raises(kb.errors.NoMethodError, match=bound):
            kb.measure(p, q, of=of, by=kb.Critic(bound=bound), rng=0)
    info = kb.MutualInformation()
    with pytest.raises(kb.errors.NoMethodError, match="two variables"):
        kb.measure(p, of=info, by=by, rng=0)
    blocks = kb.Samples(p.array[:, 0], p.array[:, 1], block=np.arange(100) // 5)
    with pytest.raises(kb.errors.NoMethodError, match="block"):
        kb.measure(blocks, of=info, by=by, rng=0)
    for wrong in ({"bound": "mine"}, {"hidden": (0,)}, {"steps": 0}, {"learning_rate": -1.0}):
        with pytest.raises(kb.errors.InvalidInputError):
            kb.Critic(**wrong)


def test_without_torch(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(kb.errors.MissingExtraError, match=r"kullback\[torch\]"):
        kb.measure(*shifted(100), by=kb.Critic(), rng=0)
