#if LIBTORCH_PROVIDER
using FixupNet.Diagnostics;
using FixupNet.Engine.Cuda;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Training;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>The training step of image classification that is one CUDA graph; its results are read some steps later.</summary>
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
    public IPendingStep Start(Batch batch, double learningRateFactor)
    {
        var images = (ImageBatch)batch;
        return new Pending(this, engine.Start(images.Images, images.Labels, images.Mix?.PartnerLabels, images.Mix?.Lambda ?? 1, learningRateFactor, images.DropSeed), images);
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(ITask task, int? maxExamples = null, CancellationToken cancellation = default)
    {
        network.eval();
        try
        {
            return task.Evaluate(network, engine.Evaluate, maxExamples, cancellation);
        }
        finally
        {
            network.train();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();

    private StepResult Read(long number, ImageBatch batch)
    {
        var result = engine.Read(number);
        var reading = norms.Of(parameter => result.Squares[_places[parameter]]);
        var failure = _failures.Find(result.Loss, reading, batch);
        if (!result.ParametersFinite) failure ??= _failures.InParameters();
        return new StepResult(
            result.Loss, ImageClassification.Measured(result.Correct, batch.Count), batch.Count, reading, failure, result.Updated, result.Updated ? result.Transformed : null);
    }

    // The images are kept until it is known that nothing in them has to be looked for.
    private sealed class Pending(CudaGraphStep step, long number, ImageBatch batch) : IPendingStep
    {
        private readonly ImageBatch _batch = new(batch.Images.alias().DetachFromDisposeScope(), batch.Labels.alias().DetachFromDisposeScope());

        public StepResult Read()
        {
            using var images = _batch.Images;
            using var labels = _batch.Labels;
            return step.Read(number, _batch);
        }
    }
}
#endif
