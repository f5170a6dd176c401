using System.Runtime.InteropServices;

namespace FixupNet.Engine.Interop;

// The structures of native/engine.h, field for field.

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeParameter
{
    internal float* Values;
    internal float* Gradient;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeConvolution
{
    internal int InChannels, OutChannels, Kernel, Stride;
    internal NativeParameter Weights;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeBlock
{
    internal NativeConvolution First, Second, Shortcut;
    internal NativeParameter Bias1A, Bias1B, Bias2A, Bias2B, Scale;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeNetwork
{
    internal int Channels, Height, Width, ClassCount, BlockCount;
    internal NativeConvolution Stem;
    internal NativeParameter Bias1, Bias2, ClassifierWeights, ClassifierBias;
    internal NativeBlock* Blocks;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeChoice
{
    internal int InChannels, OutChannels, Height, Width, Direction, Algorithm;
    internal double Seconds;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeOptions
{
    internal int Workers, ImagesAtOnce, Precision, GradientSums, RecomputedBlocks, SegmentLength;
    internal NativeChoice* Choices;
    internal int ChoiceCount;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeStepResult
{
    internal double Loss, Correct, PartnerCorrect, ForwardSeconds, BackwardSeconds, FinishSeconds;
}
