"""Fits from minibatches: unbiased, at the same optimum as all data at once, and taken up again."""

import io
import math

import numpy as np
import pytest
import torch

from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn.variational.minibatch import Sampled
from kullback.learn.variational.support import Support
from kullback.learn.variational.target import Target

N, D = 600, 3
SUPPORT = {D: learn.positive}


def made():
    source = np.random.default_rng(8)
    x = source.normal(size=(N, D)) @ np.triu(np.ones((D, D)))
    y = x @ np.arange(1.0, D + 1) + 0.7 * source.normal(size=N)
    return torch.tensor(x), torch.tensor(y)


X, Y = made()


def log_prior(p):
    """Weights N(0, 1), their noise's deviation exponential."""
    return -0.5 * (p[:, :D] ** 2).sum(-1) - 0.5 * D * math.log(2 * math.pi) - p[:, D]


def log_likelihood(p, x, y):
    away = (y - p[:, :D] @ x.T) / p[:, D:]
    return -0.5 * away**2 - p[:, D:].log() - 0.5 * math.log(2 * math.pi)


def log_density(p):
    return log_prior(p) + log_likelihood(p, X, Y).sum(-1)


def batches(**settings):
    return learn.Minibatches(log_likelihood, [X, Y], **{"size": 50, "steps": 100, **settings})


