"""Several estimators of one number, side by side."""

from kullback.information.panel.panel import Panel as Panel
from kullback.information.panel.panel import panel as panel
