"""Time to a fitted posterior, and its ELBO, against NumPyro, Pyro and PyMC."""

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from posteriors import Posterior, breast_cancer, eight_schools
from timing import Line, faster, once, readable

from kullback import learn

Law = tuple[Any, Any]
"""Mean and root of the covariance, on the whole line."""

STEPS, RATE = 5000, 0.01
FAMILIES = {"mean-field": learn.MeanField(), "full-rank": learn.FullRank()}


def ours(of: Posterior, family: str, seed: int = 0) -> Law:
    found = learn.fit(of.log_density, of.dim, FAMILIES[family], support=of.support, rng=seed)
    law = found.law
    return law.mean, law.L if family == "full-rank" else torch.diag(law.s)


def numpyro(of: Posterior, family: str, steps: int, seed: int = 0) -> Law:
    import jax
    from numpyro.infer import SVI, Trace_ELBO, autoguide
    from numpyro.optim import Adam

    guide = {"mean-field": autoguide.AutoNormal, "full-rank": autoguide.AutoMultivariateNormal}
    svi = SVI(of.numpyro, guide[family](of.numpyro), Adam(RATE), Trace_ELBO())
    found = jax.block_until_ready(
        svi.run(jax.random.PRNGKey(seed), steps, progress_bar=False).params
    )
    if family == "full-rank":
        return found["auto_loc"], found["auto_scale_tril"]
    return _joined(of, lambda site, part: found[f"{site}_auto_{part}"])


def pyro(of: Posterior, family: str, steps: int, seed: int = 0) -> Law:
    import pyro
    from pyro.infer import SVI, Trace_ELBO, autoguide
    from pyro.optim import Adam

    assert family == "mean-field"
    pyro.clear_param_store()
    pyro.set_rng_seed(seed)
    guide = autoguide.AutoNormal(of.pyro)
    svi = SVI(of.pyro, guide, Adam({"lr": RATE}), Trace_ELBO())
    for _ in range(steps):
        svi.step()
    found = {"loc": guide.locs, "scale": guide.scales}
    return _joined(of, lambda site, part: getattr(found[part], site).detach())


def pymc(of: Posterior, family: str, steps: int, seed: int = 0) -> Law:
    import pymc

    assert family == "mean-field"
    adam = pymc.adam(learning_rate=RATE)
    with warnings.catch_warnings(), of.pymc():
        warnings.simplefilter("ignore")  # that it finds no BLAS
        found = pymc.fit(
            steps, method="advi", random_seed=seed, progressbar=False, obj_optimizer=adam
        )
    return found.mean.eval(), np.linalg.cholesky(found.cov.eval())


def _joined(of: Posterior, part: Callable[[str, str], Any]) -> Law:
    loc, scale = (
        np.concatenate([np.ravel(part(site, name)) for site in of.sites])
        for name in ("loc", "scale")
    )
    return loc, np.diag(scale)


@dataclass
class Job:
    """A fit that can be timed; it keeps what it last found."""

    run: Callable[[], Law]
    law: Law = (None, None)

    def __call__(self) -> None:
        self.law = self.run()


def lines(steps: int = STEPS) -> list[Line]:
    """At least 10 times as fast as svi.run, compile time counted, to an ELBO as good."""
    out = []
    for of in (breast_cancer(), eight_schools()):
        out += [
            *_against(of, "mean-field", "numpyro", "NumPyro `svi.run`", numpyro, steps, 10, 9),
            *_against(of, "mean-field", "pyro", "Pyro `svi.step`", pyro, steps, 1, 1),
            *_against(of, "mean-field", "pymc", "PyMC `fit`", pymc, steps, 1, 1),
            *_against(of, "full-rank", "numpyro", "NumPyro `svi.run`", numpyro, steps, 10, 1),
        ]
    return out


def _against(
    of: Posterior,
    family: str,
    package: str,
    name: str,
    run: Callable[..., Law],
    steps: int,
    at_least: float,
    runs: int,
) -> list[Line]:
    if find_spec(package) is None:
        print(f"{package} is not installed: its line is left out.")
        return []
    fit, theirs = Job(partial(ours, of, family)), Job(partial(run, of, family, steps))
    line = faster("", fit, "", theirs, at_least=at_least, runs=runs)
    elbos = [f"{of.elbo(*job.law):.3f}".replace("-", "−") for job in (fit, theirs)]
    peer = f"{name}, Adam({RATE}), {steps} steps: ELBO {elbos[1]}"
    if package == "numpyro":
        first = min(once(partial(run, of, family, 1)) for _ in range(2))
        peer += f"; {readable(first)} of it to the first step"
    work = f"`learn.fit`, {family}, {of.name}: ELBO {elbos[0]}"
    return [replace(line, work=work, peer=peer)]


if __name__ == "__main__":
    for line in lines(*map(int, sys.argv[1:])):
        print(line)
