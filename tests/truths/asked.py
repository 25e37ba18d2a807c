"""What is asked of each case: a name, and the call that a user would type."""

import math

import kullback as kb

ASKED = {
    "kl": kb.kl,
    "reverse kl": lambda p, q: kb.kl(q, p),
    "jeffreys": kb.jeffreys,
    "js": kb.js,
    "js 0.3": lambda p, q: kb.js(p, q, weights=(0.3, 0.7)),
    "tv": kb.tv,
    "hellinger": kb.hellinger,
    "chi2": kb.chi2,
    "hockey-stick 1": lambda p, q: kb.hockey_stick(p, q, gamma=1),
    "hockey-stick 2": lambda p, q: kb.hockey_stick(p, q, gamma=2),
    "entropy": lambda p, _: kb.entropy(p),
    "cross-entropy": kb.cross_entropy,
}
for _alpha in (0.0, 0.25, 0.5, 0.999, 1.0, 1.5, 2.0, 10.0, math.inf):
    ASKED[f"renyi {_alpha:g}"] = lambda p, q, a=_alpha: kb.renyi(p, q, alpha=a)
for _alpha in (0.3, 1.0, 2.0):
    ASKED[f"tsallis {_alpha:g}"] = lambda p, q, a=_alpha: kb.tsallis(p, q, alpha=a)
for _alpha in (-1.0, 0.0, 0.3, 1.0, 2.0):
    ASKED[f"alpha {_alpha:g}"] = lambda p, q, a=_alpha: kb.alpha_divergence(p, q, alpha=a)
