using System.Runtime.InteropServices;

namespace FixupNet.Engine.Cuda.Interop;

/// <summary>What a convolution does besides: enum Pass in native/cuda/convolution.h.</summary>
internal enum ConvolutionPass
{
    First,
    Second,
    SecondBackward,
    FirstBackward,
}

/// <summary>struct ConvolutionArguments.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConvolutionArguments
{
    internal nint Input;
    internal nint Weights;
    internal nint InputBias;
    internal nint OutputBias;
    internal nint Scale;
    internal nint Kept;
    internal nint StreamIn;
    internal nint StreamOut;
    internal nint Output;
    internal nint FirstSums;
    internal nint SecondSums;
    internal int Height;
    internal int Overlaps;
}

/// <summary>struct WeightGradientArguments.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WeightGradientArguments
{
    internal nint Input;
    internal nint InputBias;
    internal nint Gradient;
    internal nint Parts;
    internal int Height;
    internal int TileCount;
}

/// <summary>struct GradientEnd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GradientEnd
{
    internal nint Parts;
    internal nint Weights;
    internal nint Scale;
    internal nint Gradient;
    internal nint ScaleSums;
    internal int PartCount;
    internal int Channels;
    internal int Accumulate;
}

/// <summary>struct PackedLayer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PackedLayer
{
    internal nint Weights;
    internal nint Forward;
    internal nint Backward;
    internal int Channels;
    internal int Padding;
}

/// <summary>struct ScalarEnd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ScalarEnd
{
    internal nint Parts;
    internal nint Gradient;
    internal int PartCount;
    internal int Accumulate;
}

/// <summary>struct NormPiece.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NormPiece
{
    internal long Start;
    internal int Length;
    internal int Padding;
}

/// <summary>struct StopRule.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StopRule
{
    internal double LossAbove;
    internal int AtNonFinite;
    internal int Stopped;
}

/// <summary>struct SgdArguments.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SgdArguments
{
    internal double Momentum;
    internal double WeightDecay;
    internal long FirstEnd;
    internal long SecondEnd;
    internal long ThirdEnd;
    internal long Count;
    internal int Nesterov;
}
