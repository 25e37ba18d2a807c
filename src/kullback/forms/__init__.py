"""Forms: what we hold of a distribution."""

from kullback.forms.counts import Counts
from kullback.forms.discrete import Discrete, Logits, LogProbs, Probs
from kullback.forms.form import Form
from kullback.forms.labels import Labels
from kullback.forms.samples import Samples

__all__ = ["Counts", "Discrete", "Form", "Labels", "LogProbs", "Logits", "Probs", "Samples"]