def test_the_estimate_is_unbiased_value_and_gradient():
    """An epoch's batches are all rows once, and their mean is the density of all of them."""
    where = Support(SUPPORT, D + 1)
    start = torch.ones(D + 1, dtype=torch.float64)
    target = Target(log_density, where, start)
    sampled = Sampled(log_prior, batches(), target, torch.zeros(D + 1, dtype=torch.float64))
    z = torch.randn(5, D + 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    rows = [sampled.rows(3, step) for step in range(12, 24)]
    assert torch.equal(torch.cat(rows).sort().values, torch.arange(N))
    assert not torch.equal(rows[0], sampled.rows(3, 24))
    parts = [sampled.slope(z, some) for some in rows]
    value, slope = (torch.stack(some).mean(0) for some in zip(*parts, strict=True))
    whole, gradient = target.slope(z)
    assert torch.allclose(value, whole, rtol=1e-10)
    assert torch.allclose(slope, gradient, rtol=1e-8)
    assert float(torch.stack([one for one, _ in parts]).std(0).min()) > 0.1


@pytest.fixture(scope="module")
def exact():
    return learn.fit(log_density, D + 1, learn.FullRank(), support=SUPPORT)


def test_steps_reach_the_deterministic_elbo_within_the_error_stated(exact):
    found = learn.fit(log_prior, D + 1, learn.FullRank(), data=batches(), support=SUPPORT)
    assert found.converged
    assert exact.converged
    room = found.path[-1].missing + 4 * math.hypot(found.elbo_error, exact.elbo_error)
    assert room < 0.1
    assert abs(found.elbo - exact.elbo) < room
    assert torch.allclose(found.mean, exact.mean, atol=0.05 * float(exact.sd.max()))
    assert torch.allclose(found.sd, exact.sd, rtol=0.03)
    assert abs(found.log_evidence - exact.log_evidence) < 0.01


def test_logistic_regression_by_minibatches():
    """Breast cancer, the mean-field optimum −67.4616: the truth by quadrature."""
    data = pytest.importorskip("sklearn.datasets").load_breast_cancer()
    x = (data.data - data.data.mean(0)) / data.data.std(0)
    xs = torch.tensor(np.column_stack([np.ones(len(x)), x]))
    sign = torch.tensor(2.0 * data.target - 1)
    found = learn.fit(
        lambda w: -0.5 * (w**2).sum(-1) - 0.5 * 31 * math.log(2 * math.pi),
        31,
        data=learn.Minibatches(
            lambda w, x, s: torch.nn.functional.logsigmoid(s * (w @ x.T)), [xs, sign], size=64
        ),
        tol=0.05,
    )
    node, weight = np.polynomial.hermite_e.hermegauss(40)
    mean, spread = xs @ found.mean, ((xs * found.sd) ** 2).sum(-1).sqrt()
    at = sign[:, None] * (mean[:, None] + spread[:, None] * torch.tensor(node))
    likelihood = torch.nn.functional.logsigmoid(at) @ torch.tensor(weight / weight.sum())
    prior = -0.5 * (found.mean**2 + found.sd**2).sum() - 0.5 * 31 * math.log(2 * math.pi)
    elbo = float(likelihood.sum() + prior + found.law.entropy())
    assert -67.4616 - found.path[-1].missing < elbo < -67.461
    assert abs(found.elbo - elbo) < 4 * found.elbo_error


@pytest.fixture(scope="module")
def whole():
    count = 0

    def counted(*args):
        nonlocal count
        count += 1
        return log_likelihood(*args)

    data = learn.Minibatches(counted, [X, Y], size=50, draws=8, steps=30, most_steps=60)
    return learn.fit(log_prior, D + 1, data=data, support=SUPPORT, rng=2), count


@pytest.mark.parametrize("share", [0.2, 0.4, 0.55, 0.7, 0.9, 0.99])
def test_interrupted_and_resumed_is_the_same_to_the_last_bit(whole, share):
    fit, calls = whole
    count = 0

    def stopped(*args):
        nonlocal count
        count += 1
        if count == int(share * calls):
            raise KeyboardInterrupt
        return log_likelihood(*args)

    settings = {"size": 50, "draws": 8, "steps": 30, "most_steps": 60}
    part = learn.fit(
        log_prior,
        D + 1,
        data=learn.Minibatches(stopped, [X, Y], **settings),
        support=SUPPORT,
        rng=2,
    )
    assert "Interrupted" in part.notes[0]
    assert not part.converged
    kept = io.BytesIO()
    torch.save(part.state_dict(), kept)
    kept.seek(0)
    again = learn.fit(
        log_prior,
        D + 1,
        data=batches(**settings),
        support=SUPPORT,
        resume=torch.load(kept, weights_only=True),
    )
    assert (again.elbo, again.khat, again.path) == (fit.elbo, fit.khat, fit.path)
    assert torch.equal(again.mean, fit.mean)
    assert torch.equal(again.sd, fit.sd)


def test_one_objective_does_not_go_on_from_the_other(whole, exact):
    fit, _ = whole
    with pytest.raises(InvalidInputError, match="holds a fit with data"):
        learn.fit(log_density, D + 1, support=SUPPORT, resume=fit.state_dict())
    with pytest.raises(InvalidInputError, match="holds a fit without data"):
        learn.fit(
            log_prior,
            D + 1,
            learn.FullRank(),
            data=batches(),
            support=SUPPORT,
            resume=exact.state_dict(),
        )


def test_an_end_too_early_is_told(whole):
    fit, _ = whole
    if not fit.converged:
        assert "most_steps" in fit.notes[0]
    assert [one.iterations for one in fit.path] == [30, 60]
    assert [one.draws for one in fit.path] == [240, 480]


@pytest.mark.parametrize(
    ("tensors", "settings", "error", "said"),
    [
        ([X[:0], Y[:0]], {}, InvalidInputError, "no data"),
        ([], {}, InvalidInputError, "no data"),
        ([X, Y[:9]], {}, ShapeError, r"\[600, 9\] rows"),
        (X, {}, InputTypeError, "list or tuple"),
        ([X.numpy(), Y], {}, InputTypeError, "list or tuple"),
        ([X, Y], {"size": 0}, InvalidInputError, "size=0"),
        ([X, Y], {"steps": 3}, InvalidInputError, "from 4 on"),
        ([X, Y], {"draws": 7}, InvalidInputError, "even"),
        ([X, Y], {"steps": 10, "most_steps": 9}, InvalidInputError, "most_steps=9"),
    ],
    ids=range(9),
)
def test_data_that_cannot_be_used(tensors, settings, error, said):
    with pytest.raises(error, match=said):
        learn.Minibatches(log_likelihood, tensors, **settings)


def test_likelihoods_that_cannot_be_used():
    def refused(function, error, said):
        with pytest.raises(error, match=said):
            learn.fit(log_prior, D + 1, data=learn.Minibatches(function, [X, Y]), support=SUPPORT)

    refused(lambda *a: log_likelihood(*a).sum(-1), ShapeError, "one number for each x and row")
    refused(lambda *a: log_likelihood(*a).mean(), ShapeError, "one number for each x and row")
    refused(lambda *a: math.nan * log_likelihood(*a), InvalidInputError, "NaN at the start")
    with pytest.raises(InputTypeError, match="Minibatches"):
        learn.fit(log_prior, D + 1, data=[X, Y], support=SUPPORT)
    with pytest.raises(InputTypeError, match="function"):
        learn.Minibatches(3, [X, Y])
    with pytest.raises(InvalidInputError, match="FullRank"):
        learn.fit(log_prior, D + 1, learn.Flow(), data=batches(), support=SUPPORT)
