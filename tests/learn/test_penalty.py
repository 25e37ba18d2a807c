"""Prices: what each formula says, their bounds, and that a saved state goes on exactly."""

import math

import pytest
import torch

from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, ShapeError

EACH = [
    lambda: learn.Fixed(2.0),
    lambda: learn.Anneal(steps=7, cycles=2, rise=0.5),
    lambda: learn.Capacity(3.0, steps=5, coefficient=2.0),
    lambda: learn.Adaptive(target=1.0, horizon=4),
    lambda: learn.Dual(target=1.0, rate=0.3),
    lambda: learn.FreeBits(0.5, coefficient=2.0),
]


def test_cyclic_annealing_rises_and_stays_and_starts_again():
    price = learn.Anneal(steps=4, start=0.2, end=1.0, cycles=2, rise=0.5)
    seen = []
    for _ in range(10):
        seen.append(round(price.coefficient, 12))
        price.update(1.0)
    assert seen == [0.2, 0.6, 1.0, 1.0, 0.2, 0.6, 1.0, 1.0, 1.0, 1.0]


def test_capacity_charges_on_both_sides_of_what_is_free():
    penalty = learn.Penalty(learn.Capacity(2.0, steps=4, coefficient=3.0))
    kl = torch.tensor(0.25, requires_grad=True)
    costs, slopes = [], []
    for _ in range(5):
        cost = penalty(kl)
        (slope,) = torch.autograd.grad(cost, kl)
        costs.append(float(cost.detach()))
        slopes.append(float(slope))
    assert costs == pytest.approx([0.75, 0.75, 2.25, 3.75, 5.25])
    assert slopes == [3.0, -3.0, -3.0, -3.0, -3.0]


def test_free_bits_have_no_gradient_below_and_one_above():
    kl = torch.tensor([0.1, 0.75, 2.0], requires_grad=True)
    cost = learn.Penalty(learn.FreeBits(0.5, coefficient=2.0))(kl)
    assert float(cost.detach()) == pytest.approx(2 * (0.5 + 0.75 + 2.0))
    assert torch.autograd.grad(cost, kl)[0].tolist() == [0.0, 2.0, 2.0]


def test_adaptive_is_ziegler_with_its_clip():
    price = learn.Adaptive(target=6.0, horizon=10.0, coefficient=0.2)
    price.update(60.0)
    assert price.coefficient == pytest.approx(0.2 * 1.02)
    price.update(5.4)
    assert price.coefficient == pytest.approx(0.2 * 1.02 * 0.99)


@pytest.mark.parametrize(
    "price", [learn.Adaptive(target=0.5, horizon=2, high=4.0), learn.Dual(target=0.5, high=4.0)]
)
def test_at_a_bound_nothing_winds_up(price):
    for _ in range(3000):
        price.update(50.0)
    assert price.coefficient == 4.0
    price.update(0.1)
    assert price.coefficient < 4.0
    for _ in range(100_000):
        price.update(0.0)
    assert price.coefficient == price.low


@pytest.mark.parametrize(
    "controller", [learn.Adaptive(target=0.3, horizon=5), learn.Dual(target=0.3, rate=0.05)]
)
def test_a_target_is_reached(controller):
    """min (m − 2)²/2 + β KL(N(m, 1) ‖ N(0, 1)): KL = m²/2, so that β = 2/√(2·0.3) − 1 at rest."""
    penalty = learn.Penalty(controller)
    m = torch.tensor(1.0, requires_grad=True)
    step = torch.optim.SGD([m], lr=0.1)
    for _ in range(4000):
        step.zero_grad()
        (0.5 * (m - 2) ** 2 + penalty(0.5 * m**2)).backward()
        step.step()
    assert float(0.5 * m.detach() ** 2) == pytest.approx(0.3, abs=1e-3)
    assert penalty.coefficient == pytest.approx(2 / math.sqrt(0.6) - 1, abs=5e-3)


