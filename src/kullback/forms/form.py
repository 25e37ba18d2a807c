"""What every form has in common."""

from typing import ClassVar


class Form:
    """What is held of a distribution.

    Attributes
    ----------
    listed : bool
        Whether it came as Python numbers or lists; a single answer is then a float.
    """

    listed: bool = False
    event: ClassVar[int] = 0
