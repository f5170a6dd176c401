using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "new-test-set" study.</summary>
/// <param name="File">Its images; null: drawn shapes from another seed, for networks that learned drawn shapes.</param>
/// <param name="Labels">Their labels, where the file does not hold them.</param>
/// <param name="Seed">The seed of drawn shapes.</param>
/// <param name="Images">Images of either set, the first ones.</param>
public sealed record NewTestSetOptions(
    [property: Description("Its images: a .npy [N,H,W,3] as CIFAR-10.1 has, or a .bin of CIFAR-10's records; absent for drawn shapes from another seed.")] string? File = null,
    [property: Description("Labels of a .npy; absent for the file named alike, \"labels\" in place of \"data\".")] string? Labels = null,
    [property: Description("Seed of drawn shapes."), Range(0.0, 9007199254740992.0)] long Seed = 1_000_001,
    [property: Description("Images of either set, the first ones."), Range(1, SyntheticShapesOptions.MaxExamples)] int Images = 10_000);

/// <summary>What accuracy a test set costs that nothing was ever chosen by (arXiv:1902.10811).</summary>
/// <remarks>Where the new set lacks classes of the old one, the old one's images of those are left out too, so that both hold the same classes.</remarks>
internal static class NewTestSetStudy
{
    private const string DrawnShapes = "synthetic-shapes";
    private const int ImagesAtOnce = 100;

    internal static StudyFindings Run(StudyTrial trial, NewTestSetOptions options)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var classCount = trial.Task.OutputCount;
        var (pixels, labels) = options.File is { } file ? SecondTestSet.Read(file, options.Labels, classCount) : Drawn(trial, options);
        var count = (int)Math.Min(options.Images, pixels.shape[0]);
        var shared = labels.Take(count).ToHashSet();
        var oldCount = Math.Min(options.Images, trial.Images.TestCount);
        // Scores of classes that the new set lacks, taken out for "among its classes".
        var absent = tensor(Enumerable.Range(0, classCount).Select(label => shared.Contains(label) ? 0 : float.NegativeInfinity).ToArray()).to(trial.Device);
        var (old, fresh) = (new Counts(), new Counts());
        for (var start = 0; start < oldCount; start += ImagesAtOnce)
        {
            using var inner = NewDisposeScope();
            var size = Math.Min(ImagesAtOnce, oldCount - start);
            Add(old, trial.Images.TestPixels(start, size), trial.Images.Test(start, size).Labels.to(CPU).data<long>().ToArray());
        }
        for (var start = 0; start < count; start += ImagesAtOnce)
        {
            using var inner = NewDisposeScope();
            var size = Math.Min(ImagesAtOnce, count - start);
            var images = pixels.narrow(0, start, size).to(trial.Device).to(trial.Network.parameters().First().dtype) / 255;
            Add(fresh, images, labels[start..(start + size)]);
        }
        if (old.Count == 0) throw new InvalidDataException($"None of the first {oldCount} test images of {trial.Images.Dataset.Name} is of a class of the new set; more are needed, by \"images\".");
        var gap = old.Share - fresh.Share;
        var error = Math.Sqrt(old.Variance + fresh.Variance);
        List<StudyValue> values =
        [
            .. Accuracy("accuracy on the test set", old), .. Accuracy("accuracy on the new test set", fresh),
            new("accuracy lost, in points", 100 * gap, StandardError: 100 * error), new("images of the test set", old.Count), new("images of the new test set", fresh.Count),
        ];
        if (shared.Count < classCount)
        {
            values.AddRange([new("classes of the new test set", shared.Count), new("accuracy on the test set among these classes", old.ShareAmong, Metric.Share),
                new("accuracy on the new test set among these classes", fresh.ShareAmong, Metric.Share)]);
        }
        return new StudyFindings(values, [new StudyCurve("new test set against test set", "accuracy on the test set (%)", "accuracy on the new test set", [100 * old.Share], [fresh.Share], Metric.Share)],
            [fresh.Confusion("predictions on the new test set", trial.Images.Dataset.ClassNames)]);

        void Add(Counts counts, Tensor images, long[] classes)
        {
            var scores = trial.Network.call(trial.Images.Normalize(images)).to(ScalarType.Float32);
            var (predicted, among) = (scores.argmax(1).to(CPU).data<long>().ToArray(), (scores + absent).argmax(1).to(CPU).data<long>().ToArray());
            foreach (var (i, label) in classes.Index())
                if (shared.Contains(label)) counts.Add((int)label, (int)predicted[i], among[i] == label);
        }
    }

    private static IEnumerable<StudyValue> Accuracy(string name, Counts counts) =>
        new StudyValue(name, counts.Share, Metric.Share, Math.Sqrt(counts.Variance)).WithInterval(counts.Right, counts.Count);

    private static SecondTestSet Drawn(StudyTrial trial, NewTestSetOptions options)
    {
        if (trial.Images.Dataset.Name != DrawnShapes)
        {
            throw new FileNotFoundException($"new-test-set needs the images of a second test set for {trial.Images.Dataset.Name}: file=NAME, "
                + "a .npy of images [N,H,W,3] with its labels, or a .bin of CIFAR-10's records.");
        }
        var drawn = ((ImageDataset)Datasets.All[DrawnShapes].Load(new SyntheticShapesOptions(1, options.Images, options.Seed))).Test;
        using var images = new ImageTensors(drawn, CPU);
        return new SecondTestSet(images.Pixels.alias(), images.Labels.data<long>().ToArray());
    }

    private sealed class Counts
    {
        private readonly Dictionary<(int Class, int Predicted), long> _predictions = [];
        private long _rightAmong;

        public long Count { get; private set; }

        public long Right { get; private set; }

        public double Share => Right / (double)Count;

        public double ShareAmong => _rightAmong / (double)Count;

        public double Variance => Share * (1 - Share) / Count;

        public void Add(int label, int predicted, bool isRightAmong)
        {
            Count++;
            if (predicted == label) Right++;
            if (isRightAmong) _rightAmong++;
            _predictions[(label, predicted)] = _predictions.GetValueOrDefault((label, predicted)) + 1;
        }

        public StudyMatrix Confusion(string name, IReadOnlyList<string> classNames)
        {
            int[] rows = [.. _predictions.Keys.Select(key => key.Class).Distinct().Order()], columns = [.. Enumerable.Range(0, classNames.Count)];
            return new StudyMatrix(name, "class", "predicted", [.. rows.Select(row => classNames[row])], classNames,
                [.. rows.Select(row => (IReadOnlyList<double>)[.. columns.Select(column => _predictions.GetValueOrDefault((row, column)) / (double)columns.Sum(other => _predictions.GetValueOrDefault((row, other))))])], Metric.Share);
        }
    }
}