@pytest.mark.parametrize("make", EACH)
def test_a_saved_state_goes_on_exactly(make, tmp_path):
    """Saved to a file in the midst of a step, as a part of a model."""
    whole, first, second = (
        torch.nn.ModuleDict({"price": learn.Penalty(make(), every=2)}) for _ in "123"
    )
    kls = torch.tensor([0.3, 2.0, 5.0, 0.1, 1.7, 0.9, 3.0], dtype=torch.float64)
    if whole["price"].controller.of_dimensions:
        kls = kls[:, None]
    for i, kl in enumerate(kls):
        whole["price"](kl, rows=i + 1)
    for i, kl in enumerate(kls[:3]):
        first["price"](kl, rows=i + 1)
    torch.save(first.state_dict(), tmp_path / "state.pt")
    second.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True))
    for i, kl in enumerate(kls[3:]):
        second["price"](kl, rows=i + 4)
    assert second.state_dict() == whole.state_dict()
    assert second["price"](kls[0]) == whole["price"](kls[0])


def test_calls_of_a_step_weigh_by_their_rows():
    penalty = learn.Penalty(learn.Dual(target=1.0, rate=0.5), every=2)
    penalty(1.0, rows=30)
    assert penalty.coefficient == 1.0
    penalty(5.0, rows=10)
    assert penalty.coefficient == pytest.approx(math.exp(0.5 * (2.0 - 1)))


def test_the_price_stays_in_evaluation_and_without_gradients():
    penalty = learn.Penalty(learn.Dual(target=1.0, rate=0.5))
    penalty.eval()
    penalty(9.0)
    assert penalty.coefficient == 1.0
    penalty.train()
    with torch.no_grad():
        penalty(9.0)
    assert penalty.coefficient == 1.0
    penalty(9.0)
    assert penalty.coefficient == pytest.approx(math.exp(0.5 * 8))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_divergence_that_is_not_finite_leaves_the_price(bad):
    penalty = learn.Penalty(learn.Adaptive(target=1.0, coefficient=0.7))
    with pytest.raises(InvalidInputError, match=r"keeps its coefficient of 0\.7"):
        penalty(bad)
    assert penalty.coefficient == 0.7
    assert penalty.controller.steps == 0


def test_a_divergence_that_is_not_finite_is_refused_within_a_step_too():
    penalty = learn.Penalty(learn.Dual(target=1.0, rate=0.5), every=2)
    penalty(2.0)
    with pytest.raises(InvalidInputError, match="step 1 is nan"):
        penalty(math.nan)
    penalty(2.0)
    assert penalty.coefficient == pytest.approx(math.exp(0.5))


@pytest.mark.parametrize(
    "make",
    [
        lambda: learn.Adaptive(target=0.0),
        lambda: learn.Adaptive(target=1.0, horizon=0),
        lambda: learn.Adaptive(target=1.0, horizon=0.1),
        lambda: learn.Adaptive(target=1.0, coefficient=5.0, high=4.0),
        lambda: learn.Dual(target=0.0),
        lambda: learn.Dual(target=-1.0),
        lambda: learn.Dual(target=math.inf),
        lambda: learn.Fixed(-1.0),
        lambda: learn.Fixed(math.nan),
        lambda: learn.Anneal(steps=0),
        lambda: learn.Anneal(steps=5, rise=1.5),
        lambda: learn.Capacity(0.0, steps=3),
        lambda: learn.FreeBits(-0.5),
        lambda: learn.Penalty(learn.Fixed(), every=0),
    ],
)
def test_senseless_settings_are_refused_at_once(make):
    with pytest.raises(InvalidInputError, match=r"\d|inf|nan"):
        make()


def test_what_is_not_a_scalar_asks_which_mean_is_meant():
    with pytest.raises(ShapeError, match=r"shape \(3,\).*reduction"):
        learn.Penalty(learn.Fixed())(torch.ones(3))
    with pytest.raises(ShapeError, match="each dimension"):
        learn.Penalty(learn.FreeBits(0.1))(torch.tensor(1.0))
    with pytest.raises(InputTypeError, match=r"learn\.Fixed\(0\.1\)"):
        learn.Penalty(0.1)
