"""What the networks are trained to make small.

denoising: f(x + t z, t) against x, in units of the network's own output (EDM weighting), by a pseudo-Huber distance (Song and
Dhariwal 2023, "Improved techniques for training consistency models", section 3.3).

consistency: f(x + t z, t) against f(x + r z, r) of the same noise, gradient stopped, r(t) as in "Consistency models made easy"
(Geng et al. 2024): r = t (1 - n(t) / 2^stage), n(t) = 1 + 8 sigmoid(-t).

one step: the editor nearly always evaluates once, from pure noise. There the generalised energy score
    E d(Y, x) - beta/2 E d(Y, Y'),   Y, Y' = f from two independent noises, x = the photo
is used (Gneiting and Raftery 2007; for generators: Shen and Meinshausen 2023, "Engression"; for denoisers of few steps: De Bortoli
et al. 2025, "Distributional diffusion models with scoring rules"). With beta = 0 it asks for a median of what is plausible
(smooth, gray); with beta = 1 it is a proper scoring rule, which only samples of the true distribution minimise (crisp, coloured,
different for another seed). In between it trades error for sharpness. It needs no critic."""
import math

import torch
import torch.nn.functional as F

SEEN = (2, 4, 10)                                   # blocks of the recogniser whose outputs are compared: 1/4, 1/8, 1/16
# luma, and two colour differences counted double, so that gray is not a cheap way out
OPPONENT = torch.tensor([[.299, .587, .114], [-.338, -.662, 1.0], [1.0, -.838, -.162]])


def pseudo_huber(d2, dim):
    """sqrt(d2 + c^2) - c with c = 0.00054 sqrt(dim) (Song and Dhariwal 2023), d2 = squared distance of `dim` numbers."""
    c = .00054 * math.sqrt(dim)
    return (d2 + c * c).sqrt() - c


def patch_distance(d, kind):
    """Mean Euclidean length of patches of the difference d (B, 3, H, W) over scales: (B,). base: halvings down to 1/16 in luma and
    colour differences; detail: also differences of neighbours at full size, where crispness lives."""
    d = torch.einsum("ij,bjhw->bihw", OPPONENT.to(d), d)
    norm = lambda v, k: pseudo_huber(F.avg_pool2d((v * v).sum(1, keepdim=True), k, max(1, k // 2)), 3 * k * k).mean((1, 2, 3))
    if kind == "base":
        total = norm(d, 4)
        for weight in (.7, .7, .7, .7):
            d = F.avg_pool2d(d, 2)
            total = total + weight * norm(d, min(4, d.shape[-1]))
        return total
    total = norm(d, 4)
    total = total + norm(d[..., 1:] - d[..., :-1], 4) + norm(d[..., 1:, :] - d[..., :-1, :], 4)
    for weight in (.7, .7):
        d = F.avg_pool2d(d, 2)
        total = total + weight * norm(d, 4)
    return total


def energy_score(y1, y2, x, weight, beta, kind):
    """Energy score of two independent draws y1, y2 against the photo x, where weight (B, 1, H, W) says how much a pixel counts: (B,).
    beta: a number, or one a photo."""
    d = lambda a, b: patch_distance((a - b) * weight, kind)
    return .5 * (d(y1, x) + d(y2, x)) - .5 * beta * d(y1, y2)


def seen_distance(recogniser, a, b):
    """Distance of what the recogniser sees in a and in b (B, 3, H, W): root mean square difference of its features, of unit length at
    every place, summed over blocks (Zhang et al. 2018, "The unreasonable effectiveness of deep features as a perceptual
    metric", without their trained weights): (B,)."""
    total = 0.
    for u, v in zip(recogniser(a, SEEN), recogniser(b, SEEN)):
        u, v = (w.float() / (w.float().square().sum(1, keepdim=True) + 1e-6).sqrt() for w in (u, v))
        total = total + pseudo_huber((u - v).square().sum(1).mean((1, 2)), 1)
    return total


def seen_score(recogniser, y1, y2, x, beta):
    """Energy score by seen_distance, of pictures enlarged to at least 128 pixels: (B,)."""
    scale = max(1, 128 // x.shape[-1])
    up = lambda v: F.interpolate(v, scale_factor=scale, mode="bicubic", align_corners=False) if scale > 1 else v
    a, b, c = up(y1), up(y2), up(x)
    d = lambda u, v: seen_distance(recogniser, u, v)
    return .5 * (d(a, c) + d(b, c)) - .5 * beta * d(a, b)


def denoising(y, x, t, weight, sd):
    """Weighted pseudo-Huber distance to the target (the photo, or f at the smaller noise level r), in units of the network's output:
    (B,)."""
    per = (pseudo_huber(((y - x) ** 2).sum(1, keepdim=True), 3) * weight).mean((1, 2, 3))
    return per * ((t * t + sd * sd).sqrt() / (t * sd)).clamp(max=24 / sd)


def smaller_level(t, stage):
    """r(t) < t of stage 1, 2, ... ; closer to t with every stage."""
    return t * (1 - (1 + 8 * torch.sigmoid(-t)) / 2 ** stage).clamp(min=0)
