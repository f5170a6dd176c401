#if LIBTORCH_PROVIDER
using FixupNet.Diagnostics;
using FixupNet.Engine.Cuda;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>The training step that is one CUDA graph; its results are read some steps later.</summary>
/// <param name="engine">Computes the steps; disposed with this object.</param>
/// <param name="network">The network.</param>
/// <param name="optimizer">Updates the network's parameters.</param>
/// <param name="norms">Which gradients are reported.</param>
internal sealed class CudaGraphStep(CudaEngine engine, ResidualNetwork network, IOptimizer optimizer, GradientNorms norms) : ITrainingStep, IDisposable
{
    private readonly FailureSearch _failures = new(network, norms);
    private readonly Dictionary<object, int> _places = optimizer.Gradients.Parameters
        .Select((parameter, place) => (parameter, place)).ToDictionary(item => (object)item.parameter, item => item.place, ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    public int StepsInFlight => CudaEngine.StepsInFlight;

    /// <inheritdoc/>
    public StepResult Run(Batch batch, double learningRateFactor) => Start(batch, learningRateFactor).Read();

    /// <inheritdoc/>
    public IPendingStep Start(Batch batch, double learningRateFactor) =>
        new Pending(this, engine.Start(batch.Images, batch.Labels, batch.Mix?.PartnerLabels, batch.Mix?.Lambda ?? 1, learningRateFactor), batch);

    /// <inheritdoc/>
    public Evaluation Evaluate(BatchPipeline batches, int? maxImages = null, CancellationToken cancellation = default)
    {
        network.eval();
        try
        {
            return Evaluator.Run(engine.Evaluate, batches, maxImages, cancellation);
        }
        finally
        {
            network.train();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();

    private StepResult Read(long number, Batch batch)
    {
        var result = engine.Read(number);
        var reading = norms.Of(parameter => result.Squares[_places[parameter]]);
        var failure = _failures.Find(result.Loss, reading, batch);
        if (!result.ParametersFinite) failure ??= _failures.InParameters();
        return new StepResult(result.Loss, result.Correct, batch.Count, reading, failure, result.Updated, result.Updated ? result.Transformed : null);
    }

    // The images are kept until it is known that nothing in them has to be looked for.
    private sealed class Pending(CudaGraphStep step, long number, Batch batch) : IPendingStep
    {
        private readonly Batch _batch = new(batch.Images.alias().DetachFromDisposeScope(), batch.Labels.alias().DetachFromDisposeScope());

        public StepResult Read()
        {
            using var images = _batch.Images;
            using var labels = _batch.Labels;
            return step.Read(number, _batch);
        }
    }
}
#endif
