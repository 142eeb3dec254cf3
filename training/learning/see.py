"""What base is told about the picture: a frozen recogniser's features of what is known of it."""
import torch
import torch.nn.functional as F

from learning.degrade import luma
from networks import recogniser

SCALE = 4                                           # the recogniser looks at this many pixels for one of base's


def shown(photo, planes, anchor):
    """The picture that the recogniser looks at (B, 3, H, W) in [-1, 1]. photo: the same crops at base's resolution or finer; planes
    (B, 9, h, w) and anchor (B, 3, h, w) as in degrade.py. Known pixels are the photo's own, or its luma where that is what is known;
    the rest is the anchor, enlarged; lines are drawn over it in black."""
    up = lambda v, mode: F.interpolate(v, size=photo.shape[-2:], mode=mode, **({} if mode == "nearest" else {"align_corners": False}))
    exact, gray = up(planes[:, 3:4], "nearest"), planes[:, 6:7].amax((2, 3), keepdim=True)
    ink = up(planes[:, 7:8] * planes[:, 8:9], "bilinear")
    y = torch.where(exact > 0, photo, up(anchor, "bicubic").clamp(-1, 1))
    y = torch.where(gray > 0, luma(photo).expand(-1, 3, -1, -1), y)
    y = (y + 1) * (1 - ink) - 1
    size = [SCALE * s for s in planes.shape[-2:]]
    return F.interpolate(y, size=size, mode="bicubic", align_corners=False).clamp(-1, 1).contiguous(memory_format=torch.channels_last)


class Sight:
    """The recogniser at work: a function of (photo, planes, anchor) -> its features, those of recogniser.TAPS."""

    def __init__(self, device, precision, compiled=False):
        self.net = recogniser.load().to(device, memory_format=torch.channels_last)
        self.run = torch.compile(self.net) if compiled else self.net
        self.precision = precision

    @torch.no_grad()
    def __call__(self, photo, planes, anchor):
        with self.precision():
            return [v.float() for v in self.run(shown(photo, planes, anchor))]

    def standardise(self, net, photo, side):
        """Sets mean and standard deviation of the features of net's `see` to those of the crops `photo` in gray at `side` pixels."""
        gray = torch.zeros(len(photo), 9, side, side, device=photo.device)
        gray[:, 6] = 1
        for layer, v in zip(net.see, self(photo, gray, gray[:, :3])):
            layer.standardise(v.mean((0, 2, 3)), v.std((0, 2, 3)))
