"""Which forward pass a random layer is called in.

A pass is one call of the outermost module. Torch gives every call of a module a dictionary of its
own for the keywords, which tells two calls apart for as long as somebody holds it: a layer holds
that of its pass, and forgets what it recorded when another comes.
"""

import sys
import time
import weakref
from typing import Any

from kullback.learn._torch import torch

_CALL = torch.nn.Module._wrapped_call_impl.__code__


class Log:
    """What one layer recorded in the pass that it was last in; copies begin empty.

    Attributes
    ----------
    records : list of tuple
        (KL, axes, how, replica, whether gradients were on), one for each use of the layer.
    call, top : object
        What tells the pass apart, and a weak reference to its outermost module; None inside
        torch.compile, where there is no stack to look at.
    since : int
        When the pass began.
    read : int
        When the records were last summed; 0 if they were not.
    lost : int
        How many passes in a row were forgotten without having been summed.
    hooked : bool
        Whether a hook on the model saw this pass begin.
    """

    def __init__(self) -> None:
        self.records: list[tuple[Any, ...]] = []
        self.call: Any = None
        self.top: Any = None
        self.since = self.read = self.lost = 0
        self.hooked = False

    def __reduce__(self) -> tuple[Any, ...]:
        return (Log, ())

    def enter(self) -> None:
        """Forget what an earlier pass recorded, if this is another."""
        top, call = outermost()
        if call is not None and call is self.call:
            return
        self.lost = self.lost + 1 if self.records and not self.read else 0
        self.call = {} if call is None else call
        self.top = None if top is None else weakref.ref(top)
        self.since, self.read, self.hooked, self.records = time.perf_counter_ns(), 0, False, []

    def within(self, model: Any) -> bool:
        """Whether the pass was one of the model, or of a module that holds it."""
        top = None if self.top is None else self.top()
        if top is None or top is model:
            return top is model
        return any(module is model for module in top.modules())


def outermost() -> tuple[Any, Any]:
    """Return the outermost module whose call is running, and what tells that call apart."""
    frame: Any = sys._getframe(1)
    last: Any = None
    while frame is not None:
        if frame.f_code is _CALL:
            last = frame
        frame = frame.f_back
    return (None, None) if last is None else (last.f_locals["self"], last.f_locals["kwargs"])


def going_backward() -> bool:
    """Whether autograd is computing gradients now: a layer called then is one computed again."""
    return bool(torch._C._current_graph_task_id() != -1)
