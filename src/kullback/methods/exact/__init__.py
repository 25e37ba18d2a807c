"""Exact sums over outcomes, by native kernels where they serve and by the array standard elsewhere."""

from kullback.methods.exact.sums import ExactSum, exact_value

__all__ = ["ExactSum", "exact_value"]
