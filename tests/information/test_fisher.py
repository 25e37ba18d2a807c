"""Fisher information: against integrals of the scores, against KL, and by its own laws."""

import dataclasses

import numpy as np
import pytest

import kullback as kb
import kullback.forms.families as f
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError
from kullback.information import fisher_information
from kullback.information.metrics import METRICS
from kullback.information.scores import information_by_scores

from .laws import COUNTS, MEAN, NUMBERS, SPREAD, VECTORS

ROUGH = (f.Laplace, f.GeneralizedNormal)
"""Their scores jump or bend at loc, where the rule for smooth functions fails."""


def named(law):
    return repr(law)[:60]


def counted(law):
    return METRICS[type(law)].known if type(law) in METRICS else ()


def relative(a, b):
    """The largest difference over the root of the diagonals."""
    size = np.sqrt(np.abs(np.outer(np.diag(b), np.diag(b))))
    return np.max(np.abs(a - b) / size)


@pytest.mark.parametrize("law", [p for p in NUMBERS + COUNTS if type(p) not in ROUGH], ids=named)
def test_the_formula_is_the_mean_outer_product_of_the_scores(law):
    names = tuple(p.name for p in law.parameters() if p.name not in counted(law))
    assert relative(information_by_scores(law, names), fisher_information(law)) < 1e-8


def symmetric_move(law, name, index, step):
    """Move one entry of a parameter, with its mirror image where the matrix is symmetric."""
    x = np.array(getattr(law, name), float)
    if index == ():
        return dataclasses.replace(law, **{name: x + step})
    x[index] += step
    if len(index) == 2 and index[0] != index[1] and name not in {"scale_tril", "factor", "mean"}:
        x[index[::-1]] += step
    return dataclasses.replace(law, **{name: x})


def moves(law):
    """Every move of one row of the matrix, in its order."""
    for p in law.parameters():
        x = np.asarray(getattr(law, p.name))
        if p.name in counted(law):
            continue
        for index in np.ndindex(*x.shape):
            half = x.ndim == 2 and not (
                (isinstance(law, f.LowRankNormal) and p.name == "factor")
                or (isinstance(law, f.MatrixNormal) and p.name == "mean")
            )
            if not half or index[0] >= index[1]:
                yield p.name, index


def kl(p, q):
    return float(kb.measure(p, q).value)


@pytest.mark.parametrize("law", NUMBERS + COUNTS + VECTORS, ids=named)
def test_kl_to_a_close_law_is_half_the_square_of_the_step(law):
    """KL(θ ‖ θ + d) + KL(θ ‖ θ − d) = dᵀF d up to d⁴, along each parameter and all at once."""
    matrix = fisher_information(law)
    steps = list(moves(law))
    assert matrix.shape == (len(steps), len(steps))
    together = (law, law)
    values = [abs(np.asarray(getattr(law, name))[index]) for name, index in steps]
    room = np.where(np.asarray(values) == 0, np.inf, 3e-3 * np.asarray(values))
    sizes = np.minimum(1e-3 / np.sqrt(np.diag(matrix)), room)
    close = 1e-3 if isinstance(law, f.Laplace) else 3e-4  # a kink leaves a third power
    total = np.zeros(len(steps))
    for i, (name, index) in enumerate(steps):
        h = sizes[i] * (-1) ** i / len(steps)
        together = tuple(
            symmetric_move(moved, name, index, s * h)
            for moved, s in zip(together, (1, -1), strict=True)
        )
        total[i] = h
        if i < 6:
            there = [symmetric_move(law, name, index, s * sizes[i]) for s in (1, -1)]
            expected = matrix[i, i] * sizes[i] ** 2
            assert sum(kl(law, q) for q in there) == pytest.approx(expected, rel=close)
    expected = total @ matrix @ total
    if expected > 1e-9:
        assert sum(kl(law, q) for q in together) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("law", NUMBERS + COUNTS + VECTORS, ids=named)
def test_it_is_positive_definite(law):
    matrix = fisher_information(law)
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-12, atol=1e-15)
    size = 1 / np.sqrt(np.diag(matrix))
    values = np.linalg.eigvalsh(matrix * np.outer(size, size))
    if isinstance(law, (f.MatrixNormal, f.LowRankNormal)):
        assert abs(values[0]) < 1e-12  # one law has several parameters
    else:
        assert values[0] > 0


