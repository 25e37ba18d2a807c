"""Means of the statistics that log-densities are made of; importing enters them into the book."""

from kullback.methods.formulas.moments import decays as decays
from kullback.methods.formulas.moments import deviations as deviations
from kullback.methods.formulas.moments import interval as interval
from kullback.methods.formulas.moments import logarithms as logarithms
from kullback.methods.formulas.moments import positive_deviations as positive_deviations
from kullback.methods.formulas.moments import powers as powers
from kullback.methods.formulas.moments import tails as tails
from kullback.methods.formulas.moments import uniform as uniform
