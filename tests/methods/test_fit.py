"""Laws that do not speak of the same outcomes are refused in words."""

import pytest

import kullback as kb

F = kb.families


def test_a_density_against_masses():
    for p, q in ((F.Normal(0, 1), F.Poisson(3)), (F.Poisson(3), F.Normal(0, 1))):
        with pytest.raises(kb.InvalidInputError, match="KL infinite"):
            kb.kl(p, q)
        with pytest.raises(kb.InvalidInputError, match="Discretise"):
            kb.measure(p, q, of=kb.JensenShannon())


@pytest.mark.parametrize(
    ("p", "q", "said"),
    [
        (F.MultivariateNormal([0, 0], variances=[1, 1]),
         F.MultivariateNormal([0, 0, 0], variances=[1, 1, 1]), r"shape \(2,\).*shape \(3,\)"),
        (F.Dirichlet([1, 2]), F.Dirichlet([1, 2, 3]), r"shape \(2,\).*shape \(3,\)"),
        (F.Normal(0, 1), F.MultivariateNormal([0, 0], variances=[1, 1]), "is a number"),
        (F.Beta(1, 2), F.Dirichlet([1, 2]), "is a number"),
    ],
)  # fmt: skip
def test_other_shapes(p, q, said):
    with pytest.raises(kb.ShapeError, match=said):
        kb.kl(p, q)
    with pytest.raises(kb.ShapeError, match=said):
        kb.measure(p, q)
