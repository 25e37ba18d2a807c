"""What this installation says of itself is true."""

import os

import numpy as np
import pytest

import kullback as kb
from kullback.methods.exact import native


@pytest.mark.skipif("KULLBACK_EXPECT_KERNELS" not in os.environ, reason="any build will do here")
def test_kernels_are_there_exactly_when_expected():
    assert kb.show_config().kernels is (os.environ["KULLBACK_EXPECT_KERNELS"] == "1")


def test_config_tells_what_answers():
    config = kb.show_config()
    assert config.kernels is (native.kernels is not None)
    assert ("live" in repr(config)) is config.kernels
    assert config.version == kb.__version__


def test_with_or_without_kernels_the_answer_is_right():
    p, q = np.asarray([0.9, 0.1, 0.0]), np.asarray([0.5, 0.25, 0.25])
    # mpmath: 0.9 log 1.8 + 0.1 log 0.4 − 1 + 1
    assert kb.kl(p, q) == pytest.approx(0.43737892519999996, rel=1e-12)
