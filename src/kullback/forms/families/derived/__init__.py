"""Laws made of other laws: images, truncations, mixtures, products."""

from kullback.forms.families.derived.bijection import Bijection
from kullback.forms.families.derived.bijections import (
    Affine,
    Exp,
    Log,
    Power,
    Sigmoid,
)
from kullback.forms.families.derived.derived import Derived
from kullback.forms.families.derived.image import Image
from kullback.forms.families.derived.joint import Independent, Product
from kullback.forms.families.derived.mixture import Mixture
from kullback.forms.families.derived.tables import Table
from kullback.forms.families.derived.truncated import Truncated

__all__ = [
    "Affine",
    "Bijection",
    "Derived",
    "Exp",
    "Image",
    "Independent",
    "Log",
    "Mixture",
    "Power",
    "Product",
    "Sigmoid",
    "Table",
    "Truncated",
]
