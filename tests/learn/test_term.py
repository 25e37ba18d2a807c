"""Terms: expected values and gradients by enumeration of every outcome, and reductions by name."""

import itertools
import math

import numpy as np
import pytest
import torch

import kullback as kb
from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError, ShapeError

D = torch.distributions
F64 = torch.float64
P = torch.tensor([0.4, -1.0, 0.7], dtype=F64)
Q = torch.tensor([-0.5, 0.3, 0.9], dtype=F64)


class Preset(D.Categorical):
    """A categorical law whose draws are given, so that all of them can be gone through."""

    def __init__(self, draws, logits):
        super().__init__(logits=logits)
        self.draws = draws

    def sample(self, shape=()):
        assert tuple(shape) == tuple(self.draws.shape)
        return self.draws


def leaf(x):
    return x.clone().requires_grad_()


def grads(value, *leaves):
    return torch.autograd.grad(value, leaves)


def test_the_score_of_a_table_is_unbiased_over_every_pair_of_draws():
    """n = 2 and 3 draws of 3 outcomes: value, both gradients, and the squared error."""
    for n in (2, 3):
        p, q = leaf(P), leaf(Q)
        value, square = 0.0, 0.0
        for draws in itertools.product(range(3), repeat=n):
            x = torch.tensor(draws)
            chance = P.log_softmax(0)[x].sum().exp()
            kl = learn.term(Preset(x, p), D.Categorical(logits=q), how="score", n=n, rng=0)
            value = value + chance * kl.value
            square = square + chance * kl.error**2
        exact = kb.kl(kb.Logits(p), kb.Logits(q))
        assert float((value - exact).detach()) == pytest.approx(0, abs=1e-12)
        for got, want in zip(grads(value, p, q), grads(exact, p, q), strict=True):
            assert torch.allclose(got, want, rtol=0, atol=1e-12)
        f = P.log_softmax(0) - Q.log_softmax(0)
        spread = (P.softmax(0) * (f - exact.detach()) ** 2).sum() / n
        assert float(square) == pytest.approx(float(spread), rel=1e-10)


@pytest.mark.parametrize(
    ("p", "q", "how", "truth"),
    [
        (D.Normal(1.0, 1.0), D.Normal(0.0, 2.0), "closed", math.log(2) + 2 / 8 - 0.5),
        (kb.families.Normal(1.0, 1.0), kb.families.Normal(0.0, 2.0), "closed", 0.443147180559945),
        (torch.tensor([0.9, 0.1], dtype=F64), torch.tensor([0.5, 0.5], dtype=F64), "enumerated",
         0.36806420716849706),
        (D.Categorical(logits=P), D.Categorical(logits=P), "enumerated", 0.0),
    ],
)  # fmt: skip
def test_what_is_exact_says_so(p, q, how, truth):
    kl = learn.term(p, q, rng=0)
    assert kl.how == how
    assert kl.exact
    assert kl.error == 0
    assert float(kl.value) == pytest.approx(truth, abs=1e-7)


def mixture():
    weights = torch.tensor([0.3, 0.7], dtype=F64)
    centres = torch.tensor([-1.0, 1.5], dtype=F64)
    return D.MixtureSameFamily(D.Categorical(weights), D.Normal(centres, torch.ones(2, dtype=F64)))


@pytest.mark.parametrize("how", ["reparametrised", "score"])
@pytest.mark.parametrize("make", [D.Normal, D.Laplace, kb.families.Normal, kb.families.Laplace])
def test_drawn_gradients_agree_with_the_integral(make, how):
    loc, scale = leaf(torch.full((4000,), 0.4, dtype=F64)), leaf(torch.full((4000,), 0.8).double())
    kl = learn.term(make(loc, scale), mixture(), how=how, n=8, rng=1)
    one, wide = leaf(loc[0].detach()), leaf(scale[0].detach())
    exact = learn.term(make(one, wide), mixture(), how="integrated")
    slopes = grads(exact.value, one, wide)
    found = (kl.value.detach(), *grads(kl.value.sum(), loc, scale))
    for got, want in zip(found, (exact.value.detach(), *slopes), strict=True):
        assert float((got.mean() - want).abs()) < 4.5 * float(got.std()) / 4000**0.5
    assert float(kl.per("sample").error) == pytest.approx(
        float(kl.value.detach().std()) / 4000**0.5, rel=0.06
    )


