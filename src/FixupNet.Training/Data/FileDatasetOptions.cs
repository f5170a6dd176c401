using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Training.Data;

/// <summary>Options of every dataset that is read from files.</summary>
/// <param name="Root">The folder that holds the dataset's folder, or that folder itself, relative to the document; null looks where <see cref="DataFolder"/> says.</param>
/// <param name="TrainExamples">The first N training images in file order, at least 1 and at most what the dataset has; null is all.</param>
/// <param name="TestExamples">The first N test images in file order, at least 1 and at most what the dataset has; null is all.</param>
public sealed record FileDatasetOptions(
    [property: FilePath] string? Root = null,
    [property: Range(1, int.MaxValue)] int? TrainExamples = null,
    [property: Range(1, int.MaxValue)] int? TestExamples = null);
