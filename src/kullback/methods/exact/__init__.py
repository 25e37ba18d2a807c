"""Exact sums over outcomes: native kernels where they serve, the array standard elsewhere."""

from kullback.methods.exact.sums import ExactSum, exact_value

__all__ = ["ExactSum", "exact_value"]
