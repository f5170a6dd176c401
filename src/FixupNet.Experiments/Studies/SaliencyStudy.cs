using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Analysis;
using FixupNet.Execution;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "saliency" study. Lengths are in pixels, of which 1 is white and 0 black.</summary>
/// <param name="Epsilon">The most that an element of an image may change (L∞).</param>
/// <param name="StepSize">Length of a step.</param>
/// <param name="Steps">Steps of an attack.</param>
/// <param name="K">Places of a map that count as its greatest.</param>
/// <param name="Points">Points of integrated gradients; 0 leaves them out, which cost as many times as much.</param>
/// <param name="Sharpness">β of the softplus that stands in place of ReLUs where directions are computed.</param>
/// <param name="Images">Test images, the first ones.</param>
public sealed record SaliencyOptions(
    [property: Description("Most that an element of an image may change."), Range(0.0, 1.0)] double Epsilon = 8 / 255.0,
    [property: Description("Length of a step."), Range(0.0, 1.0)] double StepSize = 1 / 255.0,
    [property: Description("Steps of an attack."), Range(1, 10_000)] int Steps = 20,
    [property: Description("Places of a map that count as its greatest."), Range(1, 1024)] int K = 100,
    [property: Description("Points of integrated gradients; 0 leaves them out."), Range(0, 1000)] int Points = 10,
    [property: Description("Sharpness of the softplus in place of ReLUs where directions are computed."), Range(1e-3, 1e6)] double Sharpness = 10,
    [property: Description("Test images, the first ones."), Range(1, 100_000)] int Images = 20);

/// <summary>Whether maps of what a network looks at survive changes too small to change its answer (arXiv:1710.10547).</summary>
internal static class SaliencyStudy
{
    private const int ImagesAtOnce = 10;
    private const int ImagesShown = 3;
    private const int MostPixelsShown = 64;
    private static readonly SaliencyTarget[] s_targets = [SaliencyTarget.Random, SaliencyTarget.TopK, SaliencyTarget.MassCentre];

    internal static StudyFindings Run(StudyTrial trial, SaliencyOptions options)
    {
        var count = Math.Min(options.Images, trial.Images.TestCount);
        var smooth = SmoothTwin.Of(trial.Network, options.Sharpness);
        SaliencyMethod[] methods = options.Points > 0 ? [SaliencyMethod.SimpleGradient, SaliencyMethod.IntegratedGradients] : [SaliencyMethod.SimpleGradient];
        var (values, curves, shown) = (new List<StudyValue> { new("images", count) }, new List<StudyCurve>(), new List<PictureColumn>());
        var found = new Dictionary<(SaliencyMethod, SaliencyTarget), IReadOnlyList<MapComparison>>();
        foreach (var method in methods)
        {
            var maps = new SaliencyMaps(trial.Network.call, smooth, trial.Images.Normalize, method, Math.Max(1, options.Points));
            foreach (var target in s_targets)
            {
                var shifts = Attack(trial, maps, method, new SaliencyAttackOptions(target, options.Epsilon, options.StepSize, options.Steps, options.K), count, shown);
                var name = $"{Words(target)} attack, {Words(method)}";
                // A network that does not look at an image has no map of it.
                IReadOnlyList<MapComparison> here = [.. shifts.Select(shift => shift.Best).OfType<MapComparison>().Where(best => double.IsFinite(best.RankCorrelation + best.CentreShift))];
                found[(method, target)] = here;
                if (here.Count > 0) values.Add(Mean($"top {options.K} kept: {name}", here, best => best.TopIntersection, Metric.Share));
                values.Add(new StudyValue($"images lost: {name}", count - here.Count));
                if (target == SaliencyTarget.TopK && here.Count > 0)
                {
                    curves.Add(new StudyCurve($"top {options.K} kept against steps: {name}", "steps", "top places kept", [0, .. Enumerable.Range(1, options.Steps)],
                        [1, .. Enumerable.Range(0, options.Steps).Select(step => shifts.Average(shift => shift.ByStep[step]))], Metric.Share));
                }
            }
        }
        return new StudyFindings(values, curves,
        [
            Matrix($"top {options.K} kept", best => best.TopIntersection, Metric.Share), Matrix("rank correlation", best => best.RankCorrelation), Matrix("shift of the centre", best => best.CentreShift, "pixels"),
        ], [Pictures(shown, trial)]);

        StudyMatrix Matrix(string name, Func<MapComparison, double> value, string unit = "") => new(
            name, "map", "attack", [.. methods.Select(Words)], [.. s_targets.Select(Words)],
            [.. methods.Select(method => (IReadOnlyList<double>)[.. s_targets.Select(target => found[(method, target)] is { Count: > 0 } here ? here.Average(value) : double.NaN)])], unit);
    }

