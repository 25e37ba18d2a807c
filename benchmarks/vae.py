"""A step of a VAE beside the same step written by hand, and its training beside pythae's.

The network is that of examples/vae.py: 784 – 200 – 200 – 20 and back, a hundred images a step.
"""

import math
import statistics
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from timing import Line, Work, mark, once
from torch.nn import functional as F

from kullback import learn

PIXELS, HIDDEN, DIMENSIONS, BATCH = 784, 200, 20, 100
IMAGES = Path(__file__).parents[2] / "shared/data/images/mnist-test-10k.npz"


def dense(inputs: int, outputs: int) -> torch.nn.Sequential:
    layers = [torch.nn.Linear(inputs, HIDDEN), torch.nn.SiLU()]
    layers += [torch.nn.Linear(HIDDEN, HIDDEN), torch.nn.SiLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(HIDDEN, outputs))


class Ours(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = dense(PIXELS, 2 * DIMENSIONS), dense(DIMENSIONS, PIXELS)
        self.latent = learn.Latent(learn.GaussianCode(DIMENSIONS))
        self.penalty = learn.Penalty(learn.Fixed(1.0))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.latent(self.encoder(x)))

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        nll = F.binary_cross_entropy_with_logits(self(x), x, reduction="none").sum(-1).mean()
        return nll + self.penalty(learn.rate(self).per("sample").value)


class ByHand(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = dense(PIXELS, 2 * DIMENSIONS), dense(DIMENSIONS, PIXELS)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        m, log_s = self.encoder(x).chunk(2, -1)
        return self.decoder(m + torch.exp(log_s) * torch.randn_like(m)), m, log_s

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        out, m, log_s = self(x)
        nll = F.binary_cross_entropy_with_logits(out, x, reduction="none").sum(-1).mean()
        return nll + 0.5 * (m * m + torch.exp(2 * log_s) - 1 - 2 * log_s).sum(-1).mean()


def stepping(net: torch.nn.Module, x: torch.Tensor) -> Work:
    descent = torch.optim.Adam(net.parameters(), lr=2e-3)

    def step() -> None:
        descent.zero_grad()
        net.loss(x).backward()
        descent.step()

    return step


def step_line(pairs: int = 400) -> Line:
    """Single steps in turn, both with weights and moments of their own: medians of many."""
    x = torch.rand(BATCH, PIXELS, generator=torch.Generator().manual_seed(0)).round()
    nets = Ours(), ByHand()
    nets[1].encoder.load_state_dict(nets[0].encoder.state_dict())
    nets[1].decoder.load_state_dict(nets[0].decoder.state_dict())
    check(*nets, x)
    ours, theirs = (stepping(net, x) for net in nets)
    for work in (ours, theirs) * 20:
        work()
    a, b = zip(*((once(ours), once(theirs)) for _ in range(pairs)), strict=True)
    ratio = statistics.median(s / t for s, t in zip(a, b, strict=True))
    return Line(
        f"`learn.Latent` and `learn.rate`: a step of a VAE, {BATCH} images, with Adam, 1 thread",
        statistics.median(a),
        "the loss by hand",
        statistics.median(b),
        f"{ratio:.2f} × its time",
        f"≤ 1.05 × {mark(ratio <= 1.05)}",
    )


def check(ours: Ours, theirs: ByHand, x: torch.Tensor) -> None:
    """Both must mean the same: the loss and its gradient, by the same draws."""
    found = []
    for net in (ours, theirs):
        torch.manual_seed(1)
        value = net.loss(x)
        found.append((value, torch.autograd.grad(value, list(net.encoder.parameters()))))
    (a, da), (b, db) = found
    torch.testing.assert_close(a, b, rtol=1e-5, atol=0)
    torch.testing.assert_close(da, db, rtol=1e-3, atol=1e-6)


def images() -> tuple[torch.Tensor, torch.Tensor]:
    """8000 of the 10 000 MNIST test images to train on and 2000 others, brightness 0 … 1."""
    with np.load(IMAGES) as held:
        x = held["x"] / 255
    order = np.random.default_rng(0).permutation(len(x))
    rows = torch.tensor(x[order], dtype=torch.float32).flatten(1)
    return rows[:8000], rows[8000:]


Bound = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor, torch.Tensor]]


@torch.no_grad()
def elbo(outputs: Bound, x: torch.Tensor, draws: int = 5) -> float:
    """Of images binarised anew, by the mean, log scale and logits that a net gives them."""
    total = 0.0
    for _ in range(draws):
        seen = torch.bernoulli(x)
        out, m, log_s = outputs(seen)
        nll = F.binary_cross_entropy_with_logits(out, seen, reduction="none").sum(-1)
        kl = 0.5 * (m * m + torch.exp(2 * log_s) - 1 - 2 * log_s).sum(-1)
        total += float(-(nll + kl).mean()) / draws
    return total


