using System.ComponentModel.DataAnnotations;

namespace FixupNet.Training.Data;

/// <summary>Options of the "synthetic-shapes" dataset.</summary>
/// <param name="TrainExamples">Training images, 1 to 500,000; fewer are a prefix of more.</param>
/// <param name="TestExamples">Test images, 1 to 500,000; fewer are a prefix of more.</param>
/// <param name="Seed">Chooses the images, 0 to 2^53 (the whole numbers that every JSON reader keeps exact).</param>
public sealed record SyntheticShapesOptions(
    [property: Range(1, SyntheticShapesOptions.MaxExamples)] int TrainExamples = 10_000,
    [property: Range(1, SyntheticShapesOptions.MaxExamples)] int TestExamples = 2_000,
    [property: Range(0.0, 9007199254740992.0)] long Seed = 1)
{
    /// <summary>The most images of a split; all of its pixels must fit into one array of 2^31 bytes.</summary>
    public const int MaxExamples = 500_000;

    internal (int Train, int Test) Counts => (TrainExamples, TestExamples);
}
