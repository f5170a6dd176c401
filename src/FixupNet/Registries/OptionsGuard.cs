using System.ComponentModel.DataAnnotations;

namespace FixupNet.Registries;

/// <summary>Holds an options record to its limits where it is used from code instead of from a configuration.</summary>
internal static class OptionsGuard
{
    /// <summary>The options themselves, once they are checked.</summary>
    /// <exception cref="ArgumentException">Lists every problem.</exception>
    internal static T Checked<T>(T options) where T : class
    {
        Check(options);
        return options;
    }

    /// <summary>Throws when any parameter is out of its range or in conflict with another.</summary>
    /// <exception cref="ArgumentException">Lists every problem.</exception>
    internal static void Check(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        var problems = results.Select(result => result.ErrorMessage ?? "");
        if (options is IValidatedOptions validated)
            problems = problems.Concat(validated.Validate().Select(problem => $"{problem.Member} {problem.Message}."));
        var message = string.Join(" ", problems);
        if (message.Length > 0) throw new ArgumentException($"{options.GetType().Name}: {message}", nameof(options));
    }
}
