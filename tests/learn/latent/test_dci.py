"""Disentanglement, completeness and informativeness: by hand, and of codes that are known."""

import math

import numpy as np
import pytest
import torch

from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, ShapeError

pytest.importorskip("sklearn")


def grid(*sizes):
    return torch.cartesian_prod(*(torch.arange(size) for size in sizes))


def repeated(v, times=10):
    return v.repeat(times, 1)


def test_scores_of_a_matrix_by_hand():
    found = learn.DCI([[2.0, 1.0, 1.0], [0.0, 3.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    # of dimension 0 the shares are ½, ¼, ¼: 1.5 bits of log₂ 3; it holds half of all
    first = 1 - 1.5 / math.log2(3)
    assert found.by_dimension[[0, 1, 3]].tolist() == pytest.approx([first, 1, 1])
    assert bool(found.by_dimension[2].isnan())
    assert found.disentanglement == pytest.approx(0.5 * first + 0.5)
    # of factor 1 the shares are ⅕, ⅗, ⅕: 1.371 bits of log₂ 4
    held = -(0.4 * math.log2(0.2) + 0.6 * math.log2(0.6))
    assert found.by_factor.tolist() == pytest.approx([1, 1 - held / 2, 1])
    assert found.completeness == pytest.approx((3 - held / 2) / 3)
    assert found.informativeness is None


def test_neither_score_is_the_other():
    """Two dimensions for one factor each: served by two, each serving one."""
    found = learn.DCI([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert found.disentanglement == 1
    assert found.completeness == pytest.approx(0.5)
    other = learn.DCI(found.importance.T)
    assert (other.disentanglement, other.completeness) == (pytest.approx(0.5), 1)


def test_a_dimension_for_each_factor_has_all_scores_one():
    v = repeated(grid(3, 4, 2))
    found = learn.dci(v[:, [2, 0, 1]] * torch.tensor([1e3, -1.0, 1e-3]), v, rng=0)
    assert found.disentanglement == pytest.approx(1, abs=1e-12)
    assert found.completeness == pytest.approx(1, abs=1e-12)
    assert found.informativeness == 1
    assert found.importance.max(0).indices.tolist() == [1, 2, 0]


def test_a_rotated_code_is_informative_and_not_disentangled():
    v = repeated(grid(6, 6))
    rotated = torch.stack([v[:, 0] + v[:, 1], v[:, 0] - v[:, 1]], 1)
    found = learn.dci(rotated, v, rng=0)
    assert found.informativeness == 1
    assert found.disentanglement < 0.05
    assert found.completeness < 0.05


def test_noise_is_not_informative():
    v = repeated(grid(4, 4), 20)
    noise = torch.randn(len(v), 3, generator=torch.Generator().manual_seed(0))
    found = learn.dci(noise, v, rng=0)
    assert found.accuracy.tolist() == pytest.approx([0.25, 0.25], abs=0.15)
    assert found.disentanglement < 0.02


def test_order_and_scale_of_dimensions_do_not_matter():
    v = repeated(grid(4, 4), 20)
    mixed = v.double() @ torch.tensor([[1.0, 0.3, 0.0], [0.1, 0.5, 0.2]]).double()
    mixed = mixed + 0.2 * torch.randn(mixed.shape, generator=torch.Generator().manual_seed(0))
    one = learn.dci(mixed, v, rng=1)
    other = learn.dci(mixed[:, [1, 2, 0]] * torch.tensor([8.0, 0.25, 2.0]), v, rng=1)
    assert one.disentanglement == pytest.approx(other.disentanglement, abs=0.03)
    assert one.completeness == pytest.approx(other.completeness, abs=0.03)
    assert 0.1 < one.disentanglement < 0.9


def test_a_model_of_your_own_and_a_matrix_of_your_own():
    from sklearn.linear_model import LogisticRegression

    v = repeated(grid(2, 3), 40)
    codes = v.double() + 0.1 * torch.randn(v.shape, generator=torch.Generator().manual_seed(0))
    sparse = LogisticRegression(l1_ratio=1.0, C=0.1, solver="saga", max_iter=500)
    found = learn.dci(codes, {"side": v[:, 0], "kind": v[:, 1]}, rng=0, model=sparse)
    assert found.disentanglement > 0.95
    assert found.names == ("side", "kind")
    held = learn.mig(torch.distributions.Normal(codes, 0.1), v, rng=0)
    of_information = learn.DCI(held.information)
    assert of_information.disentanglement > 0.95


def test_what_has_no_score_is_refused():
    with pytest.raises(ShapeError, match=r"\(1, 2\)"):
        learn.DCI([[1.0, 2.0]])
    with pytest.raises(InvalidInputError, match="between -1 and 2"):
        learn.DCI([[1.0, 2.0], [-1.0, 0.0]])
    with pytest.raises(InvalidInputError, match="importance for factor 1"):
        learn.DCI([[1.0, 0.0], [1.0, 0.0]])
    v = repeated(grid(2, 2))
    with pytest.raises(InvalidInputError, match="importance for left"):
        learn.dci(torch.zeros(40, 2), {"left": v[:, 0], "up": v[:, 1]}, rng=0)
    with pytest.raises(InvalidInputError, match="is 0 of all 40 inputs"):
        learn.dci(v, {"left": v[:, 0], "up": np.zeros(40, int)}, rng=0)
    with pytest.raises(InvalidInputError, match="not finite at 1 places"):
        learn.dci(torch.tensor([[1.0, math.nan], [0.0, 1.0]]), [[0, 1], [1, 0]], rng=0)
    with pytest.raises(InvalidInputError, match="seed"):
        learn.dci(v, v, rng=None)
    from sklearn.neighbors import KNeighborsClassifier

    with pytest.raises(InputTypeError, match="neither feature_importances_ nor coef_"):
        learn.dci(v, v, rng=0, model=KNeighborsClassifier())
