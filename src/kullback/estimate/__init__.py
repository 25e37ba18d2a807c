"""The answer: what a method finds, and how it is handed to the one who asked."""

from kullback.estimate.answer import Answer as Answer
from kullback.estimate.answer import Asked as Asked
from kullback.estimate.answer import Evidence as Evidence
from kullback.estimate.answer import Floor as Floor
from kullback.estimate.answer import Kind as Kind
from kullback.estimate.answer import Method as Method
from kullback.estimate.estimate import Estimate as Estimate
