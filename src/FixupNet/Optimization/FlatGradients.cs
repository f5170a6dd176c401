using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>Keeps the gradients of many parameters in one contiguous tensor, into which backward passes add.</summary>
/// <remarks>
/// Each parameter's grad is set to a view of the tensor; libtorch adds to a gradient that exists in place. zero_grad() of the module would
/// drop the views: use <see cref="Zero"/>. Moving the module makes new parameters and new gradients: make this object afterwards.
/// </remarks>
public sealed class FlatGradients : IDisposable
{
    private readonly FlatTensor _flat;
    private readonly Dictionary<object, int> _indices = new(ReferenceEqualityComparer.Instance);

    /// <summary>Attaches gradients, all 0, to the parameters.</summary>
    /// <param name="parameters">At least one, each once, all of one dtype and device.</param>
    /// <exception cref="ArgumentException">There are none, one is listed twice, or dtypes or devices differ.</exception>
    public FlatGradients(IReadOnlyList<Parameter> parameters)
    {
        Parameters = parameters;
        _flat = new FlatTensor(parameters);
        for (var i = 0; i < parameters.Count; i++)
            if (!_indices.TryAdd(parameters[i], i)) throw new ArgumentException($"Parameter {i} is listed twice.", nameof(parameters));
        Attach();
    }

    /// <summary>The parameters, in the order of their gradients.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>All gradients [total], with gaps of 0 between them for alignment.</summary>
    public Tensor Whole => _flat.Whole;

    /// <summary>One parameter's gradient, a view that lives as long as this object.</summary>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    /// <returns>The gradient, in the parameter's shape.</returns>
    public Tensor Of(Parameter parameter) => _flat.Slots[_indices[parameter]];

    /// <summary>One parameter's gradient in memory; on the CPU only.</summary>
    /// <typeparam name="T">float or double, as the parameter's dtype is.</typeparam>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    public Span<T> Span<T>(Parameter parameter) where T : unmanaged => MemoryMarshal.Cast<byte, T>(Of(parameter).bytes);

    /// <summary>L2 norm over all gradients, summed in float64.</summary>
    public double Norm()
    {
        using var squares = SquareSum();
        return Math.Sqrt(squares.ToDouble());
    }

    /// <summary>Σg² over all gradients, summed in float64.</summary>
    /// <returns>Float64 [], on the gradients' device; no value of it has been waited for.</returns>
    public Tensor SquareSum()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var squares = zeros([], ScalarType.Float64, Whole.device);
        foreach (var piece in Pieces())
        {
            using var pieceScope = NewDisposeScope();
            squares.add_(piece.to(ScalarType.Float64).square().sum());
        }
        return squares.MoveToOuterDisposeScope();
    }

    /// <summary>The whole in pieces, views that are disposed as the next is asked for.</summary>
    internal IEnumerable<Tensor> Pieces()
    {
        foreach (var (start, length) in FlatTensor.Pieces(0, Whole.numel()))
        {
            using var piece = Whole.narrow(0, start, length);
            yield return piece;
        }
    }

    /// <summary>Sets every gradient to 0, and attaches again those that were dropped.</summary>
    public void Zero()
    {
        using var noGradients = no_grad();
        if (!IsAttached(0)) Attach();
        _flat.Whole.fill_(0);
    }

    /// <summary>Requires that backward passes still write here.</summary>
    /// <exception cref="InvalidOperationException">A gradient was dropped or replaced.</exception>
    internal void RequireAttached()
    {
        if (!IsAttached(0) || !IsAttached(Parameters.Count - 1))
            throw new InvalidOperationException("A parameter's gradient was dropped or replaced: use ZeroGradients, not the module's zero_grad.");
    }

    /// <summary>Detaches the gradients from the parameters and frees them.</summary>
    public void Dispose()
    {
        foreach (var parameter in Parameters)
            if (!parameter.IsInvalid) parameter.grad = null;
        _flat.Dispose();
    }

    private void Attach()
    {
        for (var i = 0; i < Parameters.Count; i++) Parameters[i].grad = _flat.Slots[i];
    }

    // Whether two wrappers share memory can be seen on the CPU only; elsewhere a missing gradient is all that can be noticed.
    private bool IsAttached(int index)
    {
        using var gradient = Parameters[index].grad;
        if (gradient is null) return false;
        if (gradient.device_type != DeviceType.CPU) return true;
        return gradient.is_contiguous() && gradient.bytes.Overlaps(_flat.Slots[index].bytes);
    }
}
