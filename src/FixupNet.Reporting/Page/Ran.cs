using FixupNet.Reporting.Results;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Page;

/// <summary>What ran: versions, hardware, commit, and the command that repeats it.</summary>
internal static class Ran
{
    private static readonly (string Name, Func<EnvironmentRecord, string?> Value)[] Facts =
    [
        ("built from", environment => BuiltFrom(environment)), ("host", environment => environment.Host), ("operating system", environment => environment.Os),
        ("processor", environment => environment.Cpu), ("GPU", environment => environment.Gpu), ("threads", environment => $"{environment.Threads}"),
        (".NET", environment => environment.Dotnet), ("tensors", environment => $"{environment.Provider}, libtorch {environment.Libtorch}"),
        ("data (SHA-256)", environment => environment.DatasetDigest),
    ];

    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<ReportSource> sources, IReadOnlyList<TrialRecord> trials)
    {
        var environments = trials.Select(trial => trial.Environment).OfType<EnvironmentRecord>().ToList();
        html.Open("section", ("id", "ran")).Element("h2", "What ran");
        if (environments.Count == 0) html.Element("p", "No trial has begun.");
        else
        {
            html.Open("dl");
            foreach (var (name, value) in Facts) Fact(html, name, [.. environments.Select(value)]);
            var (first, last) = (environments.Min(environment => environment.StartedAt), environments.Max(environment => environment.StartedAt));
            html.Element("dt", "started").Element("dd", first == last ? $"{first:u}" : $"{first:u}, the last trial {last:u}").Close();
        }
        html.Element("h3", "To repeat it").Open("pre");
        foreach (var (number, source) in sources.Index())
            Again(html, source, [.. trials.Where(trial => (trial.Trial.Origin?.Number ?? 0) == number)]);
        html.Close();
        if (trials.Any(trial => trial.Environment is not null) && sources.Any(source => source.IsSweep)) Commands(html, trials);
        html.Close();
    }

    /// <summary>The builds of the program that trained some trials, for people; each once.</summary>
    public static IEnumerable<string> Builds(IEnumerable<TrialRecord> trials) => trials.Select(trial => trial.Environment).OfType<EnvironmentRecord>()
        .Select(BuiltFrom).OfType<string>().Distinct();

    private static void Again(HtmlWriter html, ReportSource source, IReadOnlyList<TrialRecord> trials)
    {
        var builds = trials.Select(trial => trial.Environment).OfType<EnvironmentRecord>().SelectMany(environment => environment.Sources);
        Checkout(html, source.Root, [.. builds.DistinctBy(build => build.Code.Length > 0 ? build.Code : build.Commit)]);
        if (source.IsSweep) html.Text($"./fixupnet sweep run {Quoted(source.ResolvedFile)} --output repeated\n");
        else if (File.Exists(source.ResolvedFile) && trials.Count > 0) html.Text(Repeat(trials[0]) + "\n");
    }

    private static string? BuiltFrom(EnvironmentRecord environment)
    {
        List<string> builds = [.. environment.Sources.Where(source => source.Code.Length > 0 || source.Commit is not null).Select(source => source.ToString()).Distinct()];
        return builds.Count > 0 ? string.Join(", then ", builds) : null;
    }

    // A commit alone is named only where it holds the sources that ran.
    private static void Checkout(HtmlWriter html, string folder, IReadOnlyList<SourceRecord> sources)
    {
        if (sources is not [var source])
        {
            if (sources.Count > 1) html.Text("# these trials were trained by several builds of the program, named above\n");
            return;
        }
        if (source.Commit is not { } commit) return;
        var patch = source.Diff is { } diff ? Path.GetFileName(diff) : null;
        if (source.Dirty is null) html.Text("# whether the sources differed from this commit is not recorded\n");
        if (source.Dirty != true) html.Text($"git checkout {commit}\n");
        else if (patch is null) html.Text($"# commit {commit} with changes that were not kept\n");
        else html.Text($"# commit {commit} with the changes in {patch}\ngit checkout {commit}\ngit apply {Quoted(Path.Combine(folder, patch))}\n");
    }

    private static void Fact(HtmlWriter html, string name, List<string?> values)
    {
        var counts = values.CountBy(value => value ?? "").ToList();
        if (counts is [{ Key: "" }]) return;
        html.Element("dt", name);
        foreach (var (value, count) in counts)
        {
            html.Open("dd");
            if (counts.Count == 1) html.Text(value);
            else html.Element("mark", $"{(value.Length > 0 ? value : "not recorded")} ({count} of {values.Count} trials)");
            html.Close();
        }
    }

    private static void Commands(HtmlWriter html, IReadOnlyList<TrialRecord> trials)
    {
        html.Open("details").Element("summary", "The command to repeat one trial").Open("pre");
        foreach (var trial in trials) if (trial.Environment is not null) html.Text(Repeat(trial) + "\n");
        html.Close().Close();
    }

    // Into a new folder, with what decides how sums round. Paths are full: reports are also made from other folders than the program's.
    private static string Repeat(TrialRecord trial)
    {
        var directory = trial.Trial.Directory;
        var output = $"repeated/{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory.Root)))}";
        var options = trial.Environment is { } environment ? $" --device {(environment.Gpu is null ? "cpu" : "cuda")} --threads {environment.Threads}" : "";
        return $"./fixupnet train {Quoted(Path.GetFullPath(directory.ConfigFile))} --output {Quoted(output)}{options}";
    }

    private static string Quoted(string path) =>
        path.All(letter => char.IsAsciiLetterOrDigit(letter) || "/\\._-=:".Contains(letter)) ? path : $"'{path.Replace("'", "'\\''")}'";
}
