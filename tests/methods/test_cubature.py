"""Integrals over the plane and space."""

import numpy as np
import pytest

import kullback as kb
from kullback.forms.density import Density
from kullback.methods.cubature import Cubature
from kullback.methods.mixtures import Sandwich

f = kb.families
BY = Cubature()


def kl_normal(m, a, n, b):
    m, a, n, b = (np.asarray(x, float) for x in (m, a, n, b))
    inverse = np.linalg.inv(b)
    z = m - n
    log = np.log(np.linalg.det(b) / np.linalg.det(a))
    return 0.5 * (np.trace(inverse @ a) + z @ inverse @ z - len(m) + log)


PLANE = [
    ([0.0, 0.0], [[1.0, 0.5], [0.5, 2.0]], [1.0, 0.0], [[2.0, 0.0], [0.0, 1.0]]),
    ([100.0, -50.0], [[1e-4, 0.0], [0.0, 1.0]], [99.0, -50.0], [[1.0, 0.3], [0.3, 1.0]]),
    ([0.0, 0.0], [[1.0, 0.99], [0.99, 1.0]], [0.0, 1.0], [[1.0, -0.9], [-0.9, 1.0]]),
]


@pytest.mark.parametrize("pair", PLANE)
def test_normal_laws_of_the_plane(pair):
    m, a, n, b = pair
    answer = kb.measure(f.MultivariateNormal(m, a), f.MultivariateNormal(n, b), by=BY)
    truth = kl_normal(*pair)
    assert abs(answer.value - truth) <= 1e-9 * truth
    assert abs(answer.value - truth) <= answer.error + 1e-13 * truth
    assert answer.error <= 1e-9 * truth


def test_a_batch():
    means = np.array([[0.0, 0.0], [2.0, 1.0]])
    eye = np.eye(2)
    answer = kb.measure(
        f.MultivariateNormal(means, eye), f.MultivariateNormal([0.0, 0], 2 * eye), by=BY
    )
    assert np.allclose(answer.value, [np.log(2) - 0.5, np.log(2) - 0.5 + 1.25], rtol=1e-9)


def test_a_mixture_of_the_plane_lies_between_its_bounds():
    part = f.MultivariateNormal([3.0, 3.0], np.eye(2))
    q = f.MultivariateNormal([0.0, 0.0], [[1.0, 0.5], [0.5, 2.0]])
    p = f.Mixture([0.5, 0.5], [q, part])
    value = kb.kl(p, q)
    low, high = kb.measure(p, q, by=Sandwich()).interval()
    assert low < value < high


def test_a_density_of_the_plane():
    def log_density(x):
        z = (x - np.array([3.0, -2.0])) * np.array([2.0, 0.5])
        return -0.5 * np.sum(z * z, axis=-1) - np.log(2 * np.pi)

    p = Density(log_density, dimensions=1, event_size=2)
    q = f.MultivariateNormal([3.0, -2.0], np.diag([1.0, 4.0]))
    truth = kl_normal([3, -2], np.diag([0.25, 4.0]), [3, -2], np.diag([1.0, 4.0]))
    assert abs(kb.measure(p, q, by=BY).value - truth) < 1e-9


def test_refusals():
    high = f.MultivariateNormal(np.zeros(4), np.eye(4))
    assert "not 2 or 3" in BY.refuse(kb.KL(), high, high)
    assert "simplex" in BY.refuse(kb.KL(), f.Dirichlet([1.0, 2.0]), f.Dirichlet([1.0, 1.0]))
    assert "vectors" in BY.refuse(kb.KL(), f.Normal(0, 1), f.Normal(0, 1))
