"""Variational inference: the law of a family that is closest to a posterior, KL(q ‖ posterior)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.variational import trust
from kullback.learn.variational.average import begin, judged, search
from kullback.learn.variational.draws import Noise, seed_of
from kullback.learn.variational.family import Family, MeanField
from kullback.learn.variational.minibatch import Minibatches
from kullback.learn.variational.result import Fit
from kullback.learn.variational.rounds import Stand, settled
from kullback.learn.variational.state import restored, saved
from kullback.learn.variational.stochastic import climb
from kullback.learn.variational.support import Map, Support
from kullback.learn.variational.target import LogDensity, Target

_JUDGED, _HURRIED, _CLOSELY = 512, 128, 4
"""Draws in each of 8 sets behind the final numbers; after Ctrl-C; times more if k̂ is unclear."""


def fit(
    log_density: LogDensity,
    dim: int,
    family: Family | None = None,
    *,
    data: Minibatches | None = None,
    support: Mapping[int, Map] | None = None,
    start: Any = None,
    names: Sequence[str] | None = None,
    tol: float = 0.01,
    most_draws: int = 8192,
    rng: Any = 0,
    resume: Mapping[str, Any] | None = None,
) -> Fit:
    """Fit q to a posterior p = p̃/Z by maximising ELBO = E_q log p̃ + H(q) = log Z − KL(q ‖ p).

    The mean over q is taken over fixed, evenly spread draws, so that the objective is a smooth
    function with no noise, maximised by L-BFGS from the mode's curvature. The draws are then
    doubled until a doubling shows that no more is to be gained. Everything reported comes from
    draws never used for fitting. Ctrl-C keeps the best law so far, and `resume=` goes on from it.

    Parameters
    ----------
    log_density : callable
        From x, a tensor of shape (n, dim), to log p̃ of each row, shape (n,), in nats, up to a
        constant (which the evidence then contains); or from one x, shape (dim,), to a number.
        Written in torch. With `support`, x is on its natural scale: the Jacobian is added here.
    dim : int
        The number of parameters.
    family : Family
        `learn.MeanField()` if left out; `FullRank()`, `LowRank(rank)`, `Laplace()`, `Flow()`.
    data : Minibatches
        Data to be seen a few rows at a time: `log_density` is then the log prior alone, and the
        ELBO is maximised by steps, not by L-BFGS. Mode, curvature and the numbers reported still
        come from all data, in passes.
    support : mapping from int to Map
        Where bounded parameters lie: {9: learn.positive}, `learn.interval(a, b)`, `above`, `below`.
    start : tensor, shape (dim,)
        An x of positive density; its dtype and device are those of the fit. Zeros in float64, and
        the middle of the support, if left out.
    names : sequence of str
        What the parameters are called when printed.
    tol : float
        What the law may still lack, nats, of the best of its family: a doubling that leaves less
        is the last.
    most_draws : int
        Where doubling ends.
    rng : int or torch.Generator
        Where draws come from; the same seed gives the same answer.
    resume : mapping
        The `state_dict()` of a fit that was interrupted, by the same density and settings: it goes
        on as if it had not been, to the last bit. `rng` and `start` are then those of that fit.

    Raises
    ------
    InvalidInputError, ShapeError, InputTypeError
        A density that cannot be used: NaN or −∞ at the start, or under the fitted law; a wrong
        shape; no gradient; settings that mean nothing.

    References
    ----------
    Giordano, Ingram and Broderick, Black box variational inference with a deterministic objective,
    JMLR 25 (2024); Yao et al., Yes, but did it work?, ICML 2018, for k̂.

    >>> import torch
    >>> from kullback import learn
    >>> def log_density(x):  # two correlated parameters; 7 is the log evidence
    ...     a, b = x[:, 0] - 1, x[:, 1] + 2
    ...     return 7 - 0.5 * (a**2 - 1.6 * a * b + b**2) / 0.36 - 1.327_05
    >>> found = learn.fit(log_density, 2, learn.FullRank())
    >>> found.mean.tolist(), round(float(found.covariance[0, 1]), 6), round(found.elbo, 3)
    ([1.0, -2.0], 0.8, 7.0)
    >>> alone = learn.fit(log_density, 2)  # without the correlation
    >>> [round(s, 6) for s in alone.sd.tolist()], round(found.elbo - alone.elbo, 6)
    ([0.6, 0.6], 0.510826)
    """
    family = MeanField() if family is None else family
    _check_settings(dim, family, tol, most_draws)
    if data is not None and not isinstance(data, Minibatches):
        raise InputTypeError(f"data={data!r:.80}: learn.Minibatches(…) is needed.")
    if data is not None and not family.by_steps:
        raise InvalidInputError(
            f"{family} is not fitted from minibatches: its network asks for smaller steps than a "
            "Gaussian. Give all data at once (without data=), or learn.FullRank()."
        )
    where = Support(support, dim)
    called = _names(names, dim)
    whole = log_density if data is None else data.with_prior(log_density)
    target = Target(whole, where, _start(start, where, dim))
    if family.searched and most_draws < family.first_draws(dim):
        raise InvalidInputError(
            f"most_draws={most_draws} is below the {family.first_draws(dim)} that the first round "
            f"of {family} for {dim} parameters takes."
        )
    by_steps = data is not None
    stand, seed = _taken_up(resume, family, dim, by_steps, rng)
    noise = Noise(family.noise(dim), seed, target.start)
    stand = begin(target, family, noise) if stand is None else stand
    unfinished = stand.frame.interrupted
    if family.searched and not unfinished:
        if data is None:
            stand, unfinished = search(target, family, noise, stand, tol, most_draws)
        else:
            stand, unfinished = climb(target, log_density, data, family, noise, stand, tol)
    try:
        fresh = judged(target, family, noise, stand, _JUDGED if data is None else _HURRIED)
        if data is None and trust.unclear(fresh.khat):
            fresh = judged(target, family, noise, stand, _CLOSELY * _JUDGED)
    except KeyboardInterrupt:
        fresh, unfinished = judged(target, family, noise, stand, _HURRIED), True
    log_z, log_z_error = fresh.evidence()
    done = not unfinished and (not family.searched or settled(stand.path, tol))
    return Fit(
        family=family,
        law=family.law(stand.best, stand.frame),
        support=where,
        elbo=fresh.elbo,
        elbo_error=fresh.elbo_error,
        log_evidence=log_z,
        log_evidence_error=log_z_error,
        khat=fresh.khat,
        path=stand.path,
        converged=done,
        notes=_notes(target, family, data, stand, unfinished, done, tol),
        names=called,
        state=saved(None if stand.frame.interrupted else stand, family, dim, by_steps, seed),
    )


def _taken_up(
    resume: Mapping[str, Any] | None, family: Family, dim: int, by_steps: bool, rng: Any
) -> tuple[Stand | None, int]:
    if resume is None:
        return None, seed_of(rng)
    return restored(resume, family, dim, by_steps)


def _notes(
    target: Target,
    family: Family,
    data: Minibatches | None,
    stand: Stand,
    unfinished: bool,
    done: bool,
    tol: float,
) -> tuple[str, ...]:
    notes = [] if target.note is None else [target.note]
    if unfinished:
        notes.append("Interrupted: this is the best law so far; fit(resume=.state_dict()) goes on.")
    elif not done:
        last, more = stand.path[-1], "most_draws" if data is None else "most_steps"
        notes.append(
            f"With {last.draws} draws the law is still about {last.missing:.3g} nats short of the "
            f"best of {family}: not within tol={tol:g}. A larger {more}= may help; a q that "
            "misses the posterior's tails will not settle."
        )
    if stand.frame.problem is not None:
        notes.append(f"The search began without a mode ({stand.frame.problem}).")
    return tuple(notes)


def _check_settings(dim: Any, family: Any, tol: float, most_draws: int) -> None:
    if isinstance(dim, bool) or not isinstance(dim, int) or dim < 1:
        raise InvalidInputError(f"dim={dim!r}: the number of parameters, from 1 on, is needed.")
    if not isinstance(family, Family):
        hint = "an object, such as learn.FullRank()"
        raise InputTypeError(f"family={family!r} is no family: {hint}, is needed.")
    family.check(dim)
    if not isinstance(tol, (int, float)) or not 0 < tol < float("inf"):
        raise InvalidInputError(f"tol={tol!r}: a positive number of nats is needed.")
    if isinstance(most_draws, bool) or not isinstance(most_draws, int) or most_draws < 1:
        raise InvalidInputError(f"most_draws={most_draws!r}: a positive whole number is needed.")


def _names(names: Sequence[str] | None, dim: int) -> tuple[str, ...]:
    if names is None:
        return tuple(f"x[{i}]" for i in range(dim))
    if len(names) != dim:
        raise ShapeError(f"{len(names)} names for {dim} parameters.")
    called = tuple(str(name) for name in names)
    twice = [name for name, count in Counter(called).items() if count > 1]
    if twice:
        raise InvalidInputError(f"names= holds {twice[0]!r} more than once: each needs its own.")
    return called


def _start(start: Any, support: Support, dim: int) -> Any:
    if start is None:
        return support.forward(torch.zeros(1, dim, dtype=torch.float64))[0]
    if not torch.is_tensor(start) or not start.is_floating_point():
        raise InputTypeError(
            f"start={start!r}: a tensor of floating-point numbers is needed, shape ({dim},)."
        )
    if tuple(start.shape) != (dim,):
        raise ShapeError(f"start has shape {tuple(start.shape)}; dim={dim} asks for ({dim},).")
    if not bool(torch.isfinite(start).all()):
        raise InvalidInputError("start holds numbers that are not finite.")
    return start.detach().clone()
