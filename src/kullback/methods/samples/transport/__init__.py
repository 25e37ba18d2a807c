"""Transport between samples: exact, sliced, and blurred by entropy."""

from kullback.methods.samples.transport.exact import ExactTransport
from kullback.methods.samples.transport.sinkhorn_method import Sinkhorn
from kullback.methods.samples.transport.sliced import SlicedTransport

__all__ = ["ExactTransport", "Sinkhorn", "SlicedTransport"]
