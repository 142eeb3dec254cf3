#!/usr/bin/python3
"""PyTorch's side of the comparison, by NAME.pt (TorchScript): see peer.py. SPDX-License-Identifier: GPL-3.0-or-later"""
import peer

import torch

name, threads, output = peer.arguments()
torch.set_num_threads(threads)
torch.set_num_interop_threads(1)
given = [torch.from_numpy(v) for v in peer.inputs(name).values()]
with torch.inference_mode():
    net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.load(name + ".pt").eval()))

    def evaluate():
        y = net(*given)
        return y if isinstance(y, tuple) else [y]

    peer.serve(evaluate, output, 3)  # TorchScript optimises while it warms up