def test_draws_shared_along_an_axis_do_not_average_out():
    """One p against 50 copies of q: the mean over them is no surer than any of them."""
    q = mixture().expand((50,))
    kl = learn.term(D.Normal(torch.tensor(0.4, dtype=F64), 0.8), q, how="score", n=64, rng=0)
    assert float(kl.per("sample").error) == pytest.approx(float(kl.error[0]), rel=1e-9)


def test_draws_are_taken_only_where_nothing_is_exact():
    p = D.Normal(torch.tensor([0.0, 1.0]), 1.0)
    assert learn.term(p, mixture(), rng=0).how == "reparametrised"
    assert learn.term(D.Poisson(torch.tensor(2.0)), D.Geometric(torch.tensor(0.3)), rng=0).exact
    mixed = learn.term(mixture(), D.Normal(torch.tensor(0.0, dtype=F64), 1.0), rng=0)
    assert mixed.how == "score"


def test_a_seed_repeats_a_generator_goes_on_and_torch_keeps_its_own():
    state = torch.get_rng_state()
    p = D.Normal(torch.tensor(0.0), 1.0)
    once, again = (learn.term(p, mixture(), rng=3).value for _ in range(2))
    assert once == again
    fresh = torch.Generator().manual_seed(3)
    assert learn.term(p, mixture(), rng=fresh).value != learn.term(p, mixture(), rng=fresh).value
    assert torch.equal(state, torch.get_rng_state())


# Sequences: 0 ends one; every policy is a table of logits by context, written as a number in base 3

TOKENS, LONGEST = 3, 3


def sequences():
    """Every sequence, padded with 0, and which of its tokens count."""
    rows = []
    for row in itertools.product(range(TOKENS), repeat=LONGEST):
        end = row.index(0) + 1 if 0 in row else LONGEST
        if not any(row[end:]):
            rows.append((row, [t < end for t in range(LONGEST)]))
    return torch.tensor([r for r, _ in rows]), torch.tensor([m for _, m in rows])


ROWS, KEEP = sequences()


def contexts():
    """The number of what came before each token: shape of ROWS."""
    out = torch.zeros_like(ROWS)
    for t in range(1, LONGEST):
        out[:, t] = out[:, t - 1] * TOKENS + ROWS[:, t - 1] + 1
    return out


def table(seed):
    made = np.random.default_rng(seed).normal(size=(int(contexts().max()) + 1, TOKENS))
    return torch.tensor(made, dtype=F64)


def logits(policy):
    return policy[contexts()]


def log_probs(policy):
    """Log-probabilities of tokens, and of whole sequences."""
    each = logits(policy).log_softmax(-1).gather(-1, ROWS[..., None])[..., 0]
    return each, torch.where(KEEP, each, 0).sum(-1)


def exact_kl(p, q):
    (_, whole_p), (_, whole_q) = log_probs(p), log_probs(q)
    return (whole_p.exp() * (whole_p - whole_q)).sum()


def by_draws(p, q, behaviour, rows, estimator):
    log_p, log_q = log_probs(p)[0][rows], log_probs(q)[0][rows]
    off = None if behaviour is None else log_probs(behaviour)[0][rows]
    return learn.sampled(
        log_p, log_q, behaviour=off, mask=KEEP[rows], estimator=estimator, per="sample"
    )


def by_logits(p, q, behaviour, rows, _):
    off = None if behaviour is None else log_probs(behaviour)[0][rows]
    return learn.rao_blackwell(
        logits(p)[rows], logits(q)[rows], ROWS[rows], behaviour=off, mask=KEEP[rows], per="sample"
    )


