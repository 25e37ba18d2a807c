"""Two processes with seven and five of twelve rows are one process with all of them."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError

from . import as_ranks


@pytest.fixture(scope="module")
def ranks(tmp_path_factory):
    """Return what each of two ranks found."""
    folder = tmp_path_factory.mktemp("ranks")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command += [as_ranks.__file__, str(folder)]
    done = subprocess.run(
        command,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(Path(folder, f"rank-{rank}.json").read_text()) for rank in (0, 1)]


@pytest.fixture(scope="module")
def one():
    return as_ranks.everything()


CASES = [*as_ranks.CONTROLLERS, "autoencoded", "constrained", "told", "coded", "weighed"]


@pytest.mark.parametrize("name", CASES)
def test_two_ranks_agree_and_are_the_single_process(ranks, one, name):
    assert ranks[0][name] == ranks[1][name]
    assert ranks[0][name] == pytest.approx(one[name], rel=1e-12, abs=1e-12)


def test_a_rank_may_keep_to_itself(ranks):
    assert [r["alone"] for r in ranks] == [[math.exp(0.5)], [math.exp(1.0)]]


def test_a_divergence_that_is_not_finite_on_one_rank_raises_on_each(ranks):
    assert [r["refused"] for r in ranks] == [[0.3, 0.0]] * 2


def test_one_process_is_left_alone():
    x = torch.tensor([1.5, 2.5], requires_grad=True)
    assert learn.over_ranks(x, rows=3) is x
    assert learn.over_ranks(2.5) == 2.5


def test_what_names_no_rows_or_no_ranks_is_refused():
    with pytest.raises(InvalidInputError, match="rows=0"):
        learn.over_ranks(1.0, rows=0)
    with pytest.raises(InvalidInputError, match=r"rows=2\.5"):
        learn.Penalty(learn.Fixed())(1.0, rows=2.5)
    with pytest.raises(InputTypeError, match="group='all'"):
        learn.Penalty(learn.Fixed(), group="all")
