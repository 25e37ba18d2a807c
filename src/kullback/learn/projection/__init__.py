"""Projection: the nearest member of a family, forward or in reverse."""

from kullback.learn.projection.points import Mode
from kullback.learn.projection.project import project
from kullback.learn.projection.record import Optimum, Projection

__all__ = ["Mode", "Optimum", "Projection", "project"]
