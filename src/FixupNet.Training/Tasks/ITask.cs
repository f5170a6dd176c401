using FixupNet.Initialization;
using FixupNet.Runs.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>What a network learns in one run: where its batches come from, what the loss of its outputs is, and what is measured of it.</summary>
public interface ITask : IDisposable
{
    /// <summary>Name of the data, for the log.</summary>
    string DataName { get; }

    /// <summary>SHA-256 of the data as hexadecimal digits: a run is not continued on other data.</summary>
    string DataDigest { get; }

    /// <summary>What a reader of the log must know about the data; nothing by default.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>The shape of one example, for which the network is made.</summary>
    ImageShape Inputs { get; }

    /// <summary>K, the numbers that the network gives: a score for each class or symbol, or values.</summary>
    int OutputCount { get; }

    /// <summary>Examples in the training split.</summary>
    int TrainCount { get; }

    /// <summary>Examples in the test split.</summary>
    int TestCount { get; }

    /// <summary>Steps of an epoch, the same in every epoch.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>One training batch: a pure function of the run's seed, the epoch and the index, so that a run continues anywhere.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="index">Batch within the epoch, from 0.</param>
    Batch Training(int epoch, int index);

    /// <summary>How reading the examples has gone so far; null, the default, where all of them are in memory.</summary>
    ReadingReport? Reading => null;

    /// <summary>Training examples for an initialization that computes the network; null, the default, where there are none with classes.</summary>
    /// <param name="index">Which draw, from 0.</param>
    /// <param name="count">Examples of every draw, at least 1.</param>
    SchemeSample? Sample(int index, int count) => null;

    /// <summary>What is learned: the mean over <see cref="Batch.Weight"/>.</summary>
    /// <param name="outputs">The network's outputs of the batch.</param>
    /// <param name="batch">The batch, one of this task's.</param>
    /// <returns>The loss [].</returns>
    Tensor Loss(Tensor outputs, Batch batch);

    /// <summary>What is measured beside the loss in a training step: a total for each metric that batches have.</summary>
    /// <param name="outputs">The network's outputs of the batch.</param>
    /// <param name="batch">The batch, one of this task's.</param>
    IReadOnlyList<MetricTotal> Measure(Tensor outputs, Batch batch);

    /// <summary>Measures a network that is in evaluation mode on the test split, without gradients.</summary>
    /// <param name="network">The network.</param>
    /// <param name="forward">Computes its outputs, as the engine at work does.</param>
    /// <param name="maxExamples">Examples at most, the first ones; null for all.</param>
    /// <param name="cancellation">Gives up between two batches.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    Evaluation Evaluate(nn.Module<Tensor, Tensor> network, Func<Tensor, Tensor> forward, int? maxExamples, CancellationToken cancellation);

    /// <summary>Measures a network on the test split, in evaluation mode; it is in the mode it was in afterwards.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maxExamples">Examples at most, the first ones; null for all.</param>
    /// <param name="cancellation">Gives up between two batches.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    sealed Evaluation Evaluate(nn.Module<Tensor, Tensor> network, int? maxExamples = null, CancellationToken cancellation = default)
    {
        var wasTraining = network.training;
        network.eval();
        try
        {
            return Evaluate(network, network.call, maxExamples, cancellation);
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    /// <summary>Writes what a run must keep beside its weights, a vocabulary for instance, when it begins; nothing by default.</summary>
    /// <param name="folder">The run's folder.</param>
    void WriteFiles(string folder) { }
}
