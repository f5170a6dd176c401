using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;
using TorchSharp;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "example-order" study.</summary>
/// <param name="Orders">Orders of the training examples.</param>
/// <param name="Initializations">Initializations; each is trained with each order.</param>
/// <param name="Segments">Parts of the training, of which one at a time is given another order; 0 for none.</param>
/// <param name="Draws">Orders of each part.</param>
/// <param name="Images">Test images whose class probabilities are compared, the first ones.</param>
/// <param name="Epochs">Passes over the training set; null for the trial's.</param>
public sealed record ExampleOrderOptions(
    [property: Description("Orders of the training examples."), Range(2, 100)] int Orders = 3,
    [property: Description("Initializations, each trained with each order."), Range(2, 100)] int Initializations = 3,
    [property: Description("Parts of the training, of which one at a time is given another order; 0: none."), Range(0, 100)] int Segments = 4,
    [property: Description("Orders of each part."), Range(2, 100)] int Draws = 3,
    [property: Description("Test images whose class probabilities are compared."), Range(1, 1_000_000)] int Images = 1000,
    [property: Description("Passes over the training set; null: the trial's."), Range(1, 1_000_000)] int? Epochs = null);

/// <summary>How much of what a network becomes is the order of its examples, how much its initialization, and when order matters most.</summary>
/// <remarks>
/// Order × initialization is a two-way layout without replication, decomposed for each test image and class. The parts follow Erhan et al.
/// (2010, §6.3), with steps reordered instead of examples drawn anew, for a finite training set.
/// </remarks>
internal static class ExampleOrderStudy
{
    internal static StudyFindings Run(StudyTrial trial, ExampleOrderOptions options)
    {
        var (count, diverged) = (Math.Min(options.Images, trial.Images.TestCount), 0);
        var accuracies = new List<double>();
        var grid = new double[options.Orders, options.Initializations][];
        for (var order = 0; order < options.Orders; order++)
        for (var start = 0; start < options.Initializations; start++)
        {
            var seeds = trial.Seeds.With("data-order", trial.Seeds.SeedOf("study-order", order)).With("initialization", trial.Seeds.SeedOf("study-initialization", start));
            grid[order, start] = Outputs($"order-{order}-initialization-{start}", new TrainingVariation { Seeds = seeds, Epochs = options.Epochs }, accuracies);
        }
        var parts = TwoWayVariance.Of(grid);
        var total = Math.Max(parts.Total, double.Epsilon);
        var curves = options.Segments > 0 ? (IReadOnlyList<StudyCurve>)[Segments()] : [];
        return new StudyFindings(
            [
                new("variance of probabilities", parts.Total),
                new("part of the order", parts.Rows / total, Metric.Share),
                new("part of the initialization", parts.Columns / total, Metric.Share),
                new("part of both together", parts.Residual / total, Metric.Share),
                new("disagreement, other order", Disagreement(grid, rows: true, columns: false), Metric.Share),
                new("disagreement, other initialization", Disagreement(grid, rows: false, columns: true), Metric.Share),
                new("disagreement, both", Disagreement(grid, rows: true, columns: true), Metric.Share),
                new("test accuracy", accuracies.Average(), Metric.Share, StudyNumbers.StandardError(accuracies)),
                new("trainings that diverged", diverged),
            ],
            curves);

        StudyCurve Segments()
        {
            double[] variances = [.. Enumerable.Range(0, options.Segments).Select(segment =>
            {
                var draws = Enumerable.Range(0, options.Draws).Select(draw => Outputs($"segment-{segment}-order-{draw}", new TrainingVariation
                {
                    Epochs = options.Epochs,
                    Task = task => new ReorderedTask(task, trial.Seeds, options.Epochs ?? trial.Trainings.Epochs, (segment, options.Segments), draw),
                }, [])).ToList();
                return TwoWayVariance.Mean(draws);
            })];
            return new("variance of probabilities against the part that is reordered", "share of training before the part", "variance",
                [.. Enumerable.Range(0, options.Segments).Select(segment => segment / (double)options.Segments)], variances);
        }

        double[] Outputs(string name, TrainingVariation variation, List<double> measured)
        {
            using var training = trial.Trainings.Train(name, variation);
            if (training.Diverged) diverged++;
            measured.Add(training.TestAccuracy);
            using var probabilities = StudyAccuracy.Probabilities(training.Network, training.Images, count);
            return probabilities.data<double>().ToArray();
        }

        // Of all pairs of networks that differ so and no otherwise, the share of images they give other classes.
        double Disagreement(double[,][] cells, bool rows, bool columns)
        {
            var networks = (from row in Enumerable.Range(0, options.Orders) from column in Enumerable.Range(0, options.Initializations) select (row, column, Classes: Classes(cells[row, column], count))).ToList();
            return (from left in networks from right in networks
                where (left.row != right.row) == rows && (left.column != right.column) == columns
                select left.Classes.Zip(right.Classes).Count(pair => pair.First != pair.Second) / (double)count).Average();
        }
    }

    private static int[] Classes(double[] probabilities, int images) =>
        [.. probabilities.Chunk(probabilities.Length / images).Select(image => Array.IndexOf(image, image.Max()))];

    /// <summary>A task whose batches within a part of the training come in another order.</summary>
    /// <param name="inner">The task.</param>
    /// <param name="seeds">Random streams of the run.</param>
    /// <param name="epochs">Passes over the training set.</param>
    /// <param name="part">Which of so many equal parts.</param>
    /// <param name="draw">Which order.</param>
    internal sealed class ReorderedTask(ITask inner, SeedPlan seeds, int epochs, (int Index, int Count) part, int draw) : VariedTask(inner)
    {
        /// <inheritdoc/>
        public override Batch Training(int epoch, int index)
        {
            var (steps, before) = ((long)epochs * BatchesPerEpoch, (long)epoch * BatchesPerEpoch);
            // The part's steps of this epoch.
            var from = (int)Math.Clamp(steps * part.Index / part.Count - before, 0, BatchesPerEpoch);
            var to = (int)Math.Clamp(steps * (part.Index + 1) / part.Count - before, 0, BatchesPerEpoch);
            if (index < from || index >= to) return base.Training(epoch, index);
            var order = Permutation.Of(to - from, seeds.Stream("study-segment", epoch, draw));
            return base.Training(epoch, from + order[index - from]);
        }
    }
}
