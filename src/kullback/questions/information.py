"""What variables tell about each other: mutual information, given others, and through time."""

from dataclasses import dataclass
from typing import ClassVar

from kullback.errors import InvalidInputError
from kullback.questions.question import Question


class JointQuestion(Question):
    """A question of variables that were observed together: of a joint table, or of joint draws.

    Attributes
    ----------
    axes : int
        How many axes the table has: one for each variable.
    """

    information = True
    arguments = 1
    axes: ClassVar[int]


@dataclass(frozen=True)
class MutualInformation(JointQuestion):
    """I(X; Y) = KL(joint ‖ product of its marginals).

    Of a joint table (*batch, x, y), or of draws of both, `Samples(x, y)`.
    """

    symbol = "I(X; Y)"
    axes = 2

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "what one variable tells about the other"


@dataclass(frozen=True)
class ConditionalMutualInformation(JointQuestion):
    """I(X; Y | Z) = Σ_z p(z) KL(p(x, y | z) ‖ p(x | z) p(y | z)).

    Of a joint table (*batch, x, y, z), or of draws of the three, `Samples(x, y, z)`.
    """

    symbol = "I(X; Y | Z)"
    axes = 3

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "what one variable tells about the other to whom the third is known"


@dataclass(frozen=True)
class TransferEntropy(JointQuestion):
    """T(X → Y) = I(Y at t + 1; X at t … t − lag + 1 | Y at t … t − lag + 1).

    Of two series observed together, `Samples(x, y)`, whose rows are moments in their order; with
    `block=`, each block is a series of its own. Of the joint table of these three, whole pasts as
    outcomes, it is the conditional mutual information.

    Attributes
    ----------
    lag : int
        How many moments of the past are known, of x and of y alike.

    References
    ----------
    Schreiber, Measuring information transfer, Phys. Rev. Lett. 85 (2000).
    """

    lag: int = 1

    symbol = "T(X → Y)"
    axes = 3

    def __post_init__(self) -> None:
        if not isinstance(self.lag, int) or isinstance(self.lag, bool) or self.lag < 1:
            raise InvalidInputError(
                f"lag={self.lag!r}: a whole number of at least 1 is needed, the moments of the "
                "past that are known."
            )

    def meaning(self) -> str:
        """Say in words what the number is."""
        past = "last value of x tells" if self.lag == 1 else f"last {self.lag} values of x tell"
        return f"what the {past} about the next y, beyond those of y"
