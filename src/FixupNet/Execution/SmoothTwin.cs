using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>A network with a softplus in place of every ReLU: nearly the same function of the same weights, whose second derivatives by the input are not 0.</summary>
/// <remarks>As arXiv:1710.10547 uses it to find where gradients change; log(1 + exp(βx))/β comes closer to a ReLU the larger β is.</remarks>
public static class SmoothTwin
{
    /// <summary>Computes class scores as the twin does.</summary>
    /// <param name="network">The network, which is not changed and stays the caller's.</param>
    /// <param name="sharpness">β, above 0.</param>
    /// <returns>Class scores [N,K] of images [N,C,H,W].</returns>
    /// <exception cref="NotSupportedException">A part of the network is not described by steps.</exception>
    public static Func<Tensor, Tensor> Of(ResidualNetwork network, double sharpness)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sharpness);
        var topology = network.Topology;
        if (topology.HeadSteps.Count == 0 || topology.Branches.Any(branch => branch.Steps.Count == 0))
            throw new NotSupportedException($"{network.GetName()} is not described by steps, so its ReLUs cannot be replaced.");
        IReadOnlyList<Step> Smooth(IReadOnlyList<Step> steps) => [.. steps.Select(step => step is ReluStep { Gain: var gain } ? new SoftplusStep(sharpness, gain) : step)];
        var (stem, head) = (Smooth(topology.StemSteps), Smooth(topology.HeadSteps));
        List<ResidualBranch> branches = [.. topology.Branches.Select(branch =>
            branch with { Steps = Smooth(branch.Steps), ShortcutSteps = Smooth(branch.ShortcutSteps), AfterSum = Smooth(branch.AfterSum) })];
        return images =>
        {
            using var scope = NewDisposeScope();
            var features = branches.Aggregate(StepRunner.Run(stem, new StepRunner.Signal(images, IsFree: false)).Value, (input, branch) => StepRunner.Run(branch, input));
            return StepRunner.Run(head, new StepRunner.Signal(features, IsFree: false)).Value.MoveToOuterDisposeScope();
        };
    }

    private sealed record SoftplusStep(double Sharpness, double Gain) : OpaqueStep
    {
        public override IReadOnlyList<WeightLayer> Layers => [];

        public override long KeptBeside(long channels, long positions) => 3 * channels * positions;

        // Of the pair (0, z) the softmax is (1 − σ(z), σ(z)), and −log(1 − σ(z)) is the softplus without ever overflowing.
        public override Tensor Run(Tensor input)
        {
            using var scope = NewDisposeScope();
            var scaled = input * Sharpness;
            return (stack([zeros_like(scaled), scaled], 0).log_softmax(0).select(0, 0) * (-Gain / Sharpness)).MoveToOuterDisposeScope();
        }

        protected override OpaqueStep WithParameters(Func<TorchSharp.Modules.Parameter, TorchSharp.Modules.Parameter> current) => this;
    }
}
