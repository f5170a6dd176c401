using System.Text.Json;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Studies;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Experiments.Tests;

/// <summary>Every configuration this repository ships can be run.</summary>
internal sealed class ConfigsTests
{
    private static readonly JsonDocumentOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [TestCaseSource(nameof(ConfigFiles))]
    public void Config_IsValid(string name)
    {
        var file = Path.Combine(ConfigsFolder()!, name);
        using var json = JsonDocument.Parse(File.ReadAllText(file), s_options);
        var isSweep = json.RootElement.TryGetProperty("base", out _);

        if (isSweep) Assert.That(SweepPlan.Load(file, [], ProductRegistries.All).Trials, Is.Not.Empty);
        else Assert.That(TrainDocument.Load(file, [], ProductRegistries.All).Config.About, Is.Not.Empty);
    }

    // One command trains for a study and asks it.
    [TestCaseSource(nameof(Studies))]
    public void Configs_AskEveryStudy(string study)
    {
        var plan = SweepPlan.Load(Path.Combine(ConfigsFolder()!, "studies", $"{study}.json"), [], ProductRegistries.All);

        Assert.That(plan.Studies.Select(choice => choice.Entry.Name), Does.Contain(study));
    }

    [Test]
    public void Configs_AreThere()
    {
        if (ConfigsFolder() is null) Assert.Ignore("There is no folder configs/ above the tests.");

        Assert.That(ConfigFiles(), Is.Not.Empty);
    }

    private static IEnumerable<string> Studies() => ConfigsFolder() is null ? [] : StudyRegistry.All.Select(study => study.Name);

    private static IEnumerable<string> ConfigFiles() =>
        ConfigsFolder() is { } folder ? new[] { folder, Path.Combine(folder, "studies") }.SelectMany(part => Directory.EnumerateFiles(part, "*.json")).Select(file => Path.GetRelativePath(folder, file)).Order() : [];

    private static string? ConfigsFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "FixupNet.sln"))) continue;
            var configs = Path.Combine(folder.FullName, "configs");
            return Directory.Exists(configs) ? configs : null;
        }
        return null;
    }
}
