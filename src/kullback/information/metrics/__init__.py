"""Fisher information in closed form: one short function a family, with its source."""

from kullback.information.metrics import bounded as bounded
from kullback.information.metrics import counting as counting
from kullback.information.metrics import line as line
from kullback.information.metrics import matrices as matrices
from kullback.information.metrics import positive as positive
from kullback.information.metrics import vectors as vectors
from kullback.information.metrics.registry import METRICS as METRICS
from kullback.information.metrics.registry import Metric as Metric
