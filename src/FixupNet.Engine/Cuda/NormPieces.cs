using FixupNet.Engine.Cuda.Interop;
using FixupNet.Optimization;
using TorchSharp;

namespace FixupNet.Engine.Cuda;

/// <summary>The gradients cut into pieces for their norms: long ones into several, so that every piece is a block of threads' work.</summary>
/// <param name="Table">The pieces, on the device.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The number of each parameter's first piece, and the count at the end, on the device.</param>
/// <param name="Squares">Room for a float64 sum a piece, on the device.</param>
internal readonly record struct NormPieces(nint Table, int Count, nint First, nint Squares)
{
    private const int PieceLength = 8192;

    internal static NormPieces Of(FlatGradients gradients, DeviceMemory memory)
    {
        var start = CudaRuntime.AddressOf(gradients.Whole);
        var size = gradients.Whole.element_size();
        var pieces = new List<NormPiece>();
        var first = new List<int>();
        foreach (var parameter in gradients.Parameters)
        {
            first.Add(pieces.Count);
            var offset = (CudaRuntime.AddressOf(gradients.Of(parameter)) - start) / size;
            for (long done = 0, left = parameter.numel(); left > 0; done += PieceLength, left -= PieceLength)
                pieces.Add(new NormPiece { Start = offset + done, Length = (int)Math.Min(PieceLength, left) });
        }
        first.Add(pieces.Count);
        return new NormPieces(memory.Copy<NormPiece>([.. pieces]), pieces.Count, memory.Copy<int>([.. first]), memory.Take(pieces.Count * sizeof(double)));
    }
}
