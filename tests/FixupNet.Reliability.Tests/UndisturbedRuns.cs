using System.Collections.Concurrent;
using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests;

/// <summary>The runs that all disturbed ones are held against, each made once for all tests. NUnit removes them after the tests of this namespace and of
/// those within it, so this lies above them all.</summary>
[SetUpFixture]
public sealed class UndisturbedRuns
{
    private static readonly Lazy<string> s_folder = new(() => Directory.CreateTempSubdirectory("fixupnet-undisturbed-").FullName);
    private static readonly ConcurrentDictionary<string, Lazy<UndisturbedRun>> s_runs = [];

    [OneTimeTearDown]
    public void Remove()
    {
        if (s_folder.IsValueCreated) Directory.Delete(s_folder.Value, recursive: true);
    }

    /// <summary>The run of a document with changes.</summary>
    /// <param name="changes">Changes to <see cref="TinyTrial.Document"/>, and options.</param>
    internal static UndisturbedRun Of(IReadOnlyList<string> changes) =>
        s_runs.GetOrAdd(string.Join('\n', changes), _ => new Lazy<UndisturbedRun>(() => UndisturbedRun.Make(Path.Combine(s_folder.Value, $"{s_runs.Count}"), changes))).Value;
}