    private static List<SaliencyShift> Attack(StudyTrial trial, SaliencyMaps maps, SaliencyMethod method, SaliencyAttackOptions options, int count, List<PictureColumn> shown)
    {
        List<SaliencyShift> shifts = [];
        var attack = new SaliencyAttack(maps, options);
        for (var start = 0; start < count; start += ImagesAtOnce)
        {
            using var scope = NewDisposeScope();
            var pixels = trial.Images.TestPixels(start, Math.Min(ImagesAtOnce, count - start));
            ulong[] seeds = [.. Enumerable.Range(start, (int)pixels.shape[0]).Select(image => trial.Seeds.Stream("study-saliency", (int)options.Target, image))];
            var (images, found) = attack.Run(pixels, seeds);
            shifts.AddRange(found);
            if (start > 0) continue;
            var classes = maps.Classes(pixels);
            var first = Math.Min(ImagesShown, (int)pixels.shape[0]);
            if (shown.Count == 0) shown.Add(new PictureColumn("image", Bytes(pixels.narrow(0, 0, first))));
            if (options.Target == s_targets[0]) shown.Add(new PictureColumn(Words(method), Bytes(maps.Of(pixels, classes).narrow(0, 0, first))));
            else shown.Add(new PictureColumn($"{Words(options.Target)} attack", Bytes(maps.Of(images, classes).narrow(0, 0, first))));
            if (options.Target == SaliencyTarget.TopK && method == SaliencyMethod.SimpleGradient) shown.Insert(1, new PictureColumn("image, top-k attack", Bytes(images.narrow(0, 0, first))));
        }
        return shifts;
    }

    private static StudyValue Mean(string name, IReadOnlyList<MapComparison> found, Func<MapComparison, double> value, string unit = "")
    {
        double[] values = [.. found.Select(value)];
        return new StudyValue(name, values.Average(), unit, StudyNumbers.StandardError(values));
    }

    private static StudyPictures Pictures(List<PictureColumn> shown, StudyTrial trial)
    {
        var count = shown[0].Pictures.Count;
        var labels = trial.Images.Test(0, count).Labels.data<long>().ToArray();
        return new StudyPictures("maps before and after attacks that left the answer as it was",
            [.. shown[0].Pictures.Select((_, image) => $"image {image + 1}: {trial.Images.Dataset.ClassNames[(int)labels[image]]}")], [.. shown.Select(column => column.Name)],
            shown[0].Width, shown[0].Height, [.. shown[0].Pictures.Select((_, image) => (IReadOnlyList<byte[]>)[.. shown.Select(column => column.Pictures[image])])]);
    }

    // Pixels in [0, 1]; a map by its own greatest value.
    private static (int Width, int Height, IReadOnlyList<byte[]> Pictures) Bytes(Tensor images)
    {
        var isMap = images.dim() == 3;
        var planes = isMap ? images.unsqueeze(1) : images;
        var factor = (Math.Max(planes.shape[2], planes.shape[3]) + MostPixelsShown - 1) / MostPixelsShown;
        var small = factor > 1 ? nn.functional.avg_pool2d(planes, factor, factor) : planes;
        var values = small.detach().permute(0, 2, 3, 1).to(ScalarType.Float64).to(CPU).contiguous().data<double>().ToArray();
        return ((int)small.shape[3], (int)small.shape[2], [.. values.Chunk(values.Length / (int)small.shape[0]).Select(picture =>
        {
            var scale = byte.MaxValue / (isMap ? Math.Max(picture.Max(), 1e-300) : 1);
            return picture.Select(value => (byte)Math.Clamp(Math.Round(value * scale), 0, byte.MaxValue)).ToArray();
        })]);
    }

    private static string Words(SaliencyMethod method) => method == SaliencyMethod.SimpleGradient ? "simple gradient" : "integrated gradients";

    private static string Words(SaliencyTarget target) => target switch
    {
        SaliencyTarget.Random => "random",
        SaliencyTarget.TopK => "top-k",
        _ => "mass-centre",
    };

    private sealed record PictureColumn(string Name, int Width, int Height, IReadOnlyList<byte[]> Pictures)
    {
        public PictureColumn(string name, (int Width, int Height, IReadOnlyList<byte[]> Pictures) bytes) : this(name, bytes.Width, bytes.Height, bytes.Pictures)
        {
        }
    }
}
