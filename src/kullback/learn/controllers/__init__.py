"""Controllers: how much a unit of divergence costs, from step to step."""

from kullback.learn.controllers.adaptive import Adaptive
from kullback.learn.controllers.controller import Controller
from kullback.learn.controllers.dual import Dual
from kullback.learn.controllers.free_bits import FreeBits
from kullback.learn.controllers.schedules import Anneal, Capacity, Fixed

__all__ = ["Adaptive", "Anneal", "Capacity", "Controller", "Dual", "Fixed", "FreeBits"]
