"""Laws given by their parameters, against torch.distributions, numpyro and TFP (on JAX)."""

import warnings

import jax
import numpy as np
import scipy.stats
import torch
from mpmath import mp
from scipy.integrate import quad
from timing import Line, faster

import kullback as kb
from kullback import families

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import numpyro.distributions as npd
    from tensorflow_probability.substrates.jax import distributions as tfd

jax.config.update("jax_enable_x64", True)


def pairs() -> list[Line]:
    """Closed forms, each peer given the arrays and the objects it likes best."""
    rng = np.random.default_rng(0)
    n = 1_000_000
    loc = rng.normal(size=(2, n))
    a, b, c, d = rng.gamma(3, size=(4, n)) + 0.1
    alpha, beta = rng.gamma(2, size=(2, 100_000, 10)) + 0.1
    return [
        *against("Normal, 1 M pairs", "Normal", (loc[0], a), (loc[1], b), times=3),
        *against("Gamma, 1 M pairs", "Gamma", (a, b), (c, d)),
        *against("Beta, 1 M pairs", "Beta", (a, b), (c, d)),
        *against("Dirichlet, 100 000 pairs of 10", "Dirichlet", (alpha,), (beta,)),
    ]


def against(work: str, name: str, p: tuple, q: tuple, times: int = 1) -> list[Line]:
    ours_p, ours_q = getattr(families, name)(*p), getattr(families, name)(*q)
    return [
        faster(f"`kb.kl`, {work}", lambda: kb.kl(ours_p, ours_q), peer, theirs,
               at_least=1, runs=5, times=times)
        for peer, theirs in peers(name, p, q)
    ]  # fmt: skip


def peers(name: str, p: tuple, q: tuple) -> list[tuple]:
    torch_p, torch_q = ([torch.from_numpy(x) for x in law] for law in (p, q))
    jax_p, jax_q = ([jax.numpy.asarray(x) for x in law] for law in (p, q))
    of_torch, of_tfp, of_numpyro = (getattr(m, name) for m in (torch.distributions, tfd, npd))
    tfp = jax.jit(lambda p, q: tfd.kl_divergence(of_tfp(*p), of_tfp(*q)))
    numpyro = jax.jit(lambda p, q: npd.kl_divergence(of_numpyro(*p), of_numpyro(*q)))
    law_p, law_q = of_torch(*torch_p), of_torch(*torch_q)
    tfp(jax_p, jax_q), numpyro(jax_p, jax_q)  # compiles
    return [
        ("`torch.distributions`", lambda: torch.distributions.kl_divergence(law_p, law_q)),
        ("TFP, jitted", lambda: tfp(jax_p, jax_q).block_until_ready()),
        ("numpyro, jitted", lambda: numpyro(jax_p, jax_q).block_until_ready()),
    ]


def matrices(n: int = 1000, d: int = 50) -> list[Line]:
    rng = np.random.default_rng(0)
    roots = rng.normal(size=(2, n, d, 2 * d))
    covariances = roots @ np.swapaxes(roots, -1, -2) / (2 * d)
    means = rng.normal(size=(2, n, d))
    lower = np.linalg.cholesky(covariances)
    p, q = (
        families.MultivariateNormal(torch.from_numpy(m), scale_tril=torch.from_numpy(x))
        for m, x in zip(means, lower, strict=True)
    )
    law_p, law_q = (
        torch.distributions.MultivariateNormal(torch.from_numpy(m), scale_tril=torch.from_numpy(x))
        for m, x in zip(means, lower, strict=True)
    )
    jax_laws = [jax.numpy.asarray(x) for x in (means[0], lower[0], means[1], lower[1])]

    @jax.jit
    def tfp(a, b, c, d):
        first, second = (tfd.MultivariateNormalTriL(m, x) for m, x in ((a, b), (c, d)))
        return tfd.kl_divergence(first, second)

    tfp(*jax_laws)  # compiles
    work = f"`kb.kl`, MultivariateNormal, {n} pairs of {d} × {d}"
    return [
        faster(work, lambda: kb.kl(p, q), "`torch.distributions`",
               lambda: torch.distributions.kl_divergence(law_p, law_q), at_least=1),
        faster(work, lambda: kb.kl(p, q), "TFP, jitted",
               lambda: tfp(*jax_laws).block_until_ready(), at_least=1, runs=3),
    ]  # fmt: skip


def integrals(n: int = 1000, timed: int = 50) -> tuple[list[Line], str]:
    """Student-t ‖ Normal by quadrature: one call for all, against a loop over `quad` for some."""
    rng = np.random.default_rng(0)
    df, loc, scale = rng.uniform(3, 30, n), rng.normal(size=n), rng.gamma(3, size=n) + 0.2
    p, q = families.StudentT(df, 0.0, 1.0), families.Normal(loc, scale)
    some = slice(None, None, n // timed)
    those = list(zip(df[some], loc[some], scale[some], strict=True))

    def ours() -> np.ndarray:
        return kb.measure(p, q, by=kb.Quadrature()).value

    def loop() -> np.ndarray:
        return np.array([_by_quad(*one) for one in those])

    line = faster(
        f"`kb.measure(…, by=Quadrature())`, {n} Student-t ‖ Normal", ours,
        f"a loop over `scipy.integrate.quad` ({timed} of them, × {n // timed})", loop,
        at_least=100, runs=3, share=timed / n,
    )  # fmt: skip
    truth = [_truth(*one) for one in those]
    return [line], _errors({"kullback": ours()[some], "`quad`": loop()}, truth)


def _by_quad(df: float, loc: float, scale: float) -> float:
    p, q = scipy.stats.t(df), scipy.stats.norm(loc, scale)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return quad(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), -np.inf, np.inf)[0]


def _truth(df: float, loc: float, scale: float) -> float:
    """−H(t) + ½ log 2πσ² + (E x² + μ²)/(2σ²), in 30 digits."""
    with mp.workdps(30):
        v, m, s = mp.mpf(df), mp.mpf(loc), mp.mpf(scale)
        half = (v + 1) / 2
        spread = mp.log(mp.sqrt(v) * mp.beta(v / 2, mp.mpf(1) / 2))
        entropy = half * (mp.digamma(half) - mp.digamma(v / 2)) + spread
        cross = mp.log(2 * mp.pi * s**2) / 2 + (v / (v - 2) + m**2) / (2 * s**2)
        return float(cross - entropy)


def _errors(found: dict[str, np.ndarray], truth: list[float]) -> str:
    worst = {who: np.max(np.abs(values / np.array(truth) - 1)) for who, values in found.items()}
    return "Largest relative error of those integrals: " + ", ".join(
        f"{who} {error:.0e}" for who, error in worst.items()
    )
