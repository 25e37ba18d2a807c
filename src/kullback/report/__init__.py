"""What was found, for people and for programs: from one result, each kind of report."""

from kullback.report.result import Cell as Cell
from kullback.report.result import ColumnComparison as ColumnComparison
from kullback.report.result import OneSided as OneSided
from kullback.report.result import TableComparison as TableComparison
from kullback.report.verdict import Limits as Limits
from kullback.report.verdict import Verdict as Verdict
from kullback.report.verdict import judge as judge
