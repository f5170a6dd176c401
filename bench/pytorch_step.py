#!/usr/bin/python3
"""Time of a PyTorch training step of a CIFAR ResNet, to hold FixupNet's against on the same machine.

usage: pytorch_step.py fixup|batchnorm DEPTH [STEPS]      batch 128, SGD with momentum, float32, NCHW, random images

Needs torch (Debian: python3-torch, which uses the same libtorch as FixupNet's LibTorch provider). Run it in turn with
  fixupnet train configs/cifar10-resnet110.json augmentation.mixupAlpha=0 model.depth=DEPTH --max-steps STEPS
and compare images per second. The median leaves out the first steps, which build caches; both use one thread a processor.
"""
import os
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def scalar(value):
    return nn.Parameter(torch.full((1,), float(value)))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, fixup):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.stride, self.fixup = stride, fixup
        if fixup:
            self.bias1a, self.bias1b, self.bias2a, self.bias2b, self.scale = *(scalar(0) for _ in range(4)), scalar(1)
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
        shapes = [(16, 16, 1), (16, 32, 2), (32, 64, 2)]
        self.blocks = nn.Sequential(*(
            Block(i if b == 0 else o, o, s if b == 0 else 1, fixup) for i, o, s in shapes for b in range((depth - 2) // 6)))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(self.blocks(F.relu(self.norm(self.stem(x)))).mean((2, 3)))


def main():
    torch.set_num_threads(os.cpu_count())
    kind, depth, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 12
    net, images, labels = Net(depth, kind == "fixup"), torch.randn(128, 3, 32, 32), torch.randint(0, 10, (128,))
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4)
    seconds = []
    for _ in range(steps):
        start = time.perf_counter()
        optimizer.zero_grad()
        F.cross_entropy(net(images), labels).backward()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    median = sorted(seconds[2:])[len(seconds[2:]) // 2]
    print(f"torch {torch.__version__} {kind} depth {depth}: {128 / median:.0f} images/s (median of {len(seconds) - 2} steps)")


if __name__ == "__main__":
    main()
