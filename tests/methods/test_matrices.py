"""Matrix-valued laws, Dirichlet laws and laws on spheres: reductions, near equality, gradients."""

import math

import numpy as np
import pytest

import kullback as kb

from ..backends import wide_jax

F = kb.families
S = np.asarray([[2.0, 0.5, 0.1], [0.5, 1.0, 0.2], [0.1, 0.2, 1.5]])
T = np.asarray([[1.0, 0.1, 0.3], [0.1, 2.0, 0.2], [0.3, 0.2, 1.0]])
E = np.asarray([0.6, 0.8, 0.0])
AXIS = np.asarray([1.0, 0.0, 0.0])


def same(a, b, rtol=1e-12):
    assert abs(float(a) / float(b) - 1) < rtol


def test_wishart_of_one_row_is_gamma():
    p, q = F.Wishart(5, [[2.0]]), F.Wishart(7, [[0.5]])
    same(kb.kl(p, q), kb.kl(F.Gamma(2.5, 0.25), F.Gamma(3.5, 1.0)))
    same(kb.entropy(p), kb.entropy(F.Gamma(2.5, 0.25)))
    same(kb.renyi(p, q, alpha=0.4), kb.renyi(F.Gamma(2.5, 0.25), F.Gamma(3.5, 1.0), alpha=0.4))


def test_inverse_wishart_of_one_row_is_inverse_gamma():
    p, q = F.InverseWishart(5, [[2.0]]), F.InverseWishart(7, [[0.5]])
    same(kb.kl(p, q), kb.kl(F.InverseGamma(2.5, 1.0), F.InverseGamma(3.5, 0.25)))
    same(kb.entropy(p), kb.entropy(F.InverseGamma(2.5, 1.0)))


def test_dirichlet_of_two_is_beta():
    p, q = F.Dirichlet([2, 3]), F.Dirichlet([1.5, 4])
    same(kb.kl(p, q), kb.kl(F.Beta(2, 3), F.Beta(1.5, 4)))
    same(kb.entropy(p), kb.entropy(F.Beta(2, 3)))
    same(kb.renyi(p, q, alpha=2), kb.renyi(F.Beta(2, 3), F.Beta(1.5, 4), alpha=2))


def test_multinomial_of_two_is_binomial():
    p, q = F.Multinomial(6, [0.3, 0.7]), F.Multinomial(6, [0.6, 0.4])
    same(kb.kl(p, q), kb.kl(F.Binomial(6, 0.3), F.Binomial(6, 0.6)))
    same(kb.entropy(p), kb.entropy(F.Binomial(6, 0.3)))
    same(kb.renyi(p, q, alpha=3), kb.renyi(F.Binomial(6, 0.3), F.Binomial(6, 0.6), alpha=3))
    assert kb.kl(p, F.Multinomial(7, [0.6, 0.4])) == math.inf
    assert kb.kl(p, F.Multinomial(6, [1.0, 0.0])) == math.inf


def test_sphere_of_the_plane_is_the_circle():
    turn = 0.7
    p = F.VonMisesFisher([1.0, 0.0], 2.0)
    q = F.VonMisesFisher([math.cos(turn), math.sin(turn)], 3.0)
    same(kb.kl(p, q), kb.kl(F.VonMises(0, 2), F.VonMises(turn, 3)))


def test_matrix_normal_is_a_normal_of_its_rows():
    rng = np.random.default_rng(0)
    means = rng.normal(size=(2, 3, 2))
    columns = [[[1.0, 0.2], [0.2, 2.0]], [[1.5, -0.1], [-0.1, 0.7]]]
    pair = [F.MatrixNormal(means[i], (S, T)[i], columns[i]) for i in range(2)]
    flat = [
        F.MultivariateNormal(means[i].ravel(), np.kron((S, T)[i], columns[i])) for i in range(2)
    ]
    same(kb.kl(*pair), kb.kl(*flat))
    same(kb.entropy(pair[0]), kb.entropy(flat[0]))


def test_normal_inverse_wishart_of_one_coordinate():
    p = F.NormalInverseWishart([0.3], 2.0, 5.0, [[1.5]])
    q = F.NormalInverseWishart([1.0], 1.0, 4.0, [[2.0]])
    alike = F.NormalInverseGamma(0.3, 2, 2.5, 0.75), F.NormalInverseGamma(1, 1, 2, 1)
    same(kb.kl(p, q), kb.kl(*alike))
    same(kb.entropy(p), kb.entropy(alike[0]))
    gammas = F.NormalGamma(0.3, 2, 2.5, 0.75), F.NormalGamma(1, 1, 2, 1)
    same(kb.kl(*gammas), kb.kl(*alike))


