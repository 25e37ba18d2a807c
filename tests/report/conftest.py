"""One browser and one comparison for all tests of reports."""

import pytest

from kullback.report import Limits

from .browser import CHROMIUM, browser
from .made import comparison


@pytest.fixture(scope="session")
def made():
    """A comparison of 100 columns, made by hand."""
    return comparison(100)


@pytest.fixture(scope="session")
def limits():
    """Limits that the comparison breaches."""
    return Limits({"js": 0.02}, rule="lower")


@pytest.fixture(scope="session")
def chromium():
    """A browser without a window."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with browser() as page:
        yield page


@pytest.fixture(scope="session")
def page(made, limits, tmp_path_factory):
    """The report of that comparison, on disk."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    made.to_html(path, limits=limits)
    return path
