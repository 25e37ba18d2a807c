"""A layer whose weights are drawn, and paid for once for all data."""

from operator import attrgetter
from typing import Any, Literal

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.bayes.noise import by_sample, drawn_around, is_by_sample, local
from kullback.learn.bayes.posterior import Posterior
from kullback.learn.bayes.priors import cost
from kullback.learn.latent import Paid

How = Literal["once", "by sample", "linear"]


class Drawn(Paid):
    """A layer with a distribution for each of its parameters, which are the means.

    Attributes
    ----------
    layer : Module
        Whose parameters are the means.
    names : list of str
        Which of them are drawn.
    posteriors : ModuleList
        The law of each, around its mean.
    prior : float, EmpiricalBayes, law or Module
        What they are held against.
    how : str
        "once": weights are drawn once a call. "by sample": each sample has its own where the layer
        is one that allows it. "linear": it is linear, and each weight serves each sample once.
    """

    def __init__(
        self, layer: Any, names: list[str], prior: Any, scale: float, rank: int, how: How
    ) -> None:
        super().__init__()
        self.layer, self.names, self.prior, self.how = layer, names, prior, how
        means = (attrgetter(name)(layer) for name in names)
        self.posteriors = torch.nn.ModuleList(Posterior(mean, scale, rank) for mean in means)

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            layer = self.__dict__.get("_modules", {}).get("layer")
            held = getattr(layer, name, None)
            if layer is None or not hasattr(layer, name):
                raise
        if torch.is_tensor(held) or callable(held):
            raise AttributeError(
                f"The {type(layer).__name__} whose {name} is read draws its weights when it is "
                "called, and has no others. A module that reads those of its layers itself takes "
                'learn.bayesian(module, draw="once").'
            )
        return held

    def forward(self, *given: Any, **options: Any) -> Any:
        """Return what the layer says with weights drawn anew.

        Raises
        ------
        InvalidInputError
            The second use in one pass, which would draw other weights than the first.
        """
        laws = dict(zip(self.names, self.posteriors, strict=True))
        means = {name: attrgetter(name)(self.layer) for name in self.names}
        costs = [cost(law, means[name], self.prior) for name, law in laws.items()]
        scales, kls, hows = zip(*costs, strict=True)
        scale = dict(zip(self.names, scales, strict=True))
        exact = set(hows) == {"closed"}
        self.pay(torch.stack(kls), ("dim",), "closed" if exact else "reparametrised")
        self._check_use()
        if self.how == "by sample" and not options and is_by_sample(self.layer, given):
            return by_sample(self.layer, means, scale, laws, *given)
        centres = {name: laws[name].centre(mean) for name, mean in means.items()}
        if self.how == "linear":
            mean = torch.func.functional_call(self.layer, centres, given, options)
            return local(self.layer, mean, scale, *given)
        drawn = {name: drawn_around(centre, scale[name]) for name, centre in centres.items()}
        return torch.func.functional_call(self.layer, drawn, given, options)

    def _check_use(self) -> None:
        replicas = [record[3] for record in self.log.records]
        uses = replicas.count(replicas[-1]) if replicas else 0
        if uses > 1:
            raise InvalidInputError(
                f"{type(self.layer).__name__} is used {uses} times in one pass, and would draw "
                "other weights each time, as if it were several layers. "
                'learn.bayesian(module, draw="once") of the whole module draws its weights '
                "once a pass."
            )
