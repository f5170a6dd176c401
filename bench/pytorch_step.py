#!/usr/bin/python3
"""Time of a PyTorch training step of a CIFAR ResNet, to hold FixupNet's against on the same machine.

usage: pytorch_step.py fixup|batchnorm DEPTH [--steps 12] [--batch 128] [--threads N] [--layout nchw|channels_last] [--serve]

SGD with momentum, float32, random images, Fixup's initialization. Needs torch (Debian: python3-torch, which uses the same libtorch as
FixupNet's LibTorch provider). By itself it prints the median of some steps, the first left out. With --serve it takes turns with others, as
"fixupnet bench" has it: one line of JSON after the first step; then for each line "round SECONDS" steps for that long, and a line with their times.
"""
import argparse
import json
import math
import os
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def scalar(value):
    return nn.Parameter(torch.full((1,), float(value)))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, fixup, branches):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.stride, self.fixup = stride, fixup
        if fixup:
            self.bias1a, self.bias1b, self.bias2a, self.bias2b, self.scale = *(scalar(0) for _ in range(4)), scalar(1)
            nn.init.normal_(self.conv1.weight, 0, math.sqrt(2 / (9 * outputs) / branches))
            nn.init.zeros_(self.conv2.weight)
        else:
            self.bn1, self.bn2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)
            self.bn_short = nn.BatchNorm2d(inputs) if stride > 1 else None

    def forward(self, x):
        shifted = x + self.bias1a if self.fixup else x
        if self.fixup:
            hidden = F.relu(self.conv1(shifted) + self.bias1b)
            residual = self.conv2(hidden + self.bias2a) * self.scale + self.bias2b
        else:
            residual = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride > 1:
            x = F.avg_pool2d(shifted, 1, self.stride)
            x = x if self.fixup else self.bn_short(x)
            x = torch.cat((x, torch.zeros_like(x)), 1)
        return F.relu(residual + x)


class Net(nn.Module):
    def __init__(self, depth, fixup):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.Identity() if fixup else nn.BatchNorm2d(16)
        self.bias1, self.bias2 = (scalar(0), scalar(0)) if fixup else (None, None)
        shapes, count = [(16, 16, 1), (16, 32, 2), (32, 64, 2)], (depth - 2) // 6
        self.blocks = nn.Sequential(*(
            Block(i if b == 0 else o, o, s if b == 0 else 1, fixup, 3 * count) for i, o, s in shapes for b in range(count)))
        self.fc = nn.Linear(64, 10)
        if fixup:
            nn.init.zeros_(self.fc.weight)
            nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        x = self.norm(self.stem(x))
        x = F.relu(x if self.bias1 is None else x + self.bias1)
        x = self.blocks(x).mean((2, 3))
        return self.fc(x if self.bias2 is None else x + self.bias2)


class Training:
    def __init__(self, args):
        torch.manual_seed(1)
        layout = torch.channels_last if args.layout == "channels_last" else torch.contiguous_format
        self.net = Net(args.depth, args.kind == "fixup").to(memory_format=layout)
        self.images = torch.randn(args.batch, 3, 32, 32).to(memory_format=layout)
        self.labels = torch.randint(0, 10, (args.batch,))
        scalars = [p for p in self.net.parameters() if p.numel() == 1]
        weights = [p for p in self.net.parameters() if p.numel() > 1]
        groups = [{"params": weights}] + ([{"params": scalars, "lr": 1e-4}] if scalars else [])
        self.optimizer = torch.optim.SGD(groups, lr=1e-3, momentum=0.9, weight_decay=5e-4)

    def step(self):
        """One whole step; its seconds."""
        start = time.perf_counter()
        self.optimizer.zero_grad()
        F.cross_entropy(self.net(self.images), self.labels).backward()
        self.optimizer.step()
        return time.perf_counter() - start


def peak_memory_bytes():
    # Not getrusage: there a process begins with the memory of the one that started it.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def say(message):
    print(json.dumps(message), flush=True)


def serve(training):
    training.step()
    say({"version": f"torch {torch.__version__}"})
    for line in sys.stdin:
        seconds, steps, start = float(line.removeprefix("round ")), [], time.perf_counter()
        while not steps or time.perf_counter() - start < seconds:
            steps.append(training.step())
        say({"stepSeconds": steps, "peakMemoryBytes": peak_memory_bytes()})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["fixup", "batchnorm"])
    parser.add_argument("depth", type=int)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="Debian's torch takes one by itself")
    parser.add_argument("--layout", choices=["nchw", "channels_last"], default="nchw")
    parser.add_argument("--serve", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    training = Training(args)
    if args.serve:
        return serve(training)
    seconds = sorted([training.step() for _ in range(max(args.steps, 3))][2:])
    median = seconds[len(seconds) // 2]
    print(f"torch {torch.__version__} {args.kind} depth {args.depth} {args.layout}, {args.threads} threads: {args.batch / median:.0f} images/s")


if __name__ == "__main__":
    main()
