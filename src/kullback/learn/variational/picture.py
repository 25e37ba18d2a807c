"""The path of a fit drawn: what each round promised, and what fresh draws said of it."""

from typing import TYPE_CHECKING, Any

from kullback.errors import InvalidInputError, MissingExtraError
from kullback.learn.variational.trust import USABLE

if TYPE_CHECKING:
    from kullback.learn.variational.result import Fit

TRAINED, FRESH, EVIDENCE = "#e4572e", "#4c78a8", "#333333"


def path_on_axes(fit: "Fit", ax: Any) -> Any:
    """Draw on axes of matplotlib, new ones if None, and return them."""
    if not fit.path:
        raise InvalidInputError(f"plot() draws the rounds of a search; {fit.family} has none.")
    try:
        from matplotlib import pyplot as plt
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "Fit.plot() draws with matplotlib: pip install matplotlib."
        ) from error
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 4), layout="constrained")
    draws = [one.draws for one in fit.path]
    elbos = [one.elbo for one in fit.path]
    ax.plot(draws, [one.trained for one in fit.path], "o--", color=TRAINED, mfc="white", zorder=2)
    ax.errorbar(
        draws,
        elbos,
        [2 * one.error for one in fit.path],
        fmt="o-",
        color=FRESH,
        capsize=3,
        zorder=3,
    )
    end = draws[-1] * 2**0.35
    ax.errorbar([end], [fit.elbo], [2 * fit.elbo_error], fmt="D", color=FRESH, capsize=3, zorder=3)
    named = [
        ("o--", TRAINED, "ELBO on the draws fitted to"),
        ("o-", FRESH, "on fresh draws, ± 2 standard errors"),
        ("D", FRESH, f"the fit: {fit.elbo:.2f}"),
    ]
    if fit.khat <= USABLE:
        ax.axhline(fit.log_evidence, color=EVIDENCE, linewidth=1, linestyle=":")
        named.append((":", EVIDENCE, f"log evidence: {fit.log_evidence:.2f}"))
    for style, colour, label in named:
        ax.plot([], [], style, color=colour, label=label, mfc="white" if style == "o--" else colour)
    ax.legend(frameon=False, fontsize="small", loc="best")
    ax.set_xscale("log", base=2)
    ax.set_xticks(draws, [str(n) for n in draws])
    ax.set_xlabel("draws of the round")
    ax.set_ylabel("nats")
    ax.set_title(f"{fit.family}, k̂ = {fit.khat:.2f}", loc="left", fontsize="medium")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax
