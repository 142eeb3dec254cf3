"""One step's loss, as one module, so that all of it can be compiled together."""
import torch
import torch.nn as nn

from learning.losses import denoising, energy_score
from networks.consistency import SIGMA_DATA, consistency


class Objective(nn.Module):
    """Energy score of two draws from pure noise of the first `pairs` photos, and denoising of the others."""

    def __init__(self, net, kind, pairs):
        super().__init__()
        self.net, self.kind, self.pairs = net, kind, pairs

    def forward(self, x, cond, weight, anchor, t, z, beta, target, features):
        """The fields of a loader.Batch; beta (pairs,); target: what the others are to become. Returns the two losses and the draws."""
        n, kind = self.pairs, self.kind
        twice = lambda v: torch.cat([v[:n], v])
        seen = [twice(v) for v in features] if features else None
        clean, levels = torch.cat([anchor[:n], anchor[:n], x[n:]]), twice(t)    # the draws start around the anchor, as the editor's do
        y = consistency(self.net, clean + levels.view(-1, 1, 1, 1) * z, levels, twice(cond), twice(anchor), kind, seen).float()
        one = energy_score(y[:n], y[n:2 * n], x[:n], weight[:n], beta, kind).mean() / SIGMA_DATA[kind]
        low = denoising(y[2 * n:], target, t[n:], weight[n:], SIGMA_DATA[kind]).mean() if len(x) > n else one.new_zeros(())
        return one, low, y[:n], y[n:2 * n]
