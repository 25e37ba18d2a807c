"""Closed forms of laws on whole numbers; importing enters them into the books."""

from kullback.methods.formulas.counting import events as events
from kullback.methods.formulas.counting import finite as finite
from kullback.methods.formulas.counting import places as places
from kullback.methods.formulas.counting import ranks as ranks
from kullback.methods.formulas.counting import trials as trials
from kullback.methods.formulas.counting import waiting as waiting
