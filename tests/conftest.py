"""Fixtures: the array libraries, and the two engines that numpy and torch are served by."""

import pytest
from hypothesis import HealthCheck, settings

from kullback.methods.exact import native

from .backends import BACKENDS, wide_jax

settings.register_profile(
    "kullback",
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("kullback")


SERVED = {"numpy", "read-only", "torch", "dask"}
"""The libraries that native kernels serve; they are tested without them too."""

ENGINES = ["native", "array"]
HOMES = [(b, e) for b in BACKENDS for e in (ENGINES if b.name in SERVED else ["array"])]


def switch_to(engine, monkeypatch):
    """Serve by the native kernels, or by the array path as where they were not built."""
    if engine == "array":
        monkeypatch.setattr(native, "kernels", None)
    elif native.kernels is None:
        pytest.skip("this installation was built without native kernels")
    return engine


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """The native kernels, or the array path that serves where they are not."""
    return switch_to(request.param, monkeypatch)


@pytest.fixture(params=HOMES, ids=lambda home: f"{home[0].name}-{home[1]}")
def xp(request, monkeypatch):
    """An array library, on either engine where it has both."""
    backend, chosen = request.param
    switch_to(chosen, monkeypatch)
    return backend


@pytest.fixture
def jax():
    """JAX in float64."""
    return wide_jax()