@pytest.mark.parametrize(
    ("law", "same", "slopes"),
    [
        # the same laws in other parameters: F = JᵀF′J, J the slopes of the others in these
        (f.Exponential(2.0), f.Gamma(1.0, 2.0), [[0.0], [1.0]]),
        (f.Weibull(2.3, 0.7), f.GeneralizedGamma(1.0, 0.7, 2.3), [[0, 0], [0, 1], [1, 0]]),
        (f.Frechet(2.3, 0.7), f.GeneralizedGamma(1.0, 0.7, -2.3), [[0, 0], [0, 1], [-1, 0]]),
        (f.Chi(3.3), f.ChiSquared(3.3), [[1.0]]),
        (f.Geometric(0.3), f.NegativeBinomial(1.0, 0.3), [[0.0], [1.0]]),
        (f.Rayleigh(2.0), f.Weibull(2.0, 2 * 2**0.5), [[0.0], [2**0.5]]),
        (f.Pareto(2.0, 1.0), f.Exponential(2.0), [[1.0]]),
        (f.GeneralizedPareto(0.0, 2.0, 0.4), f.Lomax(2.5, 5.0), [[0, -6.25], [2.5, -12.5]]),
        (f.Beta(2.3, 3.7), f.Dirichlet([2.3, 3.7]), np.eye(2)),
        (f.HalfNormal(2.0), f.Normal(0.0, 2.0), [[0.0], [1.0]]),
        (f.VonMises(0.3, 2.0), f.VonMisesFisher([np.cos(0.3), np.sin(0.3)], 2.0),
         [[-np.sin(0.3), 0], [np.cos(0.3), 0], [0, 1]]),
    ],
)  # fmt: skip
def test_other_parameters_change_it_by_their_slopes(law, same, slopes):
    of = {f.Pareto: ["shape"], f.GeneralizedPareto: ["scale", "concentration"]}.get(type(law))
    j = np.asarray(slopes, float)
    expected = j.T @ fisher_information(same) @ j
    np.testing.assert_allclose(fisher_information(law, of=of), expected, rtol=1e-11, atol=1e-14)


def test_of_a_triangle_it_is_that_of_the_covariance():
    root = np.linalg.cholesky(SPREAD)
    i, j = np.tril_indices(3)
    slopes = []
    for a, b in zip(i, j, strict=True):
        d = np.zeros((3, 3))
        d[a, b] = 1
        slopes.append((d @ root.T + root @ d.T)[i, j])
    slopes = np.stack(slopes, axis=-1)
    full = fisher_information(f.MultivariateNormal(MEAN, SPREAD), of=["covariance"])
    found = fisher_information(f.MultivariateNormal(MEAN, scale_tril=root), of=["scale_tril"])
    np.testing.assert_allclose(found, slopes.T @ full @ slopes, rtol=1e-12, atol=1e-14)


def test_known_numbers():
    assert fisher_information(f.Normal(0, 2)).tolist() == [[0.25, 0.0], [0.0, 0.5]]
    assert fisher_information([0.2, 0.3, 0.5]).tolist() == [[7.0, 2.0], [2.0, 5.333333333333334]]
    # π²/6 − 1 and 7/(2ν⁴) − 13/ν⁵ + … in 30 digits
    gamma = fisher_information(f.Gamma(1.0, 1.0))
    np.testing.assert_allclose(np.linalg.det(gamma), np.pi**2 / 6 - 1, rtol=1e-14)
    tail = fisher_information(f.StudentT(1e4, 0.0, 1.0))[0, 0]
    np.testing.assert_allclose(tail, 3.5e-16 - 13e-20 + 39.5e-24 - 119e-28, rtol=1e-13)
    # Zipf(3): ζ″/ζ − (ζ′/ζ)² by mpmath at 30 digits
    np.testing.assert_allclose(
        fisher_information(f.Zipf([3.0, 1.01])).reshape(-1),
        [0.17228071150600032, 9999.8134831323285],
        rtol=1e-13,
    )


