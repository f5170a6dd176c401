using FixupNet.Registries;

namespace FixupNet.Experiments.Launchers;

/// <summary>Checks the options of a launcher where they are used.</summary>
internal static class LaunchProblems
{
    /// <summary>Throws when an option is not what it must be.</summary>
    /// <exception cref="ArgumentException">Lists every problem.</exception>
    internal static void ThrowIfAny(IValidatedOptions options)
    {
        var problems = string.Join(" ", options.Validate().Select(problem => $"{problem.Member} {problem.Message}."));
        if (problems.Length > 0) throw new ArgumentException($"{options.GetType().Name}: {problems}", nameof(options));
    }

    /// <summary>The problem of a number outside its limits, if it is.</summary>
    internal static IEnumerable<(string Member, string Message)> OfRange(string member, long value, long least, long most)
    {
        if (value < least || value > most) yield return (member, $"is {value}; must be in {least}..{most}");
    }

    /// <summary>The problem of a text that is not of its kind, if it is given and is not.</summary>
    internal static IEnumerable<(string Member, string Message)> OfText(string member, string? text, LaunchValue kind)
    {
        if (text is not null && !kind.Allows(text)) yield return (member, $"is \"{text}\"; {kind.Meaning}");
    }
}
