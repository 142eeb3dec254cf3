"""The options of train.py."""
import argparse
import os

from learning.data import CACHE
from learning.degrade import TASKS

HELDOUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "heldout.tsv")


def betas(text):
    """beta of each task from "0.6,colorize=0.15": one for all, and others for some."""
    out = {}
    for part in text.split(","):
        task, _, value = part.rpartition("=")
        if task and task not in TASKS:
            raise argparse.ArgumentTypeError(f"there is no task {task}, but " + ", ".join(TASKS))
        out.update({task: float(value)} if task else {t: float(value) for t in TASKS if t not in out})
    if len(out) < len(TASKS):
        raise argparse.ArgumentTypeError("no beta for " + ", ".join(t for t in TASKS if t not in out))
    return out


def shares(text):
    """Shares of the tasks."""
    out = [float(v) for v in text.split(",")]
    if len(out) != len(TASKS) or min(out) < 0 or sum(out) <= 0:
        raise argparse.ArgumentTypeError(f"{len(TASKS)} shares are needed, of " + ", ".join(TASKS))
    return out


def decays(text):
    """Decays of the averages of the weights."""
    return [float(v) for v in text.split(",")]


def options(about):
    p = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("kind", choices=["base", "detail"])
    p.add_argument("--data", required=True, help="folder with photos-NN.tar (base) or detail-NN.tar shards")
    p.add_argument("--shards", help="patterns of the shards' names with commas between, each with its share of the draws: NAME*.tar:.6")
    p.add_argument("--balance", type=float, default=1, help="within a pattern: 1 draws every picture as often, 0 every source")
    p.add_argument("--heldout", default=HELDOUT, help="list of files never trained on (shard, name)")
    p.add_argument("--cache", default=CACHE, help="folder for decoded shards (about 80 kB a picture)")
    p.add_argument("--shrink", type=int, default=2, help="base: photos are this many times as large for the recogniser")
    p.add_argument("--net", help="a network of networks/unet.py")
    p.add_argument("--init", help="weights to go on from: a .safetensors file, or a state (.pt)")
    p.add_argument("--no-see", action="store_true", help="base: without the recogniser")
    p.add_argument("--size", type=int, help="side of the pictures trained on")
    p.add_argument("--out", required=True, help="folder for the weights and sheets")
    p.add_argument("--state", help="file that keeps the run between pieces")
    p.add_argument("--minutes", type=float, default=10, help="of this piece")
    p.add_argument("--total", type=float, help="minutes of the whole plan, if this is a piece of it")
    p.add_argument("--steps", type=int, help="plan by steps instead of minutes")
    p.add_argument("--pairs", type=int, default=24, help="photos a step that are drawn twice from pure noise")
    p.add_argument("--others", type=int, default=8, help="photos a step at random noise levels")
    p.add_argument("--tasks", type=shares, help="base: shares of " + ",".join(TASKS))
    p.add_argument("--beta", type=betas, default=betas("0.6,colorize=0.15,paint=0.85,lines=0.85,lines+paint=0.85,none=0.85"),
                   help="sharpness against error in the energy score, 0 to 1: one for all, or 0.6,TASK=0.15,... (detail: that of fill)")
    p.add_argument("--beta-from", type=float, default=-.1, help="part of the plan after which beta grows from 0")
    p.add_argument("--perceptual", type=float, default=0, help="weight of a loss on the recogniser's features: detail, base's sketches")
    p.add_argument("--stages", type=int, default=0, help="consistency doublings in the second half (0: denoising only)")
    p.add_argument("--ema", type=decays, default=[.998, .9995], help="decays of the averages kept of the weights; the first is shipped")
    p.add_argument("--lr", type=float, default=4e-4)
    p.add_argument("--looks", type=int, default=8, help="how many looks the plan has")
    p.add_argument("--look-pictures", type=int, default=96, help="held-out pictures a task that a look measures")
    p.add_argument("--threads", type=int, default=max(1, os.cpu_count() - 1), help="for the step; on a shared machine 1 is fastest")
    p.add_argument("--loader-threads", type=int, default=1)
    p.add_argument("--no-compile", action="store_true", help="begin at once, but run at less than half the speed")
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()
