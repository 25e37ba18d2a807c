"""Neighbour search against the definition: all distances, sorted."""

import numpy as np
import pytest

from kullback.errors import InvalidInputError
from kullback.methods.samples import neighbours
from kullback.methods.samples.neighbours import Neighbours


def all_distances(x, y, metric):
    apart = np.abs(x[:, None, :] - y[None, :, :])
    return apart.max(axis=2) if metric == "chebyshev" else np.sqrt((apart**2).sum(axis=2))


def rows(kind, n, d, rng):
    x = rng.normal(size=(n, d))
    return {"plain": x, "lattice": np.round(2 * x), "far": 1e7 + 0.01 * x}[kind]


@pytest.mark.parametrize("kind", ["plain", "lattice", "far"])
@pytest.mark.parametrize("metric", ["euclidean", "chebyshev"])
@pytest.mark.parametrize("d", [1, 2, 5, 10, 14])
@pytest.mark.parametrize("own", [False, True])
def test_the_definition(d, metric, kind, own, monkeypatch):
    rng = np.random.default_rng(d)
    y = rows(kind, 151, d, rng)
    x = y if own else rows(kind, 97, d, rng)
    apart = all_distances(x, y, metric)
    if own:
        np.fill_diagonal(apart, np.inf)
    ranked = np.sort(apart, axis=1)
    for way in ("native", "all pairs", "scipy's tree"):
        if way != "native":
            monkeypatch.setattr(neighbours, "kernels", None)
        if way == "scipy's tree":
            monkeypatch.setattr(Neighbours, "_few_or_wide", lambda *_: False)
        near = Neighbours(y, metric)
        for k in (1, 3, 60):
            np.testing.assert_allclose(near.distances(x, k, own=own), ranked[:, :k], rtol=1e-14)
            r = near.kth_distance(x, k, own=own)
            np.testing.assert_allclose(r, ranked[:, k - 1], rtol=1e-14)
            slack = 1e-14 * r[:, None]
            np.testing.assert_array_equal(
                near.count_within(x, r, own=own),
                (apart <= r[:, None] + slack).sum(axis=1),
            )
            np.testing.assert_array_equal(
                near.count_within(x, r, strict=True, own=own),
                (apart < r[:, None] - slack).sum(axis=1),
            )


def test_copies_are_neighbours_at_distance_zero():
    x = np.asarray([[0.0, 1.0], [0.0, 1.0], [2.0, 2.0]])
    near = Neighbours(x)
    assert near.kth_distance(x, 1, own=True)[:2].tolist() == [0.0, 0.0]
    assert near.count_within(x, 0.0, own=True).tolist() == [1, 1, 0]
    assert near.count_within(x, 0.0, own=True, strict=True).tolist() == [0, 0, 0]


def test_the_neighbour_that_sets_a_radius_lies_within_it():
    rng = np.random.default_rng(3)
    for d in (1, 2, 3, 8, 16):
        x, y = rng.normal(size=(400, d)) * 1e-3 + 7, rng.normal(size=(500, d)) * 1e-3 + 7
        for k in (1, 4):
            for metric in ("euclidean", "chebyshev"):
                near = Neighbours(y, metric)
                r = near.kth_distance(x, k)
                assert (near.count_within(x, r) == k).all()
                assert (near.count_within(x, r, strict=True) == k - 1).all()


def test_one_row_far_out_does_not_cost_the_others_their_digits():
    rng = np.random.default_rng(4)
    y = rng.normal(size=(300, 15)) * 1e-4
    y[0] += 1e6
    x = rng.normal(size=(50, 15)) * 1e-4
    ranked = np.sort(all_distances(x, y, "euclidean"), axis=1)
    np.testing.assert_allclose(Neighbours(y).kth_distance(x, 3), ranked[:, 2], rtol=1e-13)


@pytest.mark.parametrize("own", [False, True])
def test_too_few_rows(own):
    x = np.zeros((3, 2))
    with pytest.raises(InvalidInputError, match=r"k=4 .* among"):
        Neighbours(x).kth_distance(x, 4, own=own)
    with pytest.raises(InvalidInputError, match="k=0"):
        Neighbours(x).kth_distance(x, 0)


@pytest.mark.parametrize("scale", [1e200, 1e-200])
def test_numbers_without_squares_are_refused(scale):
    x = np.random.default_rng(0).normal(size=(20, 2)) * scale
    with pytest.raises(InvalidInputError, match="other units"):
        Neighbours(x)
    assert (Neighbours(x, "chebyshev").kth_distance(x, 1, own=True) > 0).all()
    line = x[:, :1]
    assert (Neighbours(line).kth_distance(line, 1, own=True) > 0).all()


def test_threads_do_not_change_the_answer():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(3000, 3)), rng.normal(size=(3000, 3))
    one, two = Neighbours(y, threads=1), Neighbours(y, threads=2)
    np.testing.assert_array_equal(one.distances(x, 4), two.distances(x, 4))
    r = one.kth_distance(x, 5)
    np.testing.assert_array_equal(one.count_within(x, r), two.count_within(x, r))
    np.testing.assert_array_equal(np.sort(one.rows, axis=0), np.sort(y, axis=0))


def test_a_few_thousand_copies():
    x = np.zeros((3000, 2))
    x[1000:] = 1.0
    near = Neighbours(x)
    assert (near.kth_distance(x, 900, own=True) == 0).all()
    assert (near.count_within(x, 0.0, own=True)[:1000] == 999).all()
    assert (near.count_within(x, 2.0) == 3000).all()
    assert near.kth_distance(x[:1], 1001)[0] == np.sqrt(2)
