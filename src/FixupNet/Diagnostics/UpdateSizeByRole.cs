using FixupNet.Residual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Diagnostics;

/// <summary>How far a step's change of each kind of parameter, by itself, moves the network's function.</summary>
public static class UpdateSizeByRole
{
    /// <summary>Takes a step and measures its parts.</summary>
    /// <param name="network">The network, in the mode it is in; afterwards it stands where the step left it.</param>
    /// <param name="images">The inputs x [N,C,H,W] at which to look.</param>
    /// <param name="learningRate">η of the step, above 0.</param>
    /// <param name="step">Takes the step.</param>
    /// <returns>‖Δf(x)‖/η of the whole step, and of the changes of each role's parameters alone, in the order of <see cref="ParameterRole"/>.</returns>
    public static (double Whole, IReadOnlyList<(ParameterRole Role, double Size)> Parts) Measure(
        IResidualNetwork network, Tensor images, double learningRate, Action step)
    {
        var topology = network.Topology;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var parts = topology.Parameters.GroupBy(parameter => topology.RoleOf(parameter)!.Value).OrderBy(part => part.Key).Select(part => new Part(part.Key, [.. part])).ToList();
        var before = network.forward(images, null);
        using (enable_grad()) step();
        var after = network.forward(images, null);
        foreach (var part in parts) part.Undo();
        var sizes = new List<(ParameterRole, double)>();
        foreach (var part in parts)
        {
            part.Redo();
            sizes.Add((part.Role, UpdateSize.Of(before, network.forward(images, null), learningRate)));
            part.Undo();
        }
        foreach (var part in parts) part.Redo();
        return (UpdateSize.Of(before, after, learningRate), sizes);
    }

    // Whole values and not differences: undone and done again, every bit is back.
    private sealed class Part(ParameterRole role, IReadOnlyList<Parameter> parameters)
    {
        private readonly List<Tensor> _before = [.. parameters.Select(parameter => parameter.detach().clone())];
        private List<Tensor>? _after;

        public ParameterRole Role => role;

        public void Undo()
        {
            _after ??= [.. parameters.Select(parameter => parameter.detach().clone())];
            Set(_before);
        }

        public void Redo() => Set(_after!);

        private void Set(IReadOnlyList<Tensor> values)
        {
            for (var i = 0; i < values.Count; i++) parameters[i].copy_(values[i]);
        }
    }
}
