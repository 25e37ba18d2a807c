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
    # Σ (p log p/q − p + q) of these binary numbers, by mpmath at 30 digits
    assert kb.kl(p, q) == pytest.approx(0.437378925224491608817, rel=1e-12)
