"""Divergences in training: paid for, and kept within a bound. Needs torch."""

from kullback.learn._torch import torch as _torch  # noqa: F401, the error of our own without it
from kullback.learn.constraint import Step as Step
from kullback.learn.constraint import constrain as constrain
from kullback.learn.controllers import Adaptive as Adaptive
from kullback.learn.controllers import Anneal as Anneal
from kullback.learn.controllers import Capacity as Capacity
from kullback.learn.controllers import Controller as Controller
from kullback.learn.controllers import Dual as Dual
from kullback.learn.controllers import Fixed as Fixed
from kullback.learn.controllers import FreeBits as FreeBits
from kullback.learn.distillation import Skew as Skew
from kullback.learn.distillation import TopK as TopK
from kullback.learn.distillation import distill as distill
from kullback.learn.objective import elbo as elbo
from kullback.learn.objective import forward_kl as forward_kl
from kullback.learn.objective import importance_bound as importance_bound
from kullback.learn.penalty import Penalty as Penalty
from kullback.learn.projection import Projection as Projection
from kullback.learn.projection import project as project
from kullback.learn.ranks import over_ranks as over_ranks
from kullback.learn.terms import Term as Term
from kullback.learn.terms import rao_blackwell as rao_blackwell
from kullback.learn.terms import sampled as sampled
from kullback.learn.terms import term as term
from kullback.learn.variational import Fit as Fit
from kullback.learn.variational import Flow as Flow
from kullback.learn.variational import FullRank as FullRank
from kullback.learn.variational import Laplace as Laplace
from kullback.learn.variational import LowRank as LowRank
from kullback.learn.variational import MeanField as MeanField
from kullback.learn.variational import above as above
from kullback.learn.variational import below as below
from kullback.learn.variational import fit as fit
from kullback.learn.variational import interval as interval
from kullback.learn.variational import positive as positive
