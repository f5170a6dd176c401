using FixupNet.Execution;
using FixupNet.Experiments.Trials;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Reliability.Tests.NonFinite;

/// <summary>What becomes not finite.</summary>
internal enum PoisonedKind
{
    /// <summary>A weight or a scalar of the network, before the step.</summary>
    Parameter,

    /// <summary>A pixel of the batch.</summary>
    Pixel,

    /// <summary>What the optimizer remembers of a parameter: the update spoils the parameter.</summary>
    Momentum,

    /// <summary>The gradient of a parameter, between the passes and the update.</summary>
    Gradient,
}

/// <summary>One number that is made not finite at one step.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Kind">What kind of number.</param>
/// <param name="Value">NaN, or one of both infinities.</param>
/// <param name="Random">Picks the parameter and the element.</param>
internal sealed record Poison(int Step, PoisonedKind Kind, double Value, Random Random)
{
    /// <summary>The parameter it is about; null for a pixel.</summary>
    internal string? Parameter { get; private set; }

    /// <summary>Spoils what is there before a step.</summary>
    internal void Apply(TrialAssembly trial, Tensor images)
    {
        if (Kind == PoisonedKind.Pixel)
        {
            Set(images);
            return;
        }
        var parameters = trial.Network.named_parameters().ToList();
        var (name, parameter) = parameters[Random.Next(parameters.Count)];
        Parameter = name;
        if (Kind == PoisonedKind.Parameter) Set(parameter);
        else if (Kind == PoisonedKind.Momentum) Set(trial.Optimizer.State.Single(item => item.Name == "momentum." + name).State);
    }

    /// <summary>Spoils a gradient that the passes then add to.</summary>
    internal void ApplyToGradient(TrialAssembly trial)
    {
        if (Kind == PoisonedKind.Gradient) Set(trial.Optimizer.Gradients.Of(trial.Network.named_parameters().Single(item => item.name == Parameter).parameter));
    }

    /// <summary>Whether a layer is where this must be noticed first.</summary>
    /// <param name="layer">What the outcome names.</param>
    /// <param name="trial">What was trained.</param>
    internal bool IsFirstSeenIn(string? layer, TrialAssembly trial) => Kind switch
    {
        // Every image goes through the first layer first; where its output is 0 for want of anything above 0, the gradient tells.
        PoisonedKind.Pixel => layer is "stem" or "conv1",
        // The optimizer's memory reaches the parameter.
        PoisonedKind.Momentum => layer == Parameter,
        // Gradients of all but weights count together.
        PoisonedKind.Gradient => layer == (trial.Norms.Names.Contains(LayerOf(Parameter!)) ? LayerOf(Parameter!) : "scalars"),
        // The parameter itself, or the block that computes with it.
        _ => layer == Parameter || layer == BlockOf(Parameter!, trial.Network),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Value} in {Kind} {Parameter} at step {Step}";

    private static string LayerOf(string parameter) => parameter.EndsWith(".weight", StringComparison.Ordinal) ? parameter[..^".weight".Length] : parameter;

    private static string BlockOf(string parameter, ResidualNetwork network) =>
        network.Stages.Select(stage => stage.Name).FirstOrDefault(name => parameter.StartsWith(name + ".", StringComparison.Ordinal))
        ?? (parameter.StartsWith("fc.", StringComparison.Ordinal) || parameter == "bias2" ? "classifier" : "stem");

    private void Set(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        values.view(-1).narrow(0, Random.Next((int)values.numel()), 1).fill_(Value);
    }
}
