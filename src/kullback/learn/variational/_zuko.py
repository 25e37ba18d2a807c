"""zuko, or an error that says how to get it; torch stays as it was."""

from kullback.errors import MissingExtraError
from kullback.learn._torch import torch

__all__ = ["zuko"]

# zuko turns off the checks of all torch.distributions when it is imported, and renames a class.
_checks = torch.distributions.Distribution._validate_args
_inverse = torch.distributions.transforms._InverseTransform
_name = _inverse.__name__
try:
    import zuko
except ImportError as missing:
    raise MissingExtraError(
        "learn.Flow is built by zuko, which is not installed: pip install 'kullback[flow]'"
    ) from missing
finally:
    torch.distributions.Distribution.set_default_validate_args(_checks)
    _inverse.__name__ = _name
