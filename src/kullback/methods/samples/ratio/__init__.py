"""The ratio of two densities, fitted and held out: one way to fit it a file."""

from kullback.methods.samples.ratio.binned import Binned
from kullback.methods.samples.ratio.classifier import Classifier
from kullback.methods.samples.ratio.kernel_density import KernelDensity
from kullback.methods.samples.ratio.quadratic_logistic import QuadraticLogistic
from kullback.methods.samples.ratio.ulsif import ULSIF

__all__ = ["ULSIF", "Binned", "Classifier", "KernelDensity", "QuadraticLogistic"]
