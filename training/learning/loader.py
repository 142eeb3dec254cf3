"""Batches made beside the training: pictures, what the network is given of them, what the recogniser sees, noise."""
import contextlib
import queue
import threading
from dataclasses import dataclass

import numpy as np
import torch

from learning.degrade import condition
from networks.consistency import SIGMA_MAX, SIGMA_MIN

MEAN_LOG_SIGMA = {"base": -.4, "detail": -1.6}      # of the noise levels below the highest
SPREAD_LOG_SIGMA = 1.6


@dataclass
class Batch:
    """n photos to draw twice from pure noise, then m at random noise levels."""
    x: torch.Tensor                                 # (n + m, 3, H, W) the photos
    cond: torch.Tensor                              # what the network is given of them
    weight: torch.Tensor                            # how much each pixel counts
    anchor: torch.Tensor
    task: torch.Tensor                              # (n + m,) index in degrade.TASKS
    t: torch.Tensor                                 # (n + m,) noise levels
    z: torch.Tensor                                 # (2 n + m, 3, H, W) noise
    features: list                                  # the recogniser's, or None


def shaped(case, device):
    """A tensor on the device, channels last."""
    return case.to(device).contiguous(memory_format=torch.channels_last)


def make(kind, pictures, pairs, others, size, shrink, masks, sight, task=None):
    """One batch. shrink: the photos are drawn so many times as large, for the recogniser, and reduced by averaging."""
    device, n = masks.device, pairs + others
    photo = shaped(pictures.batch(n, size * shrink, kind == "detail"), device)
    x = torch.nn.functional.avg_pool2d(photo, shrink) if shrink > 1 else photo
    case = condition(kind, x, masks, task)
    t = torch.exp(MEAN_LOG_SIGMA[kind] + SPREAD_LOG_SIGMA * torch.randn(n, device=device)).clamp(SIGMA_MIN, SIGMA_MAX[kind])
    t[:pairs] = SIGMA_MAX[kind]
    z = torch.randn(pairs + n, *x.shape[1:], device=device)
    features = sight(photo, case.planes, case.anchor) if sight else None
    return Batch(x, shaped(case.cond, device), case.weight, case.anchor, case.task, t, z, features)


class Loader:
    """A thread that keeps two batches ready. It alone draws random numbers while it runs; seed: of all of them."""

    def __init__(self, seed, threads, *arguments):
        self.ready, self.lock, self.over = queue.Queue(2), threading.Lock(), False
        self.thread = threading.Thread(target=self.work, args=(seed, threads, arguments), daemon=True)
        self.thread.start()

    @torch.no_grad()
    def work(self, seed, threads, arguments):
        torch.set_num_threads(threads)
        torch.manual_seed(seed)
        np.random.seed(seed)
        while not self.over:
            try:
                with self.lock:
                    made = make(*arguments)
            except BaseException as problem:        # told where the batch is waited for
                made = problem
            while not self.over:
                with contextlib.suppress(queue.Full):
                    self.ready.put(made, timeout=.2)
                    break

    def next(self):
        made = self.ready.get()
        if isinstance(made, BaseException):
            raise made
        return made

    @contextlib.contextmanager
    def paused(self):
        """Nothing is drawn meanwhile, and afterwards it goes on with the random numbers where it was."""
        with self.lock:
            states = torch.get_rng_state(), np.random.get_state()
            yield
            torch.set_rng_state(states[0])
            np.random.set_state(states[1])

    def stop(self):
        self.over = True
        self.thread.join()
