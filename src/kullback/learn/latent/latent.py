"""A random layer: it draws a code, and its divergence from a prior is paid for."""

from typing import Any

from kullback.errors import InputTypeError, NoMethodError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.latent.codes import Code
from kullback.learn.latent.paid import Paid
from kullback.learn.terms.draws import Law
from kullback.learn.terms.pair import exact
from kullback.questions import KL

_AXES = {0: (), 1: ("sample",), 2: ("sample", "dim"), 3: ("sample", "token", "dim")}


class Latent(Paid):
    """A layer that draws its output and records KL(posterior ‖ prior), which `rate` sums.

    Draws come from torch's own generator, as those of dropout do, in evaluation as in training.

    Parameters
    ----------
    prior : Code, law, or Module that returns a law
        A code (`GaussianCode(20)`, …) reads the posterior's parameters off the layer before. With
        any other law, an object of torch.distributions or one that `kb.kl` takes, the layer is
        given the posterior itself; a module's parameters are trained with the rest.

    Raises
    ------
    InputTypeError
        What is neither.

    References
    ----------
    Kingma and Welling, Auto-encoding variational Bayes, ICLR 2014.

    >>> import torch
    >>> from kullback import learn
    >>> model = torch.nn.Sequential(
    ...     torch.nn.Linear(784, 40), learn.Latent(learn.GaussianCode(20)), torch.nn.Linear(20, 784)
    ... )
    >>> x = torch.zeros(5, 784)
    >>> model(x).shape, learn.rate(model).value.shape
    (torch.Size([5, 784]), torch.Size([5, 20]))
    """

    def __init__(self, prior: Any) -> None:
        super().__init__()
        if isinstance(prior, (int, float)):
            raise InputTypeError(f"{prior!r} is no prior; learn.GaussianCode({prior!r}) is one.")
        if not isinstance(prior, torch.nn.Module):
            Law(prior, "prior")
        self.prior = prior

    def forward(self, given: Any) -> Any:
        """Return a draw for each sample.

        Parameters
        ----------
        given : tensor, shape (*batch, features), or law
            What the code reads the posterior from; without a code, the posterior.

        Raises
        ------
        ShapeError
            A last axis that is not the code's features; outcomes of another shape than the prior's.
        InputTypeError, NoMethodError
            A tensor where there is no code; a posterior without a path from its parameters to its
            draws.
        """
        if torch.is_tensor(given):
            return self._coded(given)
        prior = self.prior.prior() if isinstance(self.prior, Code) else self.prior
        return self._of_law(given, prior() if isinstance(prior, torch.nn.Module) else prior)

    def _coded(self, h: Any) -> Any:
        code = self.prior
        if not isinstance(code, Code):
            raise InputTypeError(
                f"Latent has the prior {code!r} and is given a tensor: give it a posterior, "
                "a law with parameters, or a code such as learn.GaussianCode(20) for its prior."
            )
        if h.shape[-1] != code.features:
            raise ShapeError(
                f"{code!r} reads {code.features} numbers of each sample; it is given "
                f"shape {tuple(h.shape)}."
            )
        z, kl = code.encode(h if h.dtype in (torch.float32, torch.float64) else h.float())
        self.pay(kl, code.axes(h.ndim - 1), code.how)
        return z

    def _of_law(self, posterior: Any, prior: Any) -> Any:
        q, p = Law(posterior, "posterior"), Law(prior, "prior")
        q.check_outcomes(p)
        drawn = q.draw(1, int(torch.randint(2**62, ())))
        if not drawn.path:
            raise NoMethodError(
                f"{posterior!r} has no path from its parameters to its draws: they would learn "
                "nothing. learn.CategoricalCode draws outcomes that have one."
            )
        found = exact(KL(), posterior, prior, None, 0)
        if found is None:
            kl = (q.log_density(drawn.x, inside=True) - p.log_density(drawn.x))[0]
            how = "reparametrised"
        else:
            kl, _, how, _ = found
        kl = kl.expand(torch.broadcast_shapes(kl.shape, q.batch))
        if kl.ndim not in _AXES:
            raise ShapeError(f"The posterior is a batch of shape {q.batch}; at most three axes.")
        self.pay(kl, _AXES[kl.ndim], how)
        return drawn.x[0]
