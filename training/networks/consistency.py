"""The consistency function built on a network, and pictures drawn from it.

f(x, t) = a + sd^2/(t^2+sd^2) (x-a) + t sd/sqrt(t^2+sd^2) F([(x-a)/sqrt(t^2+sd^2) | conditioning], ln(t)/4), a = the anchor: the
preconditioning of Karras et al. 2022 (EDM, table 1) applied to the difference from the anchor; f(x, 0) = x as consistency
models ask for (Song et al. 2023, equation 5)."""
import torch
import torch.nn.functional as F

SIGMA_MIN = 0.002
SIGMA_MAX = {"base": 40.0, "detail": 10.0}
SIGMA_DATA = {"base": 0.4, "detail": 0.1}          # standard deviation of (picture - anchor)
SECOND = {"base": 0.5, "detail": 0.15}             # noise level of an optional second step
SPACE_TO_DEPTH = {"base": 2, "detail": 4}


def consistency(net, xt, t, cond, anchor, kind, features=None):
    """f(xt, t): xt, anchor (B, 3, H, W) in [-1, 1]; t (B,); cond (B, C, H/p, W/p) as in degrade.py; features: the recogniser's."""
    p, sd = SPACE_TO_DEPTH[kind], SIGMA_DATA[kind]
    t4 = t.view(-1, 1, 1, 1)
    s = t4 * t4 + sd ** 2
    v = xt - anchor
    f = net(torch.cat([F.pixel_unshuffle(v / s.sqrt(), p), cond], 1), t.clamp(min=SIGMA_MIN).log() / 4, features)
    return anchor + sd ** 2 / s * v + t4 * sd / s.sqrt() * F.pixel_shuffle(f.float(), p)


@torch.no_grad()
def sample(net, cond, anchor, kind, steps=1, features=None):
    """One or two evaluations from pure noise around the anchor, as the editor does them."""
    y = anchor
    for s in (SIGMA_MAX[kind], SECOND[kind])[:steps]:
        y = consistency(net, y + s * torch.randn_like(y), torch.full((len(y),), s, device=y.device), cond, anchor, kind, features)
    return y
