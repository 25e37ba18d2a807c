"""Bounds on ∫ f log f and ∫ f log g of mixtures, from what is known of their components.

f = Σ πₐ fₐ and g = Σ ω_b g_b. Arrays have shape (*batch, a) or (*batch, a, b); weights may be 0.
"""

import numpy as np

from kullback.methods.laws import Numbers


def variational_upper(pi: Numbers, omega: Numbers, kl: Numbers, rounds: int = 300) -> Numbers:
    """KL(f ‖ g) ≤ Σ φ (log φ/ψ + KL(fₐ ‖ g_b)) for any φ, ψ with margins π and ω.

    By the log-sum inequality; φ and ψ are improved in turn. With φ = ψ = π ω it is the convexity
    bound Σ πₐ ω_b KL(fₐ ‖ g_b), so it never exceeds that.

    References
    ----------
    Hershey and Olsen, Approximating the Kullback Leibler divergence between Gaussian mixture
    models, ICASSP 2007, section 8.
    """
    with np.errstate(all="ignore"):
        log_pi, log_omega = np.log(pi)[..., :, None], np.log(omega)[..., None, :]
        log_psi = log_pi + log_omega
        for _ in range(rounds):
            log_phi = log_psi - kl
            log_phi = log_pi + log_phi - _log_sum(log_phi, -1)
            log_phi = np.where(np.isnan(log_phi), -np.inf, log_phi)
            log_psi = log_omega + log_phi - _log_sum(log_phi, -2)
            log_psi = np.where(np.isnan(log_psi), -np.inf, log_psi)
        phi = np.exp(log_phi)
        # ψ's margin is exactly ω, φ's exactly π, or the bound would not be one.
        phi = phi * (pi / np.where(phi.sum(-1) > 0, phi.sum(-1), 1.0))[..., None]
        some = phi > 0
        terms = np.where(some, phi * (np.log(phi) - log_psi + kl), 0.0)
        bound = terms.sum(axis=(-1, -2))
        lost = (pi > 0) & (phi.sum(-1) == 0)
        convex = _product(pi[..., :, None] * omega[..., None, :], kl).sum(axis=(-1, -2))
    return np.asarray(np.minimum(np.where(lost.any(axis=-1), np.inf, bound), convex))


def mean_log_lower(pi: Numbers, omega: Numbers, mean_log: Numbers) -> Numbers:
    """∫ f log g ≥ Σ πₐ log Σ ω_b exp(∫ fₐ log g_b): log Σ exp is convex (Durrieu 2012, eq. 21)."""
    with np.errstate(all="ignore"):
        inner = _log_sum(np.log(omega)[..., None, :] + mean_log, -1)[..., 0]
    return np.asarray(_product(pi, inner).sum(axis=-1))


def mean_log_upper(pi: Numbers, omega: Numbers, log_overlap: Numbers) -> Numbers:
    """∫ f log g ≤ Σ πₐ log Σ ω_b ∫ fₐ g_b: log is concave (product of Gaussians)."""
    with np.errstate(all="ignore"):
        inner = _log_sum(np.log(omega)[..., None, :] + log_overlap, -1)[..., 0]
    return np.asarray(_product(pi, inner).sum(axis=-1))


def _product(weight: Numbers, x: Numbers) -> Numbers:
    return np.where(weight > 0, weight * np.where(weight > 0, x, 0.0), 0.0)


def _log_sum(x: Numbers, axis: int) -> Numbers:
    peak = np.max(x, axis=axis, keepdims=True)
    safe = np.where(np.isfinite(peak), peak, 0.0)
    return np.asarray(safe + np.log(np.sum(np.exp(x - safe), axis=axis, keepdims=True)))
