"""A U-Net whose state dict uses diffusers' UNet2DModel names (DownBlock2D / AttnDownBlock2D with
resnet_time_scale_shift="scale_shift", GroupNorm 32, SiLU), in plain torch (2.x, and
Debian 12's 1.13 for tests/bench).

It may be told what a frozen image recogniser sees (recogniser.py): `see` adds the recogniser's features,
through 1x1 convolutions, to the first three grids of the way down."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


FEATURES = {"efficientnet-lite0": (40, 112, 320)}   # channels of the recognisers' features, fine to coarse


def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half, device=t.device, dtype=torch.float32) / half)
    a = t.float()[:, None] * freqs[None]
    return torch.cat([torch.cos(a), torch.sin(a)], 1)  # flip_sin_to_cos=True


class Resnet(nn.Module):
    def __init__(self, cin, cout, temb, groups):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, cin, eps=1e-5)
        self.conv1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.time_emb_proj = nn.Linear(temb, 2 * cout)
        self.norm2 = nn.GroupNorm(groups, cout, eps=1e-5)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1)
        nn.init.zeros_(self.conv2.weight); nn.init.zeros_(self.conv2.bias)
        self.conv_shortcut = nn.Conv2d(cin, cout, 1) if cin != cout else None

    def forward(self, x, emb):
        h = self.conv1(F.silu(self.norm1(x.float())))
        s, b = self.time_emb_proj(F.silu(emb))[:, :, None, None].chunk(2, 1)
        h = self.conv2(F.silu(self.norm2(h.float()) * (1 + s) + b))
        return h + (x if self.conv_shortcut is None else self.conv_shortcut(x))


class Attention(nn.Module):
    def __init__(self, c, groups, head_dim=64):
        super().__init__()
        self.heads = max(1, c // head_dim)
        self.group_norm = nn.GroupNorm(groups, c, eps=1e-5)
        self.to_q, self.to_k, self.to_v = nn.Linear(c, c), nn.Linear(c, c), nn.Linear(c, c)
        self.to_out = nn.ModuleList([nn.Linear(c, c)])
        nn.init.zeros_(self.to_out[0].weight); nn.init.zeros_(self.to_out[0].bias)

    def forward(self, x):
        b, c, h, w = x.shape
        y = self.group_norm(x.float()).flatten(2).transpose(1, 2)
        q, k, v = (f(y).view(b, h * w, self.heads, -1).transpose(1, 2) for f in (self.to_q, self.to_k, self.to_v))
        if hasattr(F, "scaled_dot_product_attention"):
            o = F.scaled_dot_product_attention(q, k, v)
        else:
            o = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), -1) @ v
        o = self.to_out[0](o.transpose(1, 2).reshape(b, h * w, c))
        return x + o.transpose(1, 2).view(b, c, h, w)


class Down(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, stride=2, padding=1)

    def forward(self, x):
        return self.conv(x)


class Up(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class See(nn.Module):
    """A 1x1 convolution of a recogniser's features, which are standardised by channel first: (B, features, h, w) -> (B, width, h, w)."""

    def __init__(self, features, width):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width, features, 1, 1))
        self.bias = nn.Parameter(torch.empty(width))
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))
        self.reset()

    def reset(self):
        """Begins anew, with next to no effect."""
        nn.init.normal_(self.weight, std=.02)
        nn.init.zeros_(self.bias)

    def forward(self, x):
        return F.conv2d((x - self.mean.view(1, -1, 1, 1)) / self.std.view(1, -1, 1, 1), self.weight, self.bias)

    def folded(self):
        """(weight, bias) of the same convolution on features that are not standardised."""
        weight = self.weight / self.std.view(1, -1, 1, 1)
        return weight, self.bias - weight.flatten(1) @ self.mean

    @torch.no_grad()
    def standardise(self, mean, std):
        """Changes mean and standard deviation (features,), and weight and bias so that the result stays the same."""
        weight, bias = self.folded()
        self.mean.copy_(mean)
        self.std.copy_(std)
        self.weight.copy_(weight * std.view(1, -1, 1, 1))
        self.bias.copy_(bias + weight.flatten(1) @ mean)


class Block(nn.Module):
    def __init__(self, chans, temb, groups, attn, sampler=None):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(a, b, temb, groups) for a, b in chans])
        self.attentions = nn.ModuleList([Attention(b, groups) for _, b in chans]) if attn else None
        if isinstance(sampler, Down):
            self.downsamplers = nn.ModuleList([sampler])
        elif isinstance(sampler, Up):
            self.upsamplers = nn.ModuleList([sampler])


