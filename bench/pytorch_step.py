#!/usr/bin/python3
"""Time of a PyTorch training step of a CIFAR or ImageNet ResNet or a Transformer, to hold FixupNet's against on the same machine.

usage: pytorch_step.py fixup|batchnorm DEPTH [--steps 12] [--batch 128] [--threads N] [--layout nchw|channels_last] [--serve]
                       [--device cpu|cuda[:N]] [--precision float32|bfloat16] [--compile none|default|reduce-overhead]
       pytorch_step.py fixup|batchnorm 18|34|50|101|152|200 --model resnet-imagenet [--size 64] [the same]
       pytorch_step.py pre-layernorm|post-layernorm DEPTH --model transformer [the same but --layout]

SGD with momentum, random images, Fixup's initialization; of Transformers Adam, random sentences of 16 words, torch.nn's own layers; bfloat16 by autocast. Needs torch (Debian: python3-torch, which uses the same libtorch
as FixupNet's LibTorch provider). On a GPU times are of groups of steps. Networks deeper than 110 layers are compiled block by block. By itself it prints the median of some steps, the first left out. With --serve it takes turns with others, as
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


# Steps that a GPU is given before it is waited for.
GROUP = 10
# Whole, a deeper network takes torch.compile longer than anybody waits.
WHOLE_DEPTH = 110
# Of Transformers.
VOCABULARY, WIDTH, HEADS, WORDS = 4000, 256, 4, 16
BLOCKS = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3], 200: [3, 24, 36, 3]}
KINDS = {"resnet-cifar": ["fixup", "batchnorm"], "resnet-imagenet": ["fixup", "batchnorm"], "transformer": ["pre-layernorm", "post-layernorm"]}


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


class ImageNetBlock(nn.Module):
    """One of two convolutions of 3x3, or of three, of which only the middle one is."""

    def __init__(self, inputs, channels, stride, fixup, bottleneck, branches):
        super().__init__()
        outputs = channels * (4 if bottleneck else 1)
        shapes = [(inputs, channels, 1, 1), (channels, channels, 3, stride), (channels, outputs, 1, 1)] if bottleneck else [(inputs, channels, 3, stride), (channels, channels, 3, 1)]
        self.convs = nn.ModuleList(nn.Conv2d(i, o, k, s, k // 2, bias=False) for i, o, k, s in shapes)
        self.short = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if stride > 1 or inputs != outputs else None
        self.fixup = fixup
        if fixup:
            self.before = nn.ParameterList(scalar(0) for _ in shapes)
            self.after = nn.ParameterList(scalar(0) for _ in shapes)
            self.scale = scalar(1)
            for (_, o, k, _), conv in zip(shapes, self.convs):
                nn.init.normal_(conv.weight, 0, math.sqrt(2 / (k * k * o)) * branches ** (-0.5 / (len(shapes) - 1)))
            nn.init.zeros_(self.convs[-1].weight)
        else:
            self.norms = nn.ModuleList(nn.BatchNorm2d(o) for _, o, _, _ in shapes)
            self.norm_short = None if self.short is None else nn.BatchNorm2d(outputs)

    def forward(self, x):
        shifted = signal = x + self.before[0] if self.fixup else x
        for i, conv in enumerate(self.convs):
            last = i == len(self.convs) - 1
            if not self.fixup:
                signal = self.norms[i](conv(signal))
                signal = signal if last else F.relu(signal)
            elif last:
                signal = conv(signal) * self.scale + self.after[i]
            else:
                signal = F.relu(conv(signal) + self.after[i]) + self.before[i + 1]
        if self.short is not None:
            x = self.short(shifted) if self.fixup else self.norm_short(self.short(x))
        return F.relu(signal + x)


class ImageNetNet(nn.Module):
    def __init__(self, depth, fixup):
        super().__init__()
        counts, bottleneck = BLOCKS[depth], depth >= 50
        self.stem, self.norm = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.Identity() if fixup else nn.BatchNorm2d(64)
        self.bias1, self.bias2 = (scalar(0), scalar(0)) if fixup else (None, None)
        blocks, inputs = [], 64
        for stage, count in enumerate(counts):
            for index in range(count):
                blocks.append(ImageNetBlock(inputs, 64 << stage, 2 if index == 0 and stage > 0 else 1, fixup, bottleneck, sum(counts)))
                inputs = (64 << stage) * (4 if bottleneck else 1)
        self.blocks, self.fc = nn.Sequential(*blocks), nn.Linear(inputs, 10)
        if fixup:
            nn.init.zeros_(self.fc.weight)
            nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        x = self.norm(self.stem(x))
        x = F.max_pool2d(F.relu(x if self.bias1 is None else x + self.bias1), 3, 2, 1)
        x = self.blocks(x).mean((2, 3))
        return self.fc(x if self.bias2 is None else x + self.bias2)


class Translator(nn.Module):
    def __init__(self, depth, pre_norm):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        nn.init.normal_(self.embedding.weight, 0, WIDTH ** -0.5)
        shape = dict(d_model=WIDTH, nhead=HEADS, dim_feedforward=2 * WIDTH, dropout=0.0, batch_first=True, norm_first=pre_norm)
        last = [nn.LayerNorm(WIDTH) if pre_norm else None for _ in range(2)]
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(**shape), depth, last[0])
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(**shape), depth, last[1])
        rates = torch.exp(torch.arange(WIDTH // 2) * (-math.log(10000) / (WIDTH // 2 - 1)))
        angles = torch.arange(WORDS)[:, None] * rates
        self.register_buffer("places", torch.cat((angles.sin(), angles.cos()), 1), persistent=False)
        self.register_buffer("future", torch.triu(torch.full((WORDS, WORDS), float("-inf")), 1), persistent=False)

    def forward(self, source, previous):
        embed = lambda words: self.embedding(words) * math.sqrt(WIDTH) + self.places
        memory = self.encoder(embed(source))
        return F.linear(self.decoder(embed(previous), memory, tgt_mask=self.future), self.embedding.weight)


class Training:
    def __init__(self, args):
        torch.manual_seed(1)
        self.device = torch.device(args.device)
        self.bfloat16 = args.precision == "bfloat16"
        (self.begin_sentences if args.model == "transformer" else self.begin_images)(args)
        self.group = 1 if self.device.type == "cpu" else GROUP
        if args.compile != "none":
            self.compile(args)

    def begin_images(self, args):
        layout = torch.channels_last if args.layout == "channels_last" else torch.contiguous_format
        network = ImageNetNet if args.model == "resnet-imagenet" else Net
        self.net = network(args.depth, args.kind == "fixup").to(self.device, memory_format=layout)
        self.inputs = torch.randn(args.batch, 3, args.size, args.size).to(self.device, memory_format=layout),
        self.labels = torch.randint(0, 10, (args.batch,)).to(self.device)
        scalars = [p for p in self.net.parameters() if p.numel() == 1]
        weights = [p for p in self.net.parameters() if p.numel() > 1]
        groups = [{"params": weights}] + ([{"params": scalars, "lr": 1e-4}] if scalars else [])
        self.optimizer = torch.optim.SGD(groups, lr=1e-3, momentum=0.9, weight_decay=5e-4)

    def begin_sentences(self, args):
        self.net = Translator(args.depth, args.kind == "pre-layernorm").to(self.device)
        words = lambda: torch.randint(4, VOCABULARY, (args.batch, WORDS)).to(self.device)
        self.inputs, self.labels = (words(), words()), words().reshape(-1)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-4)

    def compile(self, args):
        if not hasattr(torch, "compile"):
            sys.exit(f"pytorch_step.py: torch {torch.__version__} has no torch.compile; it came with 2.0")
        mode = None if args.compile == "default" else args.compile
        if args.depth <= WHOLE_DEPTH:
            self.net = torch.compile(self.net, mode=mode)
        else:
            for block in self.net.blocks:
                block.compile(mode=mode)

    def loss(self):
        return F.cross_entropy(self.net(*self.inputs).flatten(0, -2), self.labels)

    def one(self):
        self.optimizer.zero_grad()
        if self.bfloat16:
            with torch.autocast(self.device.type, torch.bfloat16):
                loss = self.loss()
        else:
            loss = self.loss()
        loss.backward()
        self.optimizer.step()

    def step(self):
        """Whole steps; the seconds of one."""
        start = time.perf_counter()
        for _ in range(self.group):
            self.one()
        if self.device.type != "cpu":
            torch.cuda.synchronize(self.device)
        return (time.perf_counter() - start) / self.group

    def peak_memory_bytes(self):
        return peak_memory_bytes() if self.device.type == "cpu" else torch.cuda.max_memory_reserved(self.device)


def peak_memory_bytes():
    # Not getrusage: there a process begins with the memory of the one that started it.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def say(message):
    print(json.dumps(message), flush=True)


def serve(training):
    training.step()
    say({"version": f"torch {torch.__version__}", "parameterCount": sum(p.numel() for p in training.net.parameters())})
    for line in sys.stdin:
        seconds, steps, start = float(line.removeprefix("round ")), [], time.perf_counter()
        while not steps or time.perf_counter() - start < seconds:
            steps.append(training.step())
        say({"stepSeconds": steps, "peakMemoryBytes": training.peak_memory_bytes()})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=sum(KINDS.values(), []))
    parser.add_argument("depth", type=int)
    parser.add_argument("--model", choices=KINDS, default="resnet-cifar")
    parser.add_argument("--size", type=int, help="side of the images; default 32, of resnet-imagenet 64")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="Debian's torch takes one by itself")
    parser.add_argument("--layout", choices=["nchw", "channels_last"], default="nchw")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--compile", choices=["none", "default", "reduce-overhead"], default="none")
    parser.add_argument("--serve", action="store_true")
    args = parser.parse_args()
    if args.kind not in KINDS[args.model]:
        parser.error(f"{args.model} has {' and '.join(KINDS[args.model])} here, not {args.kind}")
    args.size = args.size or (64 if args.model == "resnet-imagenet" else 32)
    torch.set_num_threads(args.threads)
    if args.device != "cpu":
        torch.backends.cudnn.benchmark = True
    training = Training(args)
    if args.serve:
        return serve(training)
    seconds = sorted([training.step() for _ in range(max(args.steps, 3))][2:])
    median = seconds[len(seconds) // 2]
    layout, count, unit = ("", args.batch * WORDS, "words") if args.model == "transformer" else (f"{args.layout} ", args.batch, "images")
    print(f"torch {torch.__version__} {args.kind} depth {args.depth} {layout}{args.precision} on {args.device}, {args.threads} threads, compile {args.compile}: {count / median:.0f} {unit}/s")


if __name__ == "__main__":
    main()
