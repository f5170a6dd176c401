using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Initialization.Schemes;

/// <summary>What GradInit looks at in one iteration; its tensors belong to the dispose scope at hand.</summary>
/// <remarks>A derivative by a factor α of θ = α θ⁰, at the factor as it is, times that factor: ⟨∂/∂θ, θ⟩.</remarks>
internal sealed class GradInitIteration
{
    private readonly InitializationContext _context;
    private readonly SchemeSample _sample;
    private readonly GradInitScheme _options;
    private readonly List<Parameter> _parameters;
    private readonly IList<Tensor> _gradients;
    private readonly Tensor _norm;

    /// <summary>Computes the gradient, ready to be differentiated.</summary>
    /// <param name="context">The network.</param>
    /// <param name="sample">Three parts: the first and second are the batch, the first and third the one after the step.</param>
    /// <param name="options">Which step.</param>
    internal GradInitIteration(InitializationContext context, SchemeSample sample, GradInitScheme options)
    {
        (_context, _sample, _options, _parameters) = (context, sample, options, [.. context.Topology.Parameters]);
        var loss = LossOf(0, 1);
        _gradients = SecondOrder.Gradients(loss, _parameters);
        _norm = options.Step == GradInitStep.Adam
            ? SecondOrder.Sum(_gradients.Select(gradient => gradient.abs().sum()))
            : SecondOrder.Sum(_gradients.Select(gradient => gradient.square().sum())).sqrt();
        (Loss, GradientNorm) = (loss.ToDouble(), _norm.ToDouble());
    }

    /// <summary>The loss of the batch.</summary>
    internal double Loss { get; }

    /// <summary>The norm of its gradient that belongs to the step.</summary>
    internal double GradientNorm { get; }

    /// <summary>The derivatives of that norm by every parameter's factor.</summary>
    internal double[] NormDerivatives() => Derivatives(autograd.grad([_norm], [.. _parameters], retain_graph: false));

    /// <summary>The loss after the step, over η, and its derivatives, the step being a constant.</summary>
    internal (double Objective, double[] Derivatives) AfterStep()
    {
        var steps = _gradients.Select(Step).ToList();
        Move(-1);
        var objective = LossOf(0, 2) / _options.StepSize;
        var gradients = autograd.grad([objective], [.. _parameters], retain_graph: false);
        Move(1);
        return (objective.ToDouble(), Derivatives(gradients));

        void Move(int sign)
        {
            using var noGradients = no_grad();
            foreach (var (parameter, step) in _parameters.Zip(steps)) parameter.add_(step, alpha: sign);
        }
    }

    private Tensor Step(Tensor gradient)
    {
        using var noGradients = no_grad();
        return _options.Step == GradInitStep.Adam ? gradient.sign() * _options.StepSize : gradient / _norm * _options.StepSize;
    }

    private Tensor LossOf(int first, int second)
    {
        var part = _sample.Labels.shape[0] / 3;
        Tensor Two(Tensor three) => cat([three.narrow(0, first * part, part), three.narrow(0, second * part, part)]);
        return _context.Loss(_context.Scores(Two(_sample.Images), batchStatistics: true), Two(_sample.Labels));
    }

    private double[] Derivatives(IList<Tensor> gradients) => SecondOrder.Products(gradients, _parameters);
}
