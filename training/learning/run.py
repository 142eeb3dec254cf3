"""What a training run keeps between its pieces: the network, its averages, the optimiser, how far it has come."""
import os
import time

import torch

from networks import recogniser, weights
from networks.unet import NETS, from_config

DEFAULT = {"base": "nano", "detail": "detail-s"}


class Run:
    """kind: "base" or "detail"; decays: of the averages of the weights (EMA), the first is the one that is shipped."""

    def __init__(self, kind, size, net, seen, decays, lr, device):
        self.kind, self.size, self.net, self.seen = kind, size, net.to(device, memory_format=torch.channels_last), seen
        self.averages = {d: {k: v.detach().clone() for k, v in net.state_dict().items()} for d in decays}
        self.optimiser = torch.optim.AdamW(net.parameters(), lr=lr, betas=(.9, .99), weight_decay=.01, fused=True)
        self.step, self.elapsed, self.started = 0, 0., time.time()

    def clock(self):
        """Seconds that all pieces have taken so far."""
        return self.elapsed + time.time() - self.started

    def average(self):
        """Lets the averages follow the weights; short ones while there are few steps."""
        live = list(self.net.state_dict().values())
        for decay, kept in self.averages.items():
            torch._foreach_lerp_(list(kept.values()), live, 1 - min(decay, 1 - 1 / (1 + self.step / 12)))

    def rate(self, rate):
        for group in self.optimiser.param_groups:
            group["lr"] = rate

    def save(self, path):
        """Everything, in full precision; atomic."""
        torch.save(dict(kind=self.kind, config=self.net.config, see=self.net.sees, size=self.size, net=self.net.state_dict(),
                        averages=self.averages, optimiser=self.optimiser.state_dict(), step=self.step, seen=self.seen,
                        elapsed=self.clock()), path + ".part")
        os.replace(path + ".part", path)

    def resume(self, path, device):
        """Goes on from what save() wrote."""
        s = torch.load(path, map_location=device)
        if s["config"] != self.net.config or s["see"] != self.net.sees:
            raise SystemExit(f"{path} is the state of another network: move it away, or give its --net")
        self.net.load_state_dict(s["net"])
        self.optimiser.load_state_dict(s["optimiser"])
        kept = list(s["averages"].values())
        self.averages = {d: s["averages"].get(d, kept[0]) for d in self.averages}
        self.step, self.seen, self.elapsed = s["step"], s["seen"], s["elapsed"]

    def export(self, folder):
        """The averages as the engine reads them: KIND.safetensors, and KIND-2.safetensors for the second."""
        for i, state in enumerate(self.averages.values(), 1):
            name = self.kind + (f"-{i}" if i > 1 else "") + ".safetensors"
            weights.save_network(os.path.join(folder, name), self.kind, state, self.net.config, self.size, self.seen, self.net.sees)


def begin(kind, init, name, see):
    """(network, pictures it has seen, whether its `see` is new): from the file `init` (as the engine reads it, or a state of training),
    or new, by its name in unet.py. see: whether it is told what the recogniser sees; a network that wasn't begins to be."""
    sees = recogniser.NAME if see else None
    if not init:
        net = NETS[name or DEFAULT[kind]]()
        return from_config(net.config, sees), 0, see
    state, meta = weights.read_any(init)
    if meta["limn"].get("see") and not see:
        raise SystemExit(f"{init} needs the recogniser: leave out --no-see")
    net = from_config(meta["config"], sees)
    fresh = {k: v for k, v in net.state_dict().items() if k.startswith("see.")}
    net.load_state_dict({**fresh, **state})
    return net, meta["limn"].get("pictures_seen", 0), see and not meta["limn"].get("see")