def test_batches_and_libraries():
    import torch

    shape = np.asarray([[1.0], [2.0]])
    law = f.Gamma(shape, np.asarray([1.0, 2.0, 3.0]))
    found = fisher_information(law)
    assert found.shape == (2, 3, 2, 2)
    np.testing.assert_array_equal(found[1, 2], fisher_information(f.Gamma(2.0, 3.0)))
    df = torch.tensor(5.0, dtype=torch.float32, requires_grad=True)
    in_torch = fisher_information(f.StudentT(df, 0.0, 1.0))
    assert in_torch.dtype == torch.float32
    assert in_torch.shape == (3, 3)
    (slope,) = torch.autograd.grad(in_torch[1, 1], df)
    assert float(slope) == pytest.approx(2 / 64)  # (ν + 1)/(ν + 3) has slope 2/(ν + 3)²


def test_inside_jax_jit(jax):
    found = jax.jit(lambda a: fisher_information(f.Beta(a, 2.0 * a)))(jax.numpy.asarray(2.0))
    np.testing.assert_allclose(found, fisher_information(f.Beta(2.0, 4.0)), rtol=1e-12)


def test_some_parameters():
    law = f.StudentT(3.5, 0.3, 2.0)
    full = fisher_information(law)
    np.testing.assert_array_equal(
        fisher_information(law, of=["scale", "df"]), full[np.ix_([2, 0], [2, 0])]
    )
    wishart = fisher_information(f.Wishart(5.3, SPREAD), of=["scale"])
    assert wishart.shape == (6, 6)


def test_a_law_without_a_formula_is_integrated():
    """TruncatedNormal: variances of z and z² by scipy's truncnorm moments."""
    from scipy.stats import truncnorm

    found = fisher_information(f.TruncatedNormal(0.5, 2.0, -1.0, 3.0), of=["loc", "scale"])
    moments = [truncnorm.moment(k, -0.75, 1.25) for k in range(1, 5)]
    expected = np.asarray(
        [
            [moments[1] - moments[0] ** 2, moments[2] - moments[0] * moments[1]],
            [moments[2] - moments[0] * moments[1], moments[3] - moments[1] ** 2],
        ]
    )
    np.testing.assert_allclose(found, expected / 4, rtol=1e-8)


def test_bijections_keep_it():
    law = f.Gamma(2.3, 0.7)
    np.testing.assert_array_equal(fisher_information(f.Log(law)), fisher_information(law))


def test_parameters_on_the_edge_are_infinite():
    assert fisher_information(f.Bernoulli(0.0))[0, 0] == np.inf
    assert fisher_information(f.GeneralizedNormal(0.0, 1.0, 0.5))[0, 0] == np.inf
    flat = fisher_information(f.VonMises(0.3, 0.0))
    np.testing.assert_array_equal(flat, [[0.0, 0.0], [0.0, 0.5]])


@pytest.mark.parametrize(
    ("law", "of", "error", "says"),
    [
        (f.Uniform(0, 1), None, NoMethodError, "Uniform has no .* about low: .*support depends"),
        (f.Pareto(2, 1), None, NoMethodError, r"about scale: it is the minimum.*of=\['shape'\]"),
        (f.GeneralizedPareto(0, 1, 0.1), None, NoMethodError, "about loc"),
        (f.GeneralizedPareto(0, 1, -0.6), ["scale"], InvalidInputError, "concentration ≤ −½"),
        (f.TruncatedNormal(0, 1, -1, 1), None, NoMethodError, r"low.*of=\['loc', 'scale'\]"),
        (f.DiscreteUniform(0, 5), None, NoMethodError, "whole number"),
        (f.Delta(1.0), None, NoMethodError, "all mass lies there"),
        (f.Binomial(5, 0.3), ["n"], NoMethodError, "whole number"),
        (f.Normal(0, 1), ["mean"], InvalidInputError, "no parameter 'mean', but loc, scale"),
        (f.Normal(0, 1), "loc", InputTypeError, "a list of names"),
        (f.Mixture([0.5, 0.5], [f.Normal(0, 1), f.Normal(1, 1)]), None, NoMethodError, "Mixture"),
    ],
)
def test_what_has_none(law, of, error, says):
    with pytest.raises(error, match=says):
        fisher_information(law, of=of)
