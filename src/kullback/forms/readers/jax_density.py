"""What the readers of JAX libraries share: parameters, and a law known by its log_prob alone."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kullback.forms.density import Density


def density(
    x: Any,
    batch: tuple[int, ...],
    event: tuple[int, ...],
    sample: Callable[[Any, int], Any],
    *,
    ends: tuple[Any, Any] | None = None,
    discrete: bool | None = None,
) -> Density:
    """Return the Density of a distribution; its support is asked if the ends are not given."""
    import jax.numpy as jnp

    support = getattr(x, "support", None)
    low, high = _ends(support) if ends is None else ends
    if discrete is None:
        discrete = bool(getattr(support, "is_discrete", False))

    def log_density(y: Any) -> Any:
        y = jnp.asarray(y)
        each = x.log_prob(y.astype(int) if discrete else y)
        if event:
            return each
        inside = (y >= low) & (y <= high)
        return jnp.where(inside, each, -jnp.inf)

    def draw(rng: Any, n: int) -> Any:
        import jax

        return np.asarray(sample(jax.random.key(int(rng.integers(2**31))), n))

    low, high = (jnp.broadcast_to(jnp.asarray(end, float), batch) for end in (low, high))
    return Density(
        log_density,
        low,
        high,
        discrete=discrete,
        draw=draw,
        dimensions=len(event),
        event_size=event[-1] if event else 1,
    )


def _ends(support: Any) -> tuple[Any, Any]:
    inner = support
    while hasattr(inner, "base_constraint"):
        inner = inner.base_constraint
    name = type(inner).__name__
    if name == "_Boolean":
        return 0.0, 1.0
    if name == "_Circular":
        return -np.pi, np.pi
    low = getattr(inner, "lower_bound", -np.inf)
    high = getattr(inner, "upper_bound", np.inf)
    return low, high


def floating(x: Any) -> Any:
    """Return a parameter as a floating JAX array: numpyro keeps Python numbers as they are."""
    import jax.numpy as jnp

    x = jnp.asarray(x)
    return x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(float)
