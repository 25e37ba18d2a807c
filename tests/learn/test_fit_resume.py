"""A fit that was interrupted, saved and taken up again is the fit that was not."""

import io
import math

import pytest
import torch

from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError

Y = torch.tensor([28.0, 8, -3, 7, -1, 1, 18, 12], dtype=torch.float64)
SIGMA = torch.tensor([15.0, 10, 16, 11, 9, 11, 10, 18], dtype=torch.float64)
SUPPORT = {9: learn.positive}


def schools(p):
    """Eight schools, not centred, up to a constant."""
    t, mu, tau = p[:, :8], p[:, 8], p[:, 9]
    away = (Y - mu[:, None] - tau[:, None] * t) / SIGMA
    prior = -0.5 * (t**2).sum(-1) - 0.5 * (mu / 5) ** 2 - torch.log1p((tau / 5) ** 2)
    return prior - 0.5 * (away**2).sum(-1)


def stopped_at(call):
    calls = 0

    def density(p):
        nonlocal calls
        calls += 1
        if calls == call:
            raise KeyboardInterrupt
        return schools(p)

    return density


def same(a, b):
    numbers = ("elbo", "elbo_error", "log_evidence", "log_evidence_error", "khat", "path")
    assert all(getattr(a, name) == getattr(b, name) for name in numbers)
    assert torch.equal(a.mean, b.mean)
    assert torch.equal(a.covariance, b.covariance)
    assert a.converged == b.converged
    assert a.notes == b.notes


@pytest.fixture(scope="module", params=[learn.MeanField(), learn.FullRank()], ids=str)
def whole(request):
    count = 0

    def density(p):
        nonlocal count
        count += 1
        return schools(p)

    return learn.fit(density, 10, request.param, support=SUPPORT, rng=4), count


@pytest.mark.parametrize("share", [0.15, 0.25, 0.45, 0.6, 0.8, 0.97])
def test_control_c_keeps_the_best_so_far_and_what_is_left_is_done_later(whole, share):
    """The mode, the descent, a round's check, the last numbers: wherever it is stopped."""
    fit, calls = whole
    density = stopped_at(int(share * calls))
    part = learn.fit(density, 10, fit.family, support=SUPPORT, rng=4)
    assert not part.converged
    assert any("Interrupted" in note for note in part.notes)
    assert part.elbo < fit.elbo + 4 * math.hypot(fit.elbo_error, part.elbo_error)
    kept = io.BytesIO()
    torch.save(part.state_dict(), kept)
    kept.seek(0)
    state = torch.load(kept, weights_only=True)
    again = learn.fit(schools, 10, fit.family, support=SUPPORT, resume=state)
    same(again, fit)


def test_a_finished_fit_goes_no_further(whole):
    fit, _ = whole
    same(learn.fit(schools, 10, fit.family, support=SUPPORT, resume=fit.state_dict()), fit)


def test_more_draws_later_are_more_draws_at_once():
    settings = {"support": SUPPORT, "tol": 0.001}
    begun = learn.fit(schools, 10, most_draws=128, **settings)
    assert not begun.converged
    assert "about" in begun.notes[0]
    later = learn.fit(schools, 10, most_draws=1024, resume=begun.state_dict(), **settings)
    same(later, learn.fit(schools, 10, most_draws=1024, **settings))
    assert len(later.path) > len(begun.path)


def test_states_that_do_not_fit(whole):
    fit, _ = whole
    with pytest.raises(InvalidInputError, match="of 10 parameters"):
        learn.fit(lambda x: -0.5 * (x**2).sum(-1), 9, fit.family, resume=fit.state_dict())
    with pytest.raises(InvalidInputError, match="LowRank"):
        learn.fit(schools, 10, learn.LowRank(2), support=SUPPORT, resume=fit.state_dict())
    for wrong in ({}, 3, {"format": 0}):
        with pytest.raises(InputTypeError, match="state_dict"):
            learn.fit(schools, 10, fit.family, support=SUPPORT, resume=wrong)
