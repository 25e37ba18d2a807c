"""Tables at rest, compared column by column in the engine that holds them."""

from kullback.report.result import ColumnComparison as ColumnComparison
from kullback.report.result import TableComparison as TableComparison
from kullback.tables.compare import compare as compare
