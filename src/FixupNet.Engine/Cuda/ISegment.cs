using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>Neighbouring stages of a network that are computed in the same way.</summary>
internal interface ISegment : IDisposable
{
    /// <summary>Bytes of the device that it holds beside what automatic differentiation keeps.</summary>
    long Bytes { get; }

    /// <summary>Once a step, before everything else.</summary>
    void BeginStep(nint stream);

    /// <summary>Makes what takes copies from the host, which a graph cannot record.</summary>
    void Prepare(int images, bool accumulate);

    /// <summary>Runs forward; what backward needs is kept until then.</summary>
    Tensor Forward(nint stream, Tensor input);

    /// <summary>Runs backward and adds to the gradients of its parameters, which are 0 at the step's beginning.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="gradient">Of the output.</param>
    /// <param name="accumulate">Whether an earlier part of the batch has left gradients.</param>
    /// <returns>The gradient of the input; null where nobody needs it.</returns>
    Tensor? Backward(nint stream, Tensor gradient, bool accumulate);
}
