"""Distillation: a student's logits drawn to a teacher's."""

from kullback.learn.distillation.distill import distill
from kullback.learn.distillation.skew import Skew
from kullback.learn.distillation.top_k import TopK

__all__ = ["Skew", "TopK", "distill"]
