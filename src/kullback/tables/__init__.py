"""Tables at rest, compared column by column in the engine that holds them."""

from kullback.report.explanation import Explanation as Explanation
from kullback.report.predictions import PredictionComparison as PredictionComparison
from kullback.report.result import ColumnComparison as ColumnComparison
from kullback.report.result import TableComparison as TableComparison
from kullback.tables.compare import compare as compare
from kullback.tables.explain import explain as explain
from kullback.tables.predictions import compare_predictions as compare_predictions
