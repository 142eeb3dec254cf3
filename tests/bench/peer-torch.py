#!/usr/bin/python3
"""PyTorch's side of the comparison: peer-torch.py NAME THREADS OUTPUT, where NAME.pt, NAME.json and NAME.in.f32 are.

Speaks as limn-bench serve does. SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import sys
import time

start = time.perf_counter()
import numpy as np
import torch

name, threads, output = sys.argv[1:4]
torch.set_num_threads(int(threads))
torch.set_num_interop_threads(1)
about = json.load(open(name + ".json"))
x = torch.from_numpy(np.fromfile(name + ".in.f32", np.float32).reshape(about["shape"]))
t = torch.full((1,), about["time"])
with torch.inference_mode():
    net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.load(name + ".pt").eval()))
    ready = (time.perf_counter() - start) * 1e3
    for _ in range(3):  # TorchScript optimises while it warms up
        y = net(x, t)
    np.ascontiguousarray(y.numpy()[0].transpose(1, 2, 0)).tofile(output)
    print("ready %.2f 0" % ready, flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        net(x, t)
        print("%.4f" % ((time.perf_counter() - begin) * 1e3), flush=True)