def epochs_to(target: float, epoch: Work, outputs: Bound, x: torch.Tensor, most: int) -> tuple:
    """Epochs and seconds of training until the test ELBO is the target's, and what it is."""
    done, spent, reached = 0, 0.0, -math.inf
    for _ in range(most):
        done, spent = done + 1, spent + once(epoch)
        reached = elbo(outputs, x)
        if reached >= target:
            break
    return done, spent, reached


def own_training(x: torch.Tensor) -> tuple[Work, Bound]:
    torch.manual_seed(0)
    net = Ours()
    descent = torch.optim.Adam(net.parameters(), lr=2e-3)

    def epoch() -> None:
        for rows in torch.randperm(len(x)).split(BATCH):
            descent.zero_grad()
            net.loss(torch.bernoulli(x[rows])).backward()
            descent.step()

    def outputs(seen: torch.Tensor) -> tuple[torch.Tensor, ...]:
        m, log_s = net.encoder(seen).chunk(2, -1)
        return net.decoder(m + torch.exp(log_s) * torch.randn_like(m)), m, log_s

    return epoch, outputs


def peer_training(x: torch.Tensor, folder: str) -> tuple[Work, Bound]:
    """Its VAE and its trainer without progress bars; images binarised as they are taken."""
    from pythae.data.datasets import BaseDataset, DatasetOutput
    from pythae.models import VAE, VAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig
    from pythae.trainers.training_callbacks import CallbackHandler

    class Encoder(BaseEncoder):
        def __init__(self) -> None:
            super().__init__()
            self.layers = dense(PIXELS, 2 * DIMENSIONS)

        def forward(self, x: torch.Tensor) -> ModelOutput:
            m, log_variance = self.layers(x).chunk(2, -1)
            return ModelOutput(embedding=m, log_covariance=log_variance)

    class Decoder(BaseDecoder):
        def __init__(self) -> None:
            super().__init__()
            self.layers = dense(DIMENSIONS, PIXELS)

        def forward(self, z: torch.Tensor) -> ModelOutput:
            return ModelOutput(reconstruction=torch.sigmoid(self.layers(z)))

    class Binarised(BaseDataset):
        def __getitem__(self, index: int) -> DatasetOutput:
            return DatasetOutput(data=torch.bernoulli(self.data[index]), labels=self.labels[index])

    torch.manual_seed(0)
    config = VAEConfig(input_dim=(PIXELS,), latent_dim=DIMENSIONS, reconstruction_loss="bce")
    net = VAE(config, encoder=Encoder(), decoder=Decoder())
    settings = BaseTrainerConfig(
        output_dir=folder, per_device_train_batch_size=BATCH, learning_rate=2e-3, no_cuda=True
    )
    trainer = BaseTrainer(net, Binarised(x, torch.zeros(len(x))), training_config=settings)
    trainer.set_optimizer()
    trainer.set_scheduler()
    trainer.callback_handler = CallbackHandler(callbacks=[], model=net)

    def outputs(seen: torch.Tensor) -> tuple[torch.Tensor, ...]:
        m, log_variance = net.encoder.layers(seen).chunk(2, -1)
        log_s = log_variance / 2
        return net.decoder.layers(m + torch.exp(log_s) * torch.randn_like(m)), m, log_s

    return (lambda: trainer.train_step(1)), outputs


def training_line(target: float = -110.0, most: int = 100) -> Line:
    """The same net, data, optimiser and rate; what differs is the loop around them."""
    x, kept = images()
    with tempfile.TemporaryDirectory() as folder:
        found = [
            epochs_to(target, *training, kept, most)
            for training in (own_training(x), peer_training(x, folder))
        ]
    (n, seconds, reached), (theirs_n, theirs, theirs_reached) = found
    return Line(
        f"A VAE to a test ELBO of {target:g} nats, 8000 MNIST images: {n} epochs ({reached:.1f})",
        seconds,
        f"pythae, {theirs_n} epochs ({theirs_reached:.1f})",
        theirs,
        f"{theirs / seconds:.1f} × faster",
    )


def lines() -> Iterator[Line]:
    """On one thread, as examples/vae.py is: such nets gain little by more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield step_line()
    if IMAGES.exists() and find_spec("pythae") is not None:
        yield training_line()
    torch.set_num_threads(threads)


if __name__ == "__main__":
    for found in lines():
        print(found, flush=True)
