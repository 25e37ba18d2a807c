"""What was found, for people and for programs: text, JSON and dataframes from one result."""

from kullback.report.result import Cell as Cell
from kullback.report.result import ColumnComparison as ColumnComparison
from kullback.report.result import OneSided as OneSided
from kullback.report.result import TableComparison as TableComparison
