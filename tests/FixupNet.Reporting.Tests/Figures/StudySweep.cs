using System.Text.Json;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

/// <summary>A sweep of two methods and two depths, three seeds each, with a study that found everything a study can: values, curves, a matrix and pictures.</summary>
internal static class StudySweep
{
    public const string Study = "everything";

    public static void Fill(SweepFixture fixture)
    {
        foreach (var depth in new[] { 8, 20 })
            foreach (var variant in new[] { "fixup", "plain" })
                foreach (var seed in new[] { 1, 2, 3 })
                {
                    var trial = fixture.Add(seed, ("model.depth", depth), ("model.variant", variant));
                    trial.WriteSummary(SweepFixture.Completed(0.5));
                    Directory.CreateDirectory(trial.StudiesFolder);
                    RunJson.WriteFile(trial.StudyFile(Study), Record(variant, depth, seed));
                }
    }

    /// <summary>Accuracy at ε, a fraction.</summary>
    public static double Accuracy(string variant, int depth, int seed, double epsilon) => (variant == "fixup" ? 0.9 : 0.7) - depth / 100.0 + seed / 100.0 - 5 * epsilon;

    public static StudyRecord Record(string variant, int depth, int seed) => new(
        Study, JsonSerializer.SerializeToElement(new { images = 8 }), "step-0000000100", [new StudyValue("clean accuracy", Accuracy(variant, depth, seed, 0), "share")],
        [
            new StudyCurve("accuracy against ε", "ε", "accuracy", [0, 0.01, 0.05], [.. new[] { 0, 0.01, 0.05 }.Select(epsilon => Accuracy(variant, depth, seed, epsilon))], "share"),
            new StudyCurve("density of the spectrum", "eigenvalue", "density", [.. Enumerable.Range(0, 50).Select(i => (double)(i - 10 * seed))],
                [.. Enumerable.Range(0, 50).Select(i => Math.Exp(-Math.Abs(i - 10 * seed)))], IsLogarithmic: true),
            new StudyCurve("new against old", "old (%)", "new", [40 + depth / 10.0 + seed], [0.4 + seed / 100.0], "share"),
        ], 1,
        [new StudyMatrix("accuracy by task", "after task", "on task", ["first", "second"], ["first", "second"], [[0.8 + seed / 100.0, double.NaN], [0.1, 1]], "share")],
        [new StudyPictures("maps", ["image 0 <cat>"], ["image", "map"], 2, 2, [[[.. Enumerable.Repeat((byte)200, 12)], [0, 80, 160, 255]]])]);
}
