"""Forms: what we hold of a distribution."""

from kullback.forms.counts import Counts
from kullback.forms.discrete import Form, Logits, LogProbs, Probs
from kullback.forms.labels import Labels

__all__ = ["Counts", "Form", "Labels", "LogProbs", "Logits", "Probs"]