class UNet(nn.Module):
    def __init__(self, in_channels, out_channels, block_out_channels, layers_per_block=2, attn_levels=(), groups=32, see=None):
        super().__init__()
        self.sees = see
        ch, n = list(block_out_channels), len(block_out_channels)
        self.config = dict(_class_name="UNet2DModel", in_channels=in_channels, out_channels=out_channels, block_out_channels=ch,
                           layers_per_block=layers_per_block, norm_num_groups=groups, norm_eps=1e-5, attention_head_dim=64,
                           down_block_types=["AttnDownBlock2D" if i in attn_levels else "DownBlock2D" for i in range(n)],
                           up_block_types=["AttnUpBlock2D" if n - 1 - i in attn_levels else "UpBlock2D" for i in range(n)],
                           add_attention=n - 1 in attn_levels, resnet_time_scale_shift="scale_shift", time_embedding_type="positional",
                           flip_sin_to_cos=True, freq_shift=0, downsample_type="conv", upsample_type="conv")
        temb = 4 * ch[0]
        self.c0 = ch[0]
        self.time_embedding = nn.ModuleDict(dict(linear_1=nn.Linear(ch[0], temb), linear_2=nn.Linear(temb, temb)))
        self.conv_in = nn.Conv2d(in_channels, ch[0], 3, padding=1)
        self.see = nn.ModuleList([See(c, w) for c, w in zip(FEATURES[see], ch)]) if see else None
        self.down_blocks = nn.ModuleList()
        skips, c = [ch[0]], ch[0]
        for i, co in enumerate(ch):
            pairs = []
            for _ in range(layers_per_block):
                pairs.append((c, co)); c = co; skips.append(c)
            last = i == n - 1
            self.down_blocks.append(Block(pairs, temb, groups, i in attn_levels, None if last else Down(co)))
            if not last:
                skips.append(c)
        self.mid_block = Block([(c, c), (c, c)], temb, groups, False)
        self.mid_block.attentions = nn.ModuleList([Attention(c, groups)]) if n - 1 in attn_levels else None
        self.up_blocks = nn.ModuleList()
        for i, co in enumerate(reversed(ch)):
            pairs = []
            for _ in range(layers_per_block + 1):
                pairs.append((c + skips.pop(), co)); c = co
            self.up_blocks.append(Block(pairs, temb, groups, (n - 1 - i) in attn_levels, None if i == n - 1 else Up(co)))
        self.conv_norm_out = nn.GroupNorm(groups, c, eps=1e-5)
        self.conv_out = nn.Conv2d(c, out_channels, 3, padding=1)
        nn.init.zeros_(self.conv_out.weight); nn.init.zeros_(self.conv_out.bias)

    def forward(self, x, c_noise, features=None):
        """x (B, in_channels, h, w), c_noise (B,) -> (B, out_channels, h, w). features: the recogniser's, of h x w, half and a quarter of
        it, where there is a `see`."""
        e = timestep_embedding(c_noise * 250.0, self.c0)
        e = self.time_embedding["linear_2"](F.silu(self.time_embedding["linear_1"](e)))
        h = self.conv_in(x)
        if self.see is not None:
            h = h + self.see[0](features[0])
        hs = [h]
        for i, b in enumerate(self.down_blocks):
            for j, r in enumerate(b.resnets):
                h = r(h, e)
                if self.see is not None and i and j == 0:
                    h = h + self.see[i](features[i])
                if b.attentions is not None:
                    h = b.attentions[j](h)
                hs.append(h)
            if hasattr(b, "downsamplers"):
                h = b.downsamplers[0](h); hs.append(h)
        h = self.mid_block.resnets[0](h, e)
        if self.mid_block.attentions is not None:
            h = self.mid_block.attentions[0](h)
        h = self.mid_block.resnets[1](h, e)
        for b in self.up_blocks:
            for j, r in enumerate(b.resnets):
                h = r(torch.cat([h, hs.pop()], 1), e)
                if b.attentions is not None:
                    h = b.attentions[j](h)
            if hasattr(b, "upsamplers"):
                h = b.upsamplers[0](h)
        return self.conv_out(F.silu(self.conv_norm_out(h.float())))


def from_config(c, see=None):
    """The network that a config of this file describes (as exported in the weights' metadata), told what the recogniser `see` sees."""
    attention = [i for i, b in enumerate(c["down_block_types"]) if b.startswith("Attn")]
    return UNet(c["in_channels"], c["out_channels"], c["block_out_channels"], c["layers_per_block"], attention, c["norm_num_groups"], see)


NETS = {
    # grid 64x64 for a 128x128 picture (space-to-depth 2): 12 planes x 4
    "base": lambda: UNet(48, 12, (64, 128, 192, 256), 2, (2, 3)),
    "base-1": lambda: UNet(48, 12, (64, 128, 256, 256), 1, (2, 3)),
    "base-96": lambda: UNet(48, 12, (64, 128, 256, 384), 1, (2, 3)),
    "tiny": lambda: UNet(48, 12, (32, 64, 96, 128), 1, (2, 3), 16),
    # recipe check on a CPU: 64x64 pictures, grid 32x32
    "nano": lambda: UNet(48, 12, (48, 96, 128), 1, (2,), 16),
    "detail-s": lambda: UNet(48 + 48 + 16 + 3 + 1, 48, (64,), 2, (), 16),
    "detail-m": lambda: UNet(48 + 48 + 16 + 3 + 1, 48, (64, 96), 1, (), 16),
    "detail-nano": lambda: UNet(48 + 48 + 16 + 3 + 1, 48, (48, 64), 1, (), 16),
    # grid 64x64 for a 256x256 tile (space-to-depth 4)
    "detail": lambda: UNet(48 + 48 + 16 + 3 + 1, 48, (96, 128), 2, ()),
    "detail-1": lambda: UNet(48 + 48 + 16 + 3 + 1, 48, (64, 96, 128), 2, ()),
}
