"""The role of an objective: what is made as large, or as small, as it can be."""

from kullback.learn.objective.elbo import elbo
from kullback.learn.objective.forward import forward_kl
from kullback.learn.objective.importance import importance_bound

__all__ = ["elbo", "forward_kl", "importance_bound"]
