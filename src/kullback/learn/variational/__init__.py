"""Variational inference: a law fitted to a density known up to a constant."""

from kullback.learn.variational.family import Family as Family
from kullback.learn.variational.family import FullRank as FullRank
from kullback.learn.variational.family import Laplace as Laplace
from kullback.learn.variational.family import LowRank as LowRank
from kullback.learn.variational.family import MeanField as MeanField
from kullback.learn.variational.fit import fit as fit
from kullback.learn.variational.flow import Flow as Flow
from kullback.learn.variational.minibatch import Minibatches as Minibatches
from kullback.learn.variational.result import Fit as Fit
from kullback.learn.variational.rounds import Round as Round
from kullback.learn.variational.support import above as above
from kullback.learn.variational.support import below as below
from kullback.learn.variational.support import interval as interval
from kullback.learn.variational.support import positive as positive
