#!/usr/bin/env python3
"""Trains one of Limn's two consistency networks. See README.md beside this file.

  train.py base|detail --data PACK --minutes M --out DIR [--net NAME | --init FILE]

Uses a GPU when there is one, and several under `torchrun --nproc_per_node N train.py ...`. A plan can be cut into pieces: --state FILE
keeps everything between calls of --minutes each, --total is the plan's length."""
import argparse
import json
import math
import os
import signal
import time

import numpy as np
import torch
import torch.distributed as dist

from learning import data
from networks import weights
from learning import looks
from networks.consistency import SIGMA_DATA, SIGMA_MAX, SIGMA_MIN, consistency
from learning import degrade
from learning.degrade import TASKS, condition, mask_bank
from learning.losses import denoising, energy_score, smaller_level
from networks.unet import NETS, from_config

MEAN_LOG_SIGMA = {"base": -.4, "detail": -1.6}     # of the levels below the highest
SPREAD_LOG_SIGMA = 1.6


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("kind", choices=["base", "detail"])
    p.add_argument("--data", required=True, help="folder with photos-NN.tar (base) or detail-NN.tar shards")
    p.add_argument("--shards", help="pattern of the shards' names, or several with commas between, drawn equally often")
    p.add_argument("--heldout", help="list of files never trained on (shard, name)")
    p.add_argument("--shrink", type=int, default=1, help="divide the pictures' width and height first")
    p.add_argument("--net", help="a network of unet.py")
    p.add_argument("--init", help="weights to go on from (safetensors)")
    p.add_argument("--size", type=int, help="side of the pictures trained on")
    p.add_argument("--out", required=True)
    p.add_argument("--state", help="file that keeps the run between pieces")
    p.add_argument("--minutes", type=float, default=10)
    p.add_argument("--total", type=float, help="minutes of the whole plan, if this is a piece of it")
    p.add_argument("--pairs", type=int, default=8, help="photos a step that are drawn twice from pure noise")
    p.add_argument("--others", type=int, default=6, help="photos a step at random noise levels")
    p.add_argument("--beta", type=float, default=.8, help="sharpness against error in the energy score, 0 to 1")
    p.add_argument("--beta-sketch", type=float, help="the same for sketches, which are to be lively (as --beta)")
    p.add_argument("--beta-from", type=float, default=.3, help="part of the plan after which beta grows from 0")
    p.add_argument("--tasks", help="base: shares of " + ",".join(TASKS) + " (six numbers with commas between)")
    p.add_argument("--stages", type=int, default=0, help="consistency doublings in the second half (0: denoising only)")
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--steps", type=int, help="plan by steps instead of minutes")
    p.add_argument("--looks", type=int, default=8)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def main():
    a = options()
    world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    gpu = torch.cuda.is_available()
    dev = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if gpu else torch.device("cpu")
    if gpu:
        torch.cuda.set_device(dev)
    if world > 1:
        dist.init_process_group("nccl" if gpu else "gloo")
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    np.random.seed(a.seed)
    os.makedirs(a.out, exist_ok=True)
    kind = a.kind
    if a.tasks:
        shares = np.array([float(v) for v in a.tasks.split(",")])
        if len(shares) != len(TASKS) or shares.min() < 0 or shares.sum() <= 0:
            raise SystemExit(f"--tasks needs {len(TASKS)} shares, of " + ", ".join(TASKS))
        degrade.P = shares / shares.sum()
    size = a.size or {"base": 128, "detail": 256}[kind]
    x, val = data.load(a.data, a.shards or {"base": "photos*.tar", "detail": "detail*.tar"}[kind], data.read_heldout(a.heldout), a.shrink)
    print(f"{sum(map(len, x))} pictures to train on, {sum(map(len, val))} held out", flush=True)
    masks = mask_bank(2048, min(size, 128)).to(dev)
    if a.init:
        initial, meta = weights.read(a.init)
        net = from_config(meta["config"])
        net.load_state_dict(initial)
        before = meta["limn"].get("pictures_seen", 0)
    else:
        net, before = NETS[a.net or {"base": "base-1", "detail": "detail-s"}[kind]](), 0
    net.to(dev)
    ema = {k: v.detach().clone() for k, v in net.state_dict().items()}
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, betas=(.9, .99), weight_decay=.01)
    step, seen, elapsed = 0, before, 0.
    if a.state and os.path.exists(a.state):
        s = torch.load(a.state, map_location=dev)
        net.load_state_dict(s["net"])
        opt.load_state_dict(s["opt"])
        ema, step, seen, elapsed = s["ema"], s["step"], s["seen"], s["elapsed"]
    torch.manual_seed(a.seed + 1000 * rank + step)             # the processes began alike, and from here draw their own pictures
    np.random.seed(a.seed + 1000 * rank + step)
    amp = lambda: torch.autocast(dev.type, torch.bfloat16)
    smax, sd, total = SIGMA_MAX[kind], SIGMA_DATA[kind], (a.total or a.minutes) * 60
    start = time.time() - elapsed
    end = time.time() + a.minutes * 60
    next_look, last_print, means = 0., 0., np.zeros(2)
    first = step
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))   # end after this step, with everything written

    def write(tag):
        if rank:
            return
        live = {k: v.clone() for k, v in net.state_dict().items()}
        net.load_state_dict(ema)
        net.eval()
        with amp():
            figures = looks.look(net, kind, (val or x)[:1], masks, os.path.join(a.out, f"{kind}-{tag}.png"), size)
        print("look", tag, json.dumps(figures), flush=True)
        net.load_state_dict(live)
        net.train()
        weights.save_network(os.path.join(a.out, f"{kind}.safetensors"), kind, ema, net.config, size, seen)
        if a.state:
            torch.save(dict(kind=kind, config=net.config, size=size, see=None, net=net.state_dict(), opt=opt.state_dict(), ema=ema, step=step, seen=seen,
                            elapsed=time.time() - start), a.state + ".part")
            os.replace(a.state + ".part", a.state)

    while True:
        frac = (step - first) / a.steps if a.steps else min(.9999, (time.time() - start) / total)
        over = bool(stop) or (step - first >= a.steps if a.steps else time.time() >= end)
        if world > 1:                                           # one clock for all: the first process's
            clock = torch.tensor([frac, over], device=dev, dtype=torch.float64)
            dist.broadcast(clock, 0)
            frac, over = float(clock[0]), bool(clock[1])
        if over:
            break
        lr = a.lr * min(1, (step + 1) / 200) * min(1, max(.01, (1 - frac) / .7))
        for group in opt.param_groups:
            group["lr"] = lr
        grown = min(1, max(0, (frac - a.beta_from) / .1))
        n, m = a.pairs, a.others
        with torch.no_grad():
            xb = data.batch(x, n + m, size, kind == "detail").to(dev)
            cond, weight, anchor, sketch = condition(kind, xb, masks)
            beta = grown * torch.where(sketch, a.beta if a.beta_sketch is None else a.beta_sketch, a.beta)
            t = torch.exp(MEAN_LOG_SIGMA[kind] + SPREAD_LOG_SIGMA * torch.randn(n + m, device=dev)).clamp(SIGMA_MIN, smax)
            t[:n] = smax
            z = torch.randn(2 * n + m, *xb.shape[1:], device=dev)
            twice = lambda v: torch.cat([v[:n], v])           # the first n photos are drawn twice
            clean = torch.cat([anchor[:n], anchor[:n], xb[n:]])   # the draws start around the anchor, as the editor's do
            t2 = twice(t)
            target = xb[n:]
            stage = 0 if frac < .5 else min(a.stages, 1 + int((frac - .5) / .5 * a.stages))
            if stage and m:
                r = smaller_level(t[n:], stage)
                with amp():
                    target = consistency(net, xb[n:] + r.view(-1, 1, 1, 1) * z[2 * n:], r, cond[n:], anchor[n:], kind)
                target = torch.where((r > 0).view(-1, 1, 1, 1), target, xb[n:])
        with amp():
            y = consistency(net, clean + t2.view(-1, 1, 1, 1) * z, t2, twice(cond), twice(anchor), kind)
        one = energy_score(y[:n], y[n:2 * n], xb[:n], weight[:n], beta[:n], kind).mean() / sd
        low = denoising(y[2 * n:], target, t[n:], weight[n:], sd).mean() if m else torch.zeros((), device=dev)
        loss = one + .5 * low
        opt.zero_grad(set_to_none=True)
        loss.backward()
        if world > 1:
            for v in net.parameters():
                dist.all_reduce(v.grad)
                v.grad /= world
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.)
        opt.step()
        step, seen = step + 1, seen + (n + m) * world
        decay = min(.999, 1 - 1 / (1 + step / 12))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                ema[k].lerp_(v, 1 - decay)
        means = means + (np.array([float(one), float(low)]) - means) * (.02 if step - first > 50 else 1 / (step - first))
        if time.time() - last_print > 20:
            last_print = time.time()
            print(f"{time.time() - start:6.0f}s step {step} seen {seen} lr {lr:.1e} beta {grown * a.beta:.2f} "
                  f"one {means[0]:.4f} low {means[1]:.4f}", flush=True)
        if frac >= next_look:
            write(f"{int(100 * frac):03d}")
            next_look = frac + 1 / a.looks
    write("end")
    print(f"done: {seen} pictures, {step} steps", flush=True)


if __name__ == "__main__":
    main()
