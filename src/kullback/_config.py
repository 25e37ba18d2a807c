"""What this installation can do."""

from dataclasses import dataclass
from importlib.util import find_spec

from kullback.methods.exact import native


@dataclass(frozen=True)
class Config:
    """What is installed and live.

    Attributes
    ----------
    version : str
        Of kullback.
    kernels : bool
        Whether the native kernels are there; without them the array path serves.
    simd : str
        Which instructions they use on this processor.
    threads : int
        How many threads they use unless told otherwise.
    extras : tuple of str
        Which optional libraries can be imported.
    """

    version: str
    kernels: bool
    simd: str
    threads: int
    extras: tuple[str, ...]

    def __str__(self) -> str:
        """One fact a line."""
        kernels = (
            f"live ({self.simd}, {self.threads} threads)"
            if self.kernels
            else "none: the array path serves"
        )
        return (
            f"kullback {self.version}\n"
            f"native kernels: {kernels}\n"
            f"optional libraries: {', '.join(self.extras) or 'none'}"
        )

    __repr__ = __str__


_OPTIONAL = ("torch", "jax", "dask", "duckdb", "narwhals", "click", "rich")


def show_config() -> Config:
    """Return which kernels are live, and which optional libraries can be imported.

    >>> import kullback as kb
    >>> kb.show_config().threads >= 1
    True
    """
    from importlib.metadata import version

    live = native.kernels is not None
    return Config(
        version=version("kullback"),
        kernels=live,
        simd=native.kernels.simd() if live else "",
        threads=native.kernels.threads() if live else 1,
        extras=tuple(name for name in _OPTIONAL if find_spec(name) is not None),
    )
