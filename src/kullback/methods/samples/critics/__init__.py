"""Critics that are trained: neural networks as ratios. Needs torch."""

from kullback.methods.samples.critics.critic import Critic

__all__ = ["Critic"]