def test_truths():
    # mpmath, 50 digits
    same(kb.kl(F.Dirichlet([1, 2, 3]), F.Dirichlet([1.5, 0.5, 4])), 1.5501949939575645561)
    pair = F.VonMisesFisher(E, 2), F.VonMisesFisher(AXIS, 5)
    same(kb.kl(*pair), 1.5648345932638129103)


@pytest.mark.parametrize("kappa", [0.0, 0.01, 3.0, 400.0])
def test_uniform_is_concentration_zero(kappa):
    p, q, even = F.VonMisesFisher(E, kappa), F.VonMisesFisher(E, 0.0), F.SphereUniform(3)
    assert kb.kl(p, even) == kb.kl(p, q)
    assert kb.kl(even, p) == kb.kl(q, p)
    assert abs(kb.kl(p, even) - (kb.entropy(even) - kb.entropy(p))) < 1e-10


def test_power_spherical():
    p, even = F.PowerSpherical(E, 2.5), F.SphereUniform(3)
    same(kb.kl(p, even), kb.entropy(even) - kb.entropy(p), 1e-11)
    same(kb.kl(p, even), kb.kl(F.Beta(3.5, 1), F.Beta(1, 1)))
    same(kb.kl(p, F.VonMisesFisher(E, 0.0)), kb.kl(p, even))


@pytest.mark.parametrize(
    "make",
    [
        lambda t: F.Dirichlet(np.full(20, 5.0) * t),
        lambda t: F.Wishart(np.asarray(7.0) * t, S),
        lambda t: F.Wishart(np.asarray(7.0), S * t),
        lambda t: F.InverseWishart(np.asarray(7.0), S * t),
        lambda t: F.MatrixNormal(np.zeros((3, 3)), S * t, T),
        lambda t: F.NormalInverseWishart(np.zeros(3), 2.0, 7.0, S * t),
        lambda t: F.VonMisesFisher(E, np.asarray(5.0) * t),
        lambda t: F.PowerSpherical(E, np.asarray(5.0) * t),
        lambda t: F.NormalGamma(np.asarray(1.0), np.asarray(2.0) * t, 3.0, 4.0),
    ],
)
def test_quadratic_near_equality(make):
    one = kb.kl(make(1.0), make(1 + 2.0**-12))
    half = kb.kl(make(1.0), make(1 + 2.0**-20))
    assert one > 0
    assert abs(one / half / 2.0**16 - 1) < 1e-3
    assert kb.kl(make(1.0), make(1.0)) == pytest.approx(0, abs=1e-28)


def test_float32_dirichlet_stays_positive():
    a = np.full(20, 5.0, np.float32)
    found = kb.kl(F.Dirichlet(a), F.Dirichlet(a * np.float32(1.001)))
    assert found.dtype == np.float32
    assert abs(float(found) / 5.0766457306390991e-6 - 1) < 1e-4


def test_batches():
    stack = np.stack([S, T])
    found = kb.kl(F.Wishart(np.asarray([[5.0], [6.0]]), stack), F.Wishart(7.0, S))
    assert found.shape == (2, 2)
    same(found[1, 1], kb.kl(F.Wishart(6.0, T), F.Wishart(7.0, S)))


def test_gradients_in_torch_and_jax():
    import torch

    jax = wide_jax()
    cases = [
        lambda xp, t: (F.Wishart(5.0 * t, xp.asarray(S) * t), F.Wishart(7.0, xp.asarray(T))),
        lambda xp, t: (F.Wishart(5.0 * t, xp.eye(3) * t), F.Wishart(7.0, xp.eye(3))),
        lambda xp, t: (F.Dirichlet(xp.asarray([1.0, 2.0]) * t), F.Dirichlet([2.0, 2.0])),
        lambda xp, t: (
            F.VonMisesFisher(xp.asarray(E), 2 * t),
            F.VonMisesFisher(xp.asarray(AXIS), 3.0),
        ),
        lambda xp, t: (
            F.PowerSpherical(xp.asarray(E), 2 * t),
            F.VonMisesFisher(xp.asarray(AXIS), 3.0),
        ),
    ]
    torch.set_default_dtype(torch.float64)
    try:
        for make in cases:
            t = torch.tensor(1.0, requires_grad=True)
            kb.kl(*make(torch, t)).backward()
            by_jax = jax.grad(lambda u, make=make: kb.kl(*make(jax.numpy, u)))(1.0)
            up, down = (float(kb.kl(*make(np, np.asarray(1 + h)))) for h in (1e-6, -1e-6))
            assert abs(float(t.grad) - (up - down) / 2e-6) < 1e-7
            assert abs(float(by_jax) - float(t.grad)) < 1e-10
    finally:
        torch.set_default_dtype(torch.float32)
