"""Networks whose weights are distributions, and what they predict."""

from kullback.learn.bayes.bayesian import bayesian
from kullback.learn.bayes.predict import predict
from kullback.learn.bayes.prediction import Prediction
from kullback.learn.bayes.priors import EmpiricalBayes

__all__ = ["EmpiricalBayes", "Prediction", "bayesian", "predict"]
