"""Counts: what they say of the law behind them. One estimator a file."""

from kullback.methods.counts.chao_shen import ChaoShen
from kullback.methods.counts.choose import AutoCounts
from kullback.methods.counts.dirichlet import Dirichlet
from kullback.methods.counts.grassberger import Grassberger
from kullback.methods.counts.jackknife import Jackknife
from kullback.methods.counts.james_stein import JamesStein
from kullback.methods.counts.miller_madow import MillerMadow
from kullback.methods.counts.nsb import NSB
from kullback.methods.counts.plug_in import PlugIn
from kullback.methods.counts.zhang_grabchak import ZhangGrabchak

__all__ = [
    "NSB",
    "AutoCounts",
    "ChaoShen",
    "Dirichlet",
    "Grassberger",
    "Jackknife",
    "JamesStein",
    "MillerMadow",
    "PlugIn",
    "ZhangGrabchak",
]
