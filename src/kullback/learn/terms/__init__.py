"""A divergence as a part of a loss: its value, how sure it is, and an unbiased gradient."""

from kullback.learn.terms.pair import term
from kullback.learn.terms.rao_blackwell import rao_blackwell
from kullback.learn.terms.sampled import sampled
from kullback.learn.terms.term import Term

__all__ = ["Term", "rao_blackwell", "sampled", "term"]