@pytest.mark.parametrize("off", [False, True], ids=["on-policy", "off-policy"])
@pytest.mark.parametrize(
    ("make", "estimator", "unbiased"),
    [
        (by_draws, kb.K1(), True),
        (by_draws, kb.K2(), False),
        (by_draws, kb.K3(), True),
        (by_logits, None, True),
    ],
)
def test_sequences_are_unbiased_over_every_batch(make, estimator, unbiased, off):
    """All pairs of all 15 sequences, drawn by p itself or by another policy."""
    p, q = leaf(table(1)), leaf(table(2))
    behaviour = table(3) if off else None
    chance = log_probs(behaviour if off else p.detach())[1].exp()
    assert float(chance.sum()) == pytest.approx(1, abs=1e-12)
    value = 0.0
    for i, j in itertools.product(range(len(ROWS)), repeat=2):
        kl = make(p, q, behaviour, torch.tensor([i, j]), estimator)
        value = value + chance[i] * chance[j] * kl.value
    exact = exact_kl(p, q)
    assert float(exact.detach()) > 0.3
    assert (abs(float((value - exact).detach())) < 1e-10) == unbiased
    for got, want in zip(grads(value, p, q), grads(exact, p, q), strict=True):
        assert torch.allclose(got, want, rtol=0, atol=1e-10)


def test_logits_at_every_token_have_less_variance_than_what_was_drawn():
    p, q = leaf(table(1)), table(2)
    chance = log_probs(p.detach())[1].exp()
    spread = {}
    for make in (by_draws, by_logits):
        values, slopes = [], []
        for i, j in itertools.product(range(len(ROWS)), repeat=2):
            kl = make(p, q, None, torch.tensor([i, j]), kb.K1()).value
            values.append(kl.detach())
            slopes.append(grads(kl, p)[0].flatten())
        both = torch.outer(chance, chance).flatten()
        for name, x in (("value", torch.stack(values)[:, None]), ("slope", torch.stack(slopes))):
            mean = (both[:, None] * x).sum(0)
            spread[make, name] = float((both[:, None] * (x - mean) ** 2).sum())
    assert spread[by_logits, "value"] < 0.5 * spread[by_draws, "value"]
    assert spread[by_logits, "slope"] < 0.5 * spread[by_draws, "slope"]


def test_single_actions_are_unbiased_on_and_off_policy():
    p, q, b = leaf(P), Q.log_softmax(0), torch.tensor([0.1, 0.2, 0.0], dtype=F64).log_softmax(0)
    for chance, off in ((P.log_softmax(0).exp(), False), (b.exp(), True)):
        value = 0.0
        for i, j in itertools.product(range(3), repeat=2):
            x = torch.tensor([i, j])
            drawn = b[x] if off else None
            kl = learn.sampled(p.log_softmax(0)[x], q[x], behaviour=drawn, per="sample")
            value = value + chance[i] * chance[j] * kl.value
        exact = kb.kl(kb.Logits(p), kb.LogProbs(q))
        assert float(value.detach()) == pytest.approx(float(exact.detach()), abs=1e-12)
        assert torch.allclose(*grads(value, p), *grads(exact, p), rtol=0, atol=1e-12)


def test_values_are_schulmans():
    log_p, log_q = torch.tensor([-1.0, -0.5]), torch.tensor([-1.5, -0.3])
    u = (log_q - log_p).double().numpy()
    for estimator in (kb.K1(), kb.K2(), kb.K3()):
        each = learn.sampled(log_p, log_q, estimator=estimator).value
        assert each.tolist() == pytest.approx(estimator.terms(u).tolist(), abs=1e-6)


def test_far_from_the_reference_the_gradient_still_pulls_back():
    """Clamps at 10 or 20 nats delete this gradient, or turn it round; it must be all there."""
    p, q = leaf(torch.tensor([5.0, 0.0], dtype=F64)), torch.tensor([-40.0, 0.0], dtype=F64)
    value = 0.0
    for i, j in itertools.product(range(2), repeat=2):
        x = torch.tensor([i, j])
        chance = p.detach().log_softmax(0)[x].sum().exp()
        kl = learn.sampled(p.log_softmax(0)[x], q.log_softmax(0)[x], per="sample")
        value = value + chance * kl.value
    want = grads(kb.kl(kb.Logits(p), kb.Logits(q)), p)[0]
    assert torch.allclose(grads(value, p)[0], want, rtol=1e-8, atol=0)
    assert float(want[0]) > 0.1


