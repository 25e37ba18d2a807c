"""Which law made these waiting times, and how many more would tell?

Weeks until relapse of 21 leukaemia patients on placebo (Freireich et al., Blood 21, 1963). Four
laws are fitted. The likelihoods hardly differ; the divergences between the fitted laws say why, and
how many patients a trial would need before the choice means anything.

Run it: python examples/which_law.py
"""

import math

import numpy as np
import scipy.stats

import kullback as kb

WEEKS = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def fitted(weeks):
    """Four laws of waiting times, each by maximum likelihood."""
    shape_g, _, scale_g = scipy.stats.gamma.fit(weeks, floc=0)
    shape_w, _, scale_w = scipy.stats.weibull_min.fit(weeks, floc=0)
    sigma, _, median = scipy.stats.lognorm.fit(weeks, floc=0)
    return {
        "exponential": scipy.stats.expon(scale=np.mean(weeks)),
        "gamma": scipy.stats.gamma(shape_g, scale=scale_g),
        "Weibull": scipy.stats.weibull_min(shape_w, scale=scale_w),
        "log-normal": scipy.stats.lognorm(sigma, scale=median),
    }


def main():
    laws = fitted(WEEKS)
    print("Log-likelihood of the 21 patients:")
    for name, law in laws.items():
        print(f"  {name:12} {law.logpdf(WEEKS).sum():8.2f}")

    print("\nKL(row ‖ column), in millinats a patient (and how it was found):")
    print(" " * 14 + "".join(f"{name:>22}" for name in laws))
    for name, p in laws.items():
        answers = [kb.measure(p, q) for q in laws.values()]
        cells = (f"{1e3 * float(a.value):9.3f} {a.kind:>12}" for a in answers)
        print(f"  {name:12}" + "".join(cells))

    print("\nPatients needed to tell two laws apart, average error 5 %:")
    names = list(laws)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            needed = kb.samples_to_tell(laws[first], laws[second])
            print(f"  {first} or {second}: {needed.low} to {needed.high}")

    gap = kb.kl(laws["gamma"], laws["log-normal"])
    print(f"\nWhat KL = {gap:.4f} nats from gamma to log-normal says of every event:")
    print(f"  by Pinsker, no event's probability differs by more than {math.sqrt(gap / 2):.3f};")
    print(f"  the largest difference is {kb.tv(laws['gamma'], laws['log-normal']):.3f}.")


if __name__ == "__main__":
    main()
