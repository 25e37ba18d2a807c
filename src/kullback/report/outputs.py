"""Every way out of a comparison: printed, in a notebook, as JSON, Markdown, HTML, a dataframe."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from kullback.report import as_json, as_markdown, text
from kullback.report.files import written

if TYPE_CHECKING:
    from kullback.report.result import TableComparison
    from kullback.report.verdict import Limits

Path = str | PathLike[str]


class Outputs:
    """What a comparison of tables can be turned into; each `path` is written whole or not at all.

    `limits` adds the verdict on them; see `kullback.report.Limits`.
    """

    def __repr__(self) -> str:
        return text.render(self._result)

    def _repr_html_(self) -> str:
        from kullback.report import as_html

        return as_html.fragment(self._result)

    def to_json(self, path: Path | None = None, *, limits: Limits | None = None) -> str:
        """The comparison as JSON, complete, with infinity as ``"inf"``."""
        return written(as_json.dumps(self._result, limits), path)

    def to_markdown(self, path: Path | None = None, *, limits: Limits | None = None) -> str:
        """The verdict and a short table, as a pull request shows them."""
        return written(as_markdown.render(self._result, limits), path)

    def to_html(self, path: Path | None = None, *, limits: Limits | None = None) -> str:
        """The whole report as one HTML page that needs no script and no network.

        Needs jinja2: ``pip install 'kullback[report]'``.
        """
        from kullback.report import as_html

        return written(as_html.render(self._result, limits), path)

    def to_frame(self, backend: str | None = None) -> Any:
        """One line a column, as a dataframe: of pandas, Polars or pyarrow, whichever is there.

        Parameters
        ----------
        backend
            The library by name; without it, the first of the three that is installed.
        """
        return as_json.to_frame(self._result, backend)

    @property
    def _result(self) -> TableComparison:
        return cast("TableComparison", self)
