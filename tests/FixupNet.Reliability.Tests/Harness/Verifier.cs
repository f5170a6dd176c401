namespace FixupNet.Reliability.Tests.Harness;

/// <summary>verify_run.py: looks at runs without any of the product's code.</summary>
internal static class Verifier
{
    private static string Script { get; } = Path.Combine(AppContext.BaseDirectory, "verify_run.py");

    /// <summary>Verifies a run or a sweep.</summary>
    /// <returns>What it found; exit code 1 where there is a problem.</returns>
    internal static ProgramRun Verify(string folder) => Child.Run(["python3", Script, folder]);

    /// <summary>Compares two runs or sweeps.</summary>
    /// <returns>What differs; exit code 1 where something does.</returns>
    internal static ProgramRun Compare(string first, string second) => Child.Run(["python3", Script, "compare", first, second]);

    /// <summary>What is wrong with a run or a sweep; null where nothing is, or where there is no Python to look.</summary>
    internal static string? ProblemWith(string folder)
    {
        if (!Needs.IsMet(Need.Python)) return null;
        var verdict = Verify(folder);
        return verdict.ExitCode == 0 ? null : $"verify_run.py: {verdict.Output}{verdict.Error}";
    }
}
