"""Closed forms: one short function a pair, with its source.

Importing this room enters every formula into the books of `registry`.
"""

from kullback.methods.formulas import blends as blends
from kullback.methods.formulas import counting as counting
from kullback.methods.formulas import dirichlet as dirichlet
from kullback.methods.formulas import entropies as entropies
from kullback.methods.formulas import expansions as expansions
from kullback.methods.formulas import gammas as gammas
from kullback.methods.formulas import gaussian as gaussian
from kullback.methods.formulas import interval as interval
from kullback.methods.formulas import matrices as matrices
from kullback.methods.formulas import moments as moments
from kullback.methods.formulas import normal as normal
from kullback.methods.formulas import orders as orders
from kullback.methods.formulas import processes as processes
from kullback.methods.formulas import real as real
from kullback.methods.formulas import sphere as sphere
from kullback.methods.formulas import tails as tails
from kullback.methods.formulas import transport as transport
from kullback.methods.formulas import truncated as truncated
from kullback.methods.formulas.closed import ClosedForm as ClosedForm
