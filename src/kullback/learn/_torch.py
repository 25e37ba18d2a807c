"""torch, or an error that says how to get it."""

from kullback.errors import MissingExtraError

__all__ = ["torch"]

try:
    import torch
except ImportError as missing:
    raise MissingExtraError(
        "kullback.learn trains with torch, which is not installed: pip install 'kullback[torch]'"
    ) from missing