def test_reductions_by_name():
    kl = learn.sampled(
        torch.tensor([[-1.0, -2.0], [-3.0, 9.0]]),
        torch.zeros(2, 2),
        mask=torch.tensor([[True, True], [True, False]]),
    )
    assert kl.value.tolist() == [[-1.0, -2.0], [-3.0, 0.0]]
    assert kl.error is None
    assert float(kl.per("sample").value) == -3.0
    assert float(kl.per("token").value) == -2.0
    assert float(kl.per(n_data=12).value) == -0.5
    p = D.Normal(torch.tensor([[1.0, 2.0, 0.0], [3.0, 0.0, 1.0]]), 1.0)
    dims = learn.term(p, D.Normal(0.0, 1.0), axes=("sample", "dim"))
    assert dims.per("dim").value.tolist() == [2.5, 1.0, 0.25]
    assert float(dims.per("sample").value) == 3.75
    assert float(learn.Penalty(learn.FreeBits(0.5))(dims.per("dim").value)) == 4.0
    with pytest.raises(ShapeError, match="no token"):
        dims.per("token")
    with pytest.raises(ShapeError, match="no names"):
        learn.term(p, D.Normal(0.0, 1.0)).per("sample")
    with pytest.raises(ShapeError, match="names 1 axes"):
        learn.term(p, D.Normal(0.0, 1.0), axes="sample")
    with pytest.raises(InvalidInputError, match="exactly one"):
        dims.per()
    with pytest.raises(InputTypeError, match="mean"):
        dims.per("mean")
    with pytest.raises(InvalidInputError, match="n_data=0"):
        dims.per(n_data=0)


@pytest.mark.parametrize("per", ["sample", "token"])
def test_the_error_of_samples_is_the_spread_of_the_mean(per):
    """Over 2,000 batches of sequences of varying length."""
    rng, found = np.random.default_rng(0), []
    p, q = log_probs(table(1)), log_probs(table(2))[0]
    for _ in range(2000):
        rows = torch.tensor(rng.choice(len(ROWS), 40, p=p[1].exp().numpy()))
        kl = learn.sampled(p[0][rows], q[rows], mask=KEEP[rows], per=per)
        found.append((float(kl.value), float(kl.error) ** 2))
    values, squares = np.array(found).T
    assert math.sqrt(squares.mean()) == pytest.approx(values.std(), rel=0.06)


def test_a_mask_hides_what_was_not_drawn():
    log_p = leaf(torch.tensor([[-1.0, -math.inf], [-2.0, -1.0]]))
    mask = torch.tensor([[True, False], [True, True]])
    kl = learn.sampled(log_p, torch.full((2, 2), -1.5), mask=mask, per="sample")
    slope = grads(kl.value, log_p)[0]
    assert bool(torch.isfinite(slope).all())
    assert slope[0, 1] == 0
    with pytest.raises(InvalidInputError, match="1 of 4 tokens"):
        learn.sampled(log_p, torch.full((2, 2), -1.5))


def test_what_cannot_be_answered_is_refused_in_words():
    p, q = D.Normal(0.0, 1.0), mixture()
    with pytest.raises(InvalidInputError, match="Generator"):
        learn.term(p, q, how="score")
    with pytest.raises(InvalidInputError, match="infinite"):
        learn.term(p, D.Uniform(-1.0, 1.0), how="score", n=100, rng=0)
    with pytest.raises(NoMethodError, match="no path"):
        learn.term(q, p, how="reparametrised", rng=0)
    with pytest.raises(NoMethodError, match="not enumerated"):
        learn.term(p, D.Normal(1.0, 1.0), how="enumerated")
    with pytest.raises(InputTypeError, match="one of closed"):
        learn.term(p, q, how="exact")
    with pytest.raises(ShapeError, match=r"\(3,\)"):
        learn.sampled(torch.zeros(2), torch.zeros(3))
    with pytest.raises(InputTypeError, match="K1"):
        learn.sampled(torch.zeros(2), torch.zeros(2), estimator="k3")
    with pytest.raises(InvalidInputError, match="Draw afresh"):
        learn.sampled(torch.zeros(2), torch.zeros(2), behaviour=torch.full((2,), -200.0))
    with pytest.raises(ShapeError, match="tokens"):
        learn.rao_blackwell(torch.zeros(2, 3), torch.zeros(2, 3), torch.zeros(2))
