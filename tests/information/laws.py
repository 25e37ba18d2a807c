"""One law or more of every family that has Fisher information, its parameters away from 0 and 1."""

import numpy as np

import kullback.forms.families as f

SPREAD = np.asarray([[2.0, 0.5, 0.1], [0.5, 1.0, -0.2], [0.1, -0.2, 1.5]])
MEAN = np.asarray([0.3, -1.0, 2.0])

NUMBERS = (
    f.Normal(0.3, 2.0), f.Laplace(0.3, 2.0), f.Logistic(0.3, 2.0), f.Cauchy(0.3, 2.0),
    f.Gumbel(0.3, 2.0), f.Moyal(0.3, 2.0), f.HyperbolicSecant(0.3, 2.0),
    f.StudentT(3.5, 0.3, 2.0), f.StudentT(29.0, 0.3, 2.0), f.StudentT(31.0, 0.3, 2.0),
    f.GeneralizedNormal(0.3, 2.0, 2.5), f.GeneralizedNormal(0.3, 2.0, 4.5),
    f.LogNormal(0.3, 2.0), f.LogitNormal(0.3, 2.0),
    f.Beta(2.3, 3.7), f.Kumaraswamy(2.3, 1.0), f.Kumaraswamy(2.3, 2.0), f.Kumaraswamy(2.3, 2.04),
    f.Kumaraswamy(2.3, 1.06), f.Kumaraswamy(0.7, 5.0),
    f.ContinuousBernoulli(0.3), f.ContinuousBernoulli(0.501), f.ContinuousBernoulli(0.38),
    f.VonMises(0.3, 0.5), f.VonMises(0.3, 39.0), f.VonMises(0.3, 41.0), f.VonMises(0.3, 1e3),
    f.Exponential(2.0), f.Gamma(2.3, 0.7), f.Gamma(0.2, 0.7), f.InverseGamma(2.3, 0.7),
    f.ChiSquared(3.3), f.Chi(3.3), f.Weibull(2.3, 0.7), f.Frechet(2.3, 0.7),
    f.InverseGaussian(2.3, 0.7), f.Rayleigh(2.0), f.Maxwell(2.0), f.HalfNormal(2.0),
    f.HalfCauchy(2.0), f.Nakagami(2.3, 0.7), f.Nakagami(14.9, 0.7), f.Nakagami(15.1, 0.7),
    f.GeneralizedGamma(2.3, 0.7, 1.4), f.GeneralizedGamma(2.3, 0.7, -1.4), f.Lomax(2.3, 0.7),
    f.LogLogistic(2.3, 0.7), f.BetaPrime(2.3, 0.7),
)  # fmt: skip

COUNTS = (
    f.Bernoulli(0.3), f.Poisson(2.3), f.Geometric(0.3),
    f.NegativeBinomial(2.3, 0.3), f.NegativeBinomial(0.05, 0.02), f.NegativeBinomial(300.0, 0.02),
    f.LogSeries(0.3), f.LogSeries(0.09), f.LogSeries(0.97), f.BetaBinomial(7, 2.3, 0.7),
    f.Binomial(7, 0.3), f.Skellam(2.0, 3.0),
)  # fmt: skip

VECTORS = (
    f.MultivariateNormal(MEAN, SPREAD),
    f.MultivariateNormal(MEAN, precision=SPREAD),
    f.MultivariateNormal(MEAN, scale_tril=np.linalg.cholesky(SPREAD)),
    f.MultivariateNormal(MEAN, variances=[1.0, 2.0, 3.0]),
    f.LowRankNormal(MEAN, [[1.0, 0.2], [0.3, -1.0], [0.5, 0.1]], [1.0, 2.0, 3.0]),
    f.Dirichlet([1.0, 2.0, 0.7]),
    f.Wishart(5.3, SPREAD),
    f.InverseWishart(5.3, SPREAD),
    f.NormalGamma(0.3, 2.0, 3.0, 1.5),
    f.NormalInverseGamma(0.3, 2.0, 3.0, 1.5),
    f.NormalInverseWishart(MEAN, 2.0, 5.3, SPREAD),
    f.MatrixNormal([[0.1, 0.2, 0.3], [1.0, -1.0, 0.5]], SPREAD[:2, :2], SPREAD),
)
