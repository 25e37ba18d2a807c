"""The excess of log B, which the library has for any number of shares, asked of two."""

from kullback.arrays import special
from kullback.arrays.namespace import namespace
from kullback.arrays.special.smooth import together


def lbeta_excess(a1, b1, a2, b2):
    """KL(Beta(a₁, b₁) ‖ Beta(a₂, b₂))."""
    a1, b1, a2, b2 = together(a1, b1, a2, b2)
    xp = namespace(a1)
    return special.ldirichlet_excess(xp.stack((a1, b1), axis=-1), xp.stack((a2, b2), axis=-1))
