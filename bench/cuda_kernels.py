#!/usr/bin/env python3
"""Time of each CUDA kernel alone, at the shapes of a CIFAR ResNet, with the share of memory traffic and arithmetic that it reaches.

usage: cuda_kernels.py LIBRARY [--batch 128] [--card-gb-s 4300] [--card-tflop-s 780]
       cuda_kernels.py --steps FILE... [--card-gb-s 4300] [--card-tflop-s 780]

LIBRARY is libfixupnet_cuda.so. Needs PyTorch on an NVIDIA card. Every time is that of one of many launches in a graph, one after the other.
With --steps, which needs neither: the shares that whole steps reached, of what "fixupnet bench --device cuda --output FILE" measured. Counted is what the
fused blocks move and compute; stem, the two blocks that change shape, head and update are not.
"""
import argparse
import ctypes
import json
import statistics

PASSES = ["First", "Second", "SecondBackward", "FirstBackward"]
SHAPES = [(16, 32), (32, 16), (64, 8)]
LAUNCHES = 40
# Bytes an element of activations, each read and written once: bfloat16 branches, float32 stream.
MOVED = {"First": 4, "Second": 12, "SecondBackward": 6, "FirstBackward": 14}
MOVED_BY_WEIGHT_GRADIENT = 4
CONVOLUTIONS_OF_BLOCK = 6


def size_of(channels, side, batch):
    """Elements of one tensor of activations, operations of one convolution."""
    elements = batch * side * side * channels
    return elements, 2 * 9 * channels * elements


def pointer(tensor):
    return ctypes.c_void_p(0 if tensor is None else tensor.data_ptr())


class ConvolutionArguments(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in (
        "input", "weights", "input_bias", "output_bias", "scale", "kept", "stream_in", "stream_out", "output", "first_sums", "second_sums")] + [
        ("height", ctypes.c_int), ("overlaps", ctypes.c_int)]


class WeightGradientArguments(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in ("input", "input_bias", "gradient", "parts")] + [("height", ctypes.c_int), ("tile_count", ctypes.c_int)]


class GradientEnd(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in ("parts", "weights", "scale", "gradient", "scale_sums")] + [
        (name, ctypes.c_int) for name in ("part_count", "channels", "accumulate")]


def microseconds(call):
    """Median over replays of the time of one launch."""
    import torch
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        call(stream.cuda_stream)
        stream.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=stream):
            for _ in range(LAUNCHES):
                call(torch.cuda.current_stream().cuda_stream)
        times = []
        for _ in range(12):
            begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            begin.record(stream)
            graph.replay()
            end.record(stream)
            end.synchronize()
            times.append(begin.elapsed_time(end) * 1000 / LAUNCHES)
    return statistics.median(times[2:])


def report_steps(files, card_gb_s, card_tflop_s):
    for name in files:
        with open(name) as file:
            result = json.load(file)
        for network in result["networks"]:
            for row in network["rows"]:
                if network["variant"] != "fixup" or row["kind"] != "cudaGraph" or row["precision"].lower() != "bfloat16":
                    continue
                blocks = (row["depth"] - 2) // 6
                moved = operations = 0
                for number, (channels, side) in enumerate(SHAPES):
                    elements, of_convolution = size_of(channels, side, result["batchSize"])
                    fused = blocks - (number > 0)
                    moved += fused * (sum(MOVED.values()) + 2 * MOVED_BY_WEIGHT_GRADIENT) * elements
                    operations += fused * CONVOLUTIONS_OF_BLOCK * of_convolution
                seconds = result["batchSize"] / row["imagesPerSecondMedian"]
                print(f"ResNet-{row['depth']}, {row['name']}: {1000 * seconds:.2f} ms a step; {moved / 1e9:.1f} GB, {100 * moved / seconds / card_gb_s / 1e9:.0f} % of memory's speed; "
                      f"{operations / 1e12:.2f} TFLOP, {100 * operations / seconds / card_tflop_s / 1e12:.0f} % of matrix arithmetic")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", nargs="?")
    parser.add_argument("--steps", nargs="+", metavar="FILE", default=[])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--card-gb-s", type=float, default=4300)
    parser.add_argument("--card-tflop-s", type=float, default=780)
    args = parser.parse_args()
    report_steps(args.steps, args.card_gb_s, args.card_tflop_s)
    if args.library:
        report_kernels(args)
    elif not args.steps:
        parser.error("a LIBRARY or --steps is needed")


def report_kernels(args):
    import torch
    library = ctypes.CDLL(args.library)
    library.fixupnet_cuda_error.restype = ctypes.c_char_p

    def check(status):
        if status:
            raise SystemExit(library.fixupnet_cuda_error().decode())

    print(f"{torch.cuda.get_device_name()}, batch {args.batch}")
    print("kernel                              us   memory  arithmetic")

    def report(name, call, bytes_moved, operations):
        time = microseconds(call)
        print(f"{name:32} {time:6.2f}   {bytes_moved / time / args.card_gb_s / 10:5.1f} %     {operations / time / args.card_tflop_s / 10000:5.1f} %", flush=True)

    for channels, side in SHAPES:
        elements, operations = size_of(channels, side, args.batch)
        short = [torch.rand(elements, device="cuda").bfloat16() for _ in range(3)]
        stream = [torch.rand(elements, device="cuda") for _ in range(2)]
        weights = (torch.rand(9 * channels * channels, device="cuda") * 0.01).bfloat16()
        scalars = torch.zeros(4, device="cuda")
        sums = torch.zeros(2, 4096, device="cuda")
        for number, name in enumerate(PASSES):
            a = ConvolutionArguments(
                pointer(short[0]), pointer(weights), pointer(scalars), pointer(scalars), pointer(scalars), pointer(short[1]), pointer(stream[0]),
                pointer(stream[1]), pointer(short[2]), pointer(sums[0]), pointer(sums[1]), side, 1)
            call = lambda s: check(library.fixupnet_cuda_convolve(ctypes.c_void_p(s), number, channels, side, args.batch, ctypes.byref(a)))
            report(f"{channels}@{side} {name}", call, MOVED[name] * elements, operations)
        tiles = library.fixupnet_cuda_convolution_blocks(args.batch, side)
        for count in sorted({min(tiles, count) for count in (32, 64, 128, 256)}):
            parts = torch.zeros(count * 9 * channels * channels, device="cuda")
            a = WeightGradientArguments(pointer(short[0]), pointer(scalars), pointer(short[1]), pointer(parts), side, tiles)
            call = lambda s: check(library.fixupnet_cuda_weight_gradient(ctypes.c_void_p(s), channels, side, count, ctypes.byref(a)))
            report(f"{channels}@{side} weight gradient, {count} parts", call, MOVED_BY_WEIGHT_GRADIENT * elements, operations)
            gradient = torch.zeros(9 * channels * channels, device="cuda")
            e = GradientEnd(pointer(parts), None, None, pointer(gradient), None, count, channels, 0)
            call = lambda s: check(library.fixupnet_cuda_end_weight_gradient(ctypes.c_void_p(s), ctypes.byref(e)))
            report(f"{channels}@{side} end, {count} parts", call, 4 * parts.numel(), parts.numel())


if __name__ == "__main__":
    main()
