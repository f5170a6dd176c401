using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Residual;

/// <summary>A step that computes itself: attention, or a module of yours. Readers of a description see its layers and its size alone.</summary>
public abstract record OpaqueStep : Step
{
    /// <inheritdoc/>
    public abstract override IReadOnlyList<WeightLayer> Layers { get; }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => Layers.SelectMany(layer => layer.Parameters);

    /// <inheritdoc/>
    public override bool KeepsInput => true;

    /// <summary>Channels of its output for so many of its input; by default as many.</summary>
    /// <param name="channels">C of the input.</param>
    public virtual long ChannelsAfter(long channels) => channels;

    /// <summary>Elements that backward needs beside input and output, for one example.</summary>
    /// <param name="channels">C of the input.</param>
    /// <param name="positions">Pixels of an image or positions of a sequence.</param>
    public abstract long KeptBeside(long channels, long positions);

    /// <summary>Computes the step.</summary>
    /// <param name="input">Activations [N,…], which stay the caller's.</param>
    /// <returns>Fresh tensor that the next step may write over.</returns>
    public abstract Tensor Run(Tensor input);

    /// <summary>The same step with the parameters that took the place of its own.</summary>
    /// <param name="current">The parameter that took a parameter's place.</param>
    protected abstract OpaqueStep WithParameters(Func<Parameter, Parameter> current);

    internal sealed override Step With(Func<Parameter, Parameter> current) => WithParameters(current);
}
