"""Importing kullback brings in numpy and nothing heavier, and shows exactly its public names."""

import ast
import doctest
import inspect
import json
import os
import subprocess
import sys
from importlib.resources import files

import pytest

import kullback as kb

HEAVY = {
    "scipy",
    "torch",
    "jax",
    "duckdb",
    "dask",
    "rich",
    "click",
    "pandas",
    "polars",
    "pyarrow",
    "narwhals",
    "array_api_compat",
    "mpmath",
}


def run(code, env=None):
    called = [sys.executable, "-c", code]
    return subprocess.run(called, capture_output=True, text=True, check=True, env=env).stdout


@pytest.mark.parametrize(
    "use",
    [
        "",
        "kb.kl([0.5, 0.5], [0.9, 0.1])",
        "kb.measure(kb.Logits([0.0, 1.0]), [0.5, 0.5]).explain()",
        "kb.pairwise([[0.5, 0.5]], of=kb.JensenShannon())",
        "kb.renyi([0.5, 0.5], [0.9, 0.1], alpha=0.5)",
        "kb.show_config()",
        "dir(kb)",
    ],
)
def test_nothing_heavy_is_loaded(use):
    loaded = json.loads(
        run(f"import sys, json, kullback as kb\n{use}\nprint(json.dumps([m for m in sys.modules]))")
    )
    assert HEAVY & {name.partition(".")[0] for name in loaded} == set()


def test_the_import_costs_little_more_than_numpys(tmp_path):
    """Paired runs in fresh processes, bytecode at hand for both as where both are installed.

    The least time of several is robust to a busy machine.
    """
    code = (
        "from time import perf_counter as now; a = now(); import numpy; b = now(); "
        "import kullback; c = now(); print(b - a, c - a)"
    )
    cached = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    cached["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    run(code, env=cached)
    runs = [tuple(map(float, run(code, env=cached).split())) for _ in range(12)]
    numpy, both = map(min, zip(*runs, strict=True))
    assert both < 1.5 * numpy


def test_importing_changes_nothing():
    code = """
import numpy as np, warnings
def state():
    drawn = np.random.get_state()[1].tolist()
    return drawn, np.get_printoptions(), list(warnings.filters), np.geterr()
before = state()
import kullback as kb
kb.kl([0.5, 0.5], [1.0, 0.0]); kb.measure([0.5, 0.5], [1.0, 0.0]).explain()
assert state() == before
"""
    run(code)


def test_all_names_what_type_checkers_see_and_each_of_them_loads():
    """The imports under TYPE_CHECKING and the names loaded on first use are the same ones."""
    tree = ast.parse(inspect.getsource(kb))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    seen = {
        alias.name: node.module
        for node in imports
        if node.module.startswith("kullback.")
        for alias in node.names
    }
    assert set(kb.__all__) == set(seen)
    assert len(kb.__all__) == len(set(kb.__all__))
    for name, module in seen.items():
        assert getattr(kb, name) is getattr(sys.modules[module], name)
    assert set(dir(kb)) == {*kb.__all__, "__version__"}


def test_what_is_not_there_is_said_to_be_missing():
    with pytest.raises(AttributeError, match="has no attribute 'kullback_leiber'"):
        kb.kullback_leiber


def runs_an_example(thing, name):
    found = doctest.DocTestFinder(recurse=False).find(thing, name)
    return any(example.want.strip() for test in found for example in test.examples)


def test_each_public_name_is_documented():
    assert [name for name in kb.__all__ if not inspect.getdoc(getattr(kb, name))] == []


def test_each_public_name_has_an_example_with_a_number():
    shown = [name for name in kb.__all__ if getattr(kb, name) not in SHOWN_ELSEWHERE]
    shown = [name for name in shown if not is_shown_by_calls(getattr(kb, name))]
    assert [name for name in shown if not runs_an_example(getattr(kb, name), name)] == []


def is_shown_by_calls(thing):
    """Tell whether this is an error, a question or a method: the calls that take them show them."""
    return inspect.isclass(thing) and issubclass(thing, (kb.KullbackError, kb.Question, kb.Method))


SHOWN_ELSEWHERE = {kb.Form, kb.compare}
"""The base of the forms; and compare, whose examples need files: tests/tables runs them."""


def test_every_parameter_of_a_short_name_is_positional_only_or_named():
    for name in (
        "kl",
        "js",
        "tv",
        "renyi",
        "entropy",
        "cross_entropy",
        "pairwise",
        "measure",
        "mutual_information",
    ):
        kinds = {p.kind for p in inspect.signature(getattr(kb, name)).parameters.values()}
        assert kinds <= {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.KEYWORD_ONLY}, name
    with pytest.raises(TypeError):
        kb.kl(p=[0.5, 0.5], q=[0.5, 0.5])


def test_the_types_are_shipped():
    assert files("kullback").joinpath("py.typed").is_file()
