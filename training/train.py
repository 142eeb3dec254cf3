#!/usr/bin/env python3
"""Trains one of Limn's two consistency networks. See README.md beside this file.

  train.py base|detail --data PACK --minutes M --out DIR [--net NAME | --init FILE]

Uses a GPU when there is one, and several under `torchrun --nproc_per_node N train.py ...`. A plan can be cut into pieces: --state FILE
keeps everything between calls of --minutes each, --total is the plan's length. SIGTERM ends a piece with everything written."""
import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")         # threads that wait don't burn the cores that other work needs

import contextlib
import json
import platform
import signal
import time

import numpy as np
import torch
import torch.distributed as dist

from learning import data, degrade, looks
from learning.degrade import TASKS, mask_bank
from learning.loader import Loader
from learning.losses import seen_score, smaller_level
from learning.objective import Objective
from learning.options import options
from learning.run import Run, begin
from learning.see import Sight
from networks.consistency import consistency

SKETCH = TASKS.index("paint")                               # this task and those after it


def processor():
    """What computes, and how it does bfloat16 (None: by plain code, which is slower than float32)."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name(), "tensor cores"
    with contextlib.suppress(OSError):
        lines = dict(line.split(":", 1) for line in open("/proc/cpuinfo").read().replace("\t", "").splitlines() if ":" in line)
        flags = lines.get("flags", "").split()
        bfloat16 = next((name for flag, name in (("amx_bf16", "AMX"), ("avx512_bf16", "AVX-512")) if flag in flags), None)
        return lines.get("model name", "").strip(), bfloat16
    return platform.processor(), None


class Trainer:
    def __init__(self, a):
        self.a, self.kind, self.size = a, a.kind, a.size or {"base": 64, "detail": 96}[a.kind]
        self.world, self.rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if torch.cuda.is_available() else torch.device("cpu")
        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
        if self.world > 1:
            dist.init_process_group("nccl" if self.device.type == "cuda" else "gloo")
        torch.set_num_threads(a.threads)
        torch.manual_seed(a.seed)
        np.random.seed(a.seed)
        name, bfloat16 = processor()
        self.precision = lambda: torch.autocast(self.device.type, torch.bfloat16, enabled=bool(bfloat16))
        self.say(f"{name}, {f'bfloat16 by {bfloat16}' if bfloat16 else 'float32'}, {a.threads} threads, PyTorch {torch.__version__}")
        self.read_pictures()
        self.begin_run()

    def say(self, text):
        if not self.rank:
            print(text, flush=True)

    def read_pictures(self):
        a = self.a
        shards = a.shards or {"base": "photos*.tar", "detail": "detail*.tar"}[self.kind]
        self.pictures, held = data.load(a.data, shards, a.heldout, a.balance, a.cache)
        self.held = held if len(held) else self.pictures
        self.say(f"{len(self.pictures)} pictures to train on, {len(held)} held out")
        if a.tasks:
            degrade.P = np.array(a.tasks) / sum(a.tasks)
        self.masks = mask_bank(2048, min(self.size, 128)).to(self.device)

    def begin_run(self):
        a, see = self.a, self.kind == "base" and not self.a.no_see
        net, seen, new = begin(self.kind, a.init, a.net, see)
        self.sight = Sight(self.device, self.precision, not a.no_compile) if see or a.perceptual else None
        self.shown = self.sight if see else None
        self.shrink = a.shrink if self.kind == "base" else 1
        if see:
            self.sight.standardise(net.to(self.device), self.pictures.batch(64, self.size * self.shrink).to(self.device), self.size)
            for layer in net.see if new else ():
                layer.reset()
        self.run = Run(self.kind, self.size, net, seen, a.ema, a.lr, self.device)
        if a.state and os.path.exists(a.state):
            self.run.resume(a.state, self.device)
        objective = Objective(net, self.kind, a.pairs)
        self.objective = objective if a.no_compile else torch.compile(objective)
        seed = a.seed + 1000 * self.rank + self.run.step    # the processes began alike, and from here draw their own pictures
        self.loader = Loader(seed, a.loader_threads, self.kind, self.pictures, a.pairs, a.others, self.size, self.shrink, self.masks,
                             self.shown)

    def write(self, tag):
        """A look at each average, and everything on disk."""
        a, run = self.a, self.run
        if self.rank:
            return
        live = {k: v.clone() for k, v in run.net.state_dict().items()}
        run.net.eval()
        with self.loader.paused():
            for i, (decay, state) in enumerate(run.averages.items(), 1):
                run.net.load_state_dict(state)
                path = os.path.join(a.out, f"{self.kind}-{tag}{f'-{i}' if i > 1 else ''}.png")
                figures = looks.look(run.net, self.kind, self.held, path, self.size, self.shrink, self.masks, self.shown,
                                     self.precision, a.look_pictures)
                print(f"look {tag} of average {decay}: {json.dumps(figures)}", flush=True)
        run.net.load_state_dict(live)
        run.net.train()
        run.export(a.out)
        if a.state:
            run.save(a.state)

    def target(self, b, frac):
        """What the photos at random noise levels are to become: themselves, or with --stages what the network makes of less noise."""
        a, n = self.a, self.a.pairs
        stage = 0 if frac < .5 else min(a.stages, 1 + int((frac - .5) / .5 * a.stages))
        if not stage or not a.others:
            return b.x[n:]
        r = smaller_level(b.t[n:], stage)
        features = [v[n:] for v in b.features] if b.features else None
        with torch.no_grad(), self.precision():
            y = consistency(self.run.net, b.x[n:] + r.view(-1, 1, 1, 1) * b.z[2 * n:], r, b.cond[n:], b.anchor[n:], self.kind, features)
        return torch.where((r > 0).view(-1, 1, 1, 1), y.float(), b.x[n:])

    def perceive(self, b, y1, y2, beta):
        """The loss on what the recogniser sees: of detail's results and of base's sketches."""
        n = self.a.pairs
        which = torch.ones(n, dtype=torch.bool, device=self.device) if self.kind == "detail" else b.task[:n] >= SKETCH
        if not self.a.perceptual or not which.any():
            return 0.
        with self.precision():
            score = seen_score(self.sight.net, y1[which], y2[which], b.x[:n][which], beta[which])
        return self.a.perceptual * score.sum() / n

    def learn(self, frac):
        """One step; (loss at the highest noise level, below it)."""
        a, run, b = self.a, self.run, self.loader.next()
        run.rate(a.lr * min(1, (run.step + 1) / 100) * min(1, max(.02, (1 - frac) / .6)))
        grown = min(1, max(0, (frac - a.beta_from) / .1))
        beta = grown * torch.tensor([a.beta[TASKS[k]] for k in b.task[:a.pairs].tolist()], device=self.device)
        with self.precision():
            one, low, y1, y2 = self.objective(b.x, b.cond, b.weight, b.anchor, b.t, b.z, beta, self.target(b, frac), b.features)
        loss = one + .5 * low + self.perceive(b, y1, y2, beta)
        run.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        for v in run.net.parameters() if self.world > 1 else ():
            dist.all_reduce(v.grad)
            v.grad /= self.world
        torch.nn.utils.clip_grad_norm_(run.net.parameters(), 1.)
        run.optimiser.step()
        run.step, run.seen = run.step + 1, run.seen + len(b.x) * self.world
        run.average()
        return np.array([one.item(), low.item()])

    def progress(self, first, end, stopped):
        """(part of the plan that is done, whether this piece is over): the same for all processes, by the first one's clock."""
        a = self.a
        frac = (self.run.step - first) / a.steps if a.steps else min(.9999, self.run.clock() / ((a.total or a.minutes) * 60))
        over = bool(stopped) or (self.run.step - first >= a.steps if a.steps else time.time() >= end)
        if self.world > 1:
            clock = torch.tensor([frac, over], device=self.device, dtype=torch.float64)
            dist.broadcast(clock, 0)
            frac, over = float(clock[0]), bool(clock[1])
        return frac, over

    def pace(self):
        """Seconds by the clock, seconds of all cores, photos: to be subtracted."""
        return time.time(), time.process_time(), self.run.seen

    def train(self):
        a, run, stopped = self.a, self.run, []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))      # ends after the step at hand
        first, end, next_look, means = run.step, time.time() + a.minutes * 60, 0., None
        since = self.pace()
        while True:
            frac, over = self.progress(first, end, stopped)
            if over:
                break
            losses = self.learn(frac)
            means = losses if means is None else means + .02 * (losses - means)
            if time.time() - since[0] > 30:
                seconds, burnt, photos = np.subtract(self.pace(), since)
                self.say(f"{run.clock():6.0f}s step {run.step} seen {run.seen} one {means[0]:.4f} low {means[1]:.4f} "
                         f"{photos / seconds:.1f} photos/s, {1000 * burnt / photos:.0f} ms of a core each")
                since = self.pace()
            if frac >= next_look:
                self.write(f"{int(100 * frac):03d}")
                next_look, since = frac + 1 / a.looks, self.pace()
        self.loader.stop()
        self.write("end")
        self.say(f"done: {run.seen} pictures, {run.step} steps")


def main():
    a = options(__doc__)
    os.makedirs(a.out, exist_ok=True)
    Trainer(a).train()


if __name__ == "__main__":
    main()
