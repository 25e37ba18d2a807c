"""The libraries that differentiate: torch on both engines, and JAX."""

import pytest

from ..conftest import ENGINES, switch_to
from .calls import jax_gradients, torch_gradients


@pytest.fixture(params=[*(f"torch-{engine}" for engine in ENGINES), "jax"])
def gradients(request, monkeypatch):
    """Return the function that differentiates in this library."""
    library, _, engine = request.param.partition("-")
    if library == "jax":
        return jax_gradients
    switch_to(engine, monkeypatch)
    return torch_gradients
