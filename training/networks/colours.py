"""The colours network: how likely each colour of a palette is at each place of a gray picture, from a recogniser's features and lightness.

Zhang, Isola and Efros (2016), "Colorful image colorization", made of a frozen recogniser's features: three grids, coarse to fine, with two
residual blocks each. The engine runs it (engine/network/colours.c)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.unet import FEATURES, See

BLOCKS = 2


class Block(nn.Module):
    """x + a convolution of the SiLU of a convolution of x; begins as x."""

    def __init__(self, channels):
        super().__init__()
        self.first, self.second = (nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))
        nn.init.kaiming_normal_(self.first.weight, nonlinearity="relu")
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x):
        return x + self.second(F.silu(self.first(x)))


class Colours(nn.Module):
    """palette (K, 2): CIE a and b; width: channels of the two coarse grids, the fine one has half as many."""

    def __init__(self, palette, width=192, see="efficientnet-lite0"):
        super().__init__()
        self.sees, self.width = see, width
        channels = (width // 2, width, width)
        self.register_buffer("palette", palette)
        self.see = nn.ModuleList([See(f, c) for f, c in zip(FEATURES[see], channels)])
        for layer in self.see:
            nn.init.kaiming_uniform_(layer.weight, a=5 ** .5)
        self.blocks = nn.ModuleList([nn.Sequential(*(Block(c) for _ in range(BLOCKS))) for c in channels])
        self.lightness = nn.Conv2d(4, channels[0], 3, padding=1)
        self.narrow = nn.Conv2d(width, channels[0], 1)
        self.out = nn.Conv2d(channels[0], len(palette), 1)

    def grid(self, lightness, features):
        """lightness (B, 4, h, w): CIE lightness / 50 - 1 of a place's four quarters (pixel_unshuffle); features: the recogniser's, of h x w,
        half and a quarter of it -> (B, width / 2, h, w)."""
        larger = lambda v: F.interpolate(v, scale_factor=2, mode="bilinear", align_corners=False)
        x = self.blocks[2](self.see[2](features[2]))
        x = self.blocks[1](larger(x) + self.see[1](features[1]))
        return self.blocks[0](larger(self.narrow(x)) + self.see[0](features[0]) + self.lightness(lightness))

    def forward(self, lightness, features):
        """Scores (B, K, h, w), whose softmax are the likelihoods."""
        return self.out(self.grid(lightness, features))

    def scores_at(self, lightness, features, places):
        """Scores (B, n, K) at n places, indices in h w: the loss doesn't need all."""
        x = self.grid(lightness, features).flatten(2).transpose(1, 2)[:, places]
        return F.linear(x, self.out.weight[:, :, 0, 0], self.out.bias)

    def expected(self, scores, temperature):
        """a and b (B, 2, h, w): the palette's mean, with likelihoods to the power of 1 / temperature."""
        return (torch.softmax(scores.permute(0, 2, 3, 1).float() / temperature, -1) @ self.palette).permute(0, 3, 1, 2)
