using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>One step of a network's description: a closed set, so that whoever reads a description can know all of it.</summary>
public abstract record Step
{
    private protected Step() { }

    /// <summary>The weight layer, if the step is one.</summary>
    public virtual WeightLayer? Layer => null;

    /// <summary>The weight layers in it, in forward order.</summary>
    public virtual IReadOnlyList<WeightLayer> Layers => Layer is { } layer ? [layer] : [];

    /// <summary>The step's parameters under their state-dict names, in the order of their registration.</summary>
    public virtual IEnumerable<(string Name, Parameter Parameter)> Parameters => [];

    /// <summary>Whether backward needs what the step took.</summary>
    public virtual bool KeepsInput => false;

    /// <summary>Whether backward needs what the step gives.</summary>
    public virtual bool KeepsOutput => false;

    /// <summary>Whether the step can write over what it took, where nobody else needs that.</summary>
    public virtual bool CanOverwrite => false;

    /// <summary>The same step with the parameters that took the place of its own.</summary>
    internal virtual Step With(Func<Parameter, Parameter> current) => this;
}

/// <summary>A square convolution with padding k/2; where the layer has a gain, its weight is standardized before use.</summary>
/// <param name="Conv">Weight [out,in,k,k].</param>
/// <param name="Stride">At least 1.</param>
public sealed record ConvolveStep(WeightLayer Conv, int Stride = 1) : Step
{
    /// <inheritdoc/>
    public override WeightLayer Layer => Conv;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => Conv.Parameters;

    /// <inheritdoc/>
    public override bool KeepsInput => true;

    /// <summary>k.</summary>
    public int Kernel => (int)Conv.Weight.shape[2];

    /// <inheritdoc/>
    public override string ToString() => $"{Conv.Name}, a {Kernel}×{Kernel} convolution of stride {Stride}{(Conv.Bias is null ? "" : " with a bias")}{(Conv.Gain is null ? "" : " with a standardized weight")}";

    internal override Step With(Func<Parameter, Parameter> current) => this with { Conv = Conv.With(current) };
}

/// <summary>A linear layer.</summary>
/// <param name="Linear">Weight [out,in].</param>
public sealed record LinearStep(WeightLayer Linear) : Step
{
    /// <inheritdoc/>
    public override WeightLayer Layer => Linear;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => Linear.Parameters;

    /// <inheritdoc/>
    public override bool KeepsInput => true;

    /// <inheritdoc/>
    public override string ToString() => $"{Linear.Name}, a linear layer";

    internal override Step With(Func<Parameter, Parameter> current) => this with { Linear = Linear.With(current) };
}

/// <summary>Adds one learned number to every element.</summary>
/// <param name="Name">State-dict path.</param>
/// <param name="Bias">The number [1].</param>
/// <param name="Subtracts">Whether it is subtracted, as Transformers with Fixup were published.</param>
public sealed record ShiftStep(string Name, Parameter Bias, bool Subtracts = false) : Step
{
    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => [(Name, Bias)];

    /// <inheritdoc/>
    public override bool CanOverwrite => true;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, a scalar bias";

    internal override Step With(Func<Parameter, Parameter> current) => this with { Bias = current(Bias) };
}

/// <summary>Multiplies by one learned number.</summary>
/// <param name="Name">State-dict path.</param>
/// <param name="Factor">The number [1].</param>
/// <param name="Start">Its first value: 1 in Fixup, 0 in ReZero and SkipInit.</param>
public sealed record MultiplyStep(string Name, Parameter Factor, double Start) : Step
{
    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => [(Name, Factor)];

    /// <inheritdoc/>
    public override bool KeepsInput => true;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, a learned multiplier";

    internal override Step With(Func<Parameter, Parameter> current) => this with { Factor = current(Factor) };
}

/// <summary>Multiplies by a constant.</summary>
/// <param name="Factor">The constant.</param>
public sealed record ScaleStep(double Factor) : Step
{
    /// <inheritdoc/>
    public override bool CanOverwrite => true;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"a constant multiplier of {Factor:G6}");
}

/// <summary>Normalizes, then multiplies and shifts each channel; of sequences [N,T,C] over the channels of a position.</summary>
/// <param name="Norm">Gain, shift and scope.</param>
/// <param name="GroupCount">Groups of channels where the scope is a group; else 1.</param>
/// <param name="Running">The module with the running statistics where the scope is the batch; else null.</param>
public sealed record NormalizeStep(NormLayer Norm, int GroupCount = 1, BatchNorm2d? Running = null) : Step
{
    /// <inheritdoc/>
    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => [($"{Norm.Name}.weight", Norm.Weight), ($"{Norm.Name}.bias", Norm.Bias)];

    /// <inheritdoc/>
    public override bool KeepsInput => true;

    /// <inheritdoc/>
    public override string ToString() => $"{Norm.Name}, a normalization over the {Norm.Scope.ToString().ToLowerInvariant()}";

    internal override Step With(Func<Parameter, Parameter> current) =>
        this with { Norm = Norm with { Weight = current(Norm.Weight), Bias = current(Norm.Bias) } };
}

/// <summary>ReLU times a constant.</summary>
/// <param name="Gain">The constant; 1 for ReLU itself.</param>
public sealed record ReluStep(double Gain = 1) : Step
{
    /// <inheritdoc/>
    public override bool KeepsOutput => Gain == 1;

    /// <inheritdoc/>
    public override bool CanOverwrite => true;

    /// <inheritdoc/>
    public override string ToString() => Gain == 1 ? "a ReLU" : FormattableString.Invariant($"a ReLU times {Gain:G6}");
}

/// <summary>In training, sets random parts to 0 and divides the rest by the probability of being kept.</summary>
/// <param name="Name">What is random about it: its stream's name, such as "layer1.0.dropout".</param>
/// <param name="Rate">The probability of 0, in [0, 1).</param>
/// <param name="Of">What is set to 0 as one.</param>
/// <param name="Draws">Tells what to draw from; nothing is set to 0 while it is silent.</param>
public sealed record DropStep(string Name, double Rate, DroppedPart Of, DropDraws Draws) : Step
{
    /// <inheritdoc/>
    public override bool KeepsOutput => true;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name}, dropout of {(Of == DroppedPart.Elements ? "elements" : "whole branches")} with probability {Rate:G4}");
}

/// <summary>The mean of each channel over the image.</summary>
public sealed record PoolStep : Step
{
    /// <inheritdoc/>
    public override string ToString() => "global average pooling";
}

/// <summary>The largest of each channel's kernel × kernel neighbours, with padding k/2.</summary>
/// <param name="Kernel">k, odd.</param>
/// <param name="Stride">At least 1.</param>
public sealed record MaxPoolStep(int Kernel, int Stride) : Step
{
    /// <summary>What libtorch keeps of an output element's place, in elements of four bytes: 64 bits.</summary>
    internal const int IndexElements = 2;

    /// <inheritdoc/>
    public override bool KeepsInput => true;

    /// <inheritdoc/>
    public override string ToString() => $"{Kernel}×{Kernel} max pooling of stride {Stride}";
}

/// <summary>Every stride-th pixel.</summary>
/// <param name="Stride">At least 1.</param>
public sealed record SubsampleStep(int Stride) : Step
{
    /// <inheritdoc/>
    public override string ToString() => $"sub-sampling by {Stride}";
}

/// <summary>Zero channels after the real ones.</summary>
/// <param name="Channels">How many.</param>
public sealed record PadStep(int Channels) : Step
{
    /// <inheritdoc/>
    public override string ToString() => $"{Channels} zero channels";
}
