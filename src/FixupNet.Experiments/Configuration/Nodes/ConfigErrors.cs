namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>Collects errors, so that one run shows all of them, and warnings beside them.</summary>
internal sealed class ConfigErrors
{
    private readonly List<ConfigError> _errors = [];
    private readonly List<ConfigError> _warnings = [];

    public int Count => _errors.Count;

    public IReadOnlyList<ConfigError> All => _errors;

    public IReadOnlyList<ConfigError> Warnings => _warnings;

    public void Add(ConfigPlace place, string path, string message) => Add(new ConfigError(place.File, place.Line, path, message));

    public void Add(ConfigError error) => (error.Kind == ProblemKind.Warning ? _warnings : _errors).Add(error);

    /// <summary>Adds what a check found, with the place where the key at fault was written.</summary>
    public void Add(ConfigObject resolved, DocumentProblem problem)
    {
        var place = (resolved.Find(problem.Key.Split('.')) ?? resolved).Place;
        Add(new ConfigError(place.File, place.Line, problem.Key, problem.Message, problem.Kind));
    }

    /// <exception cref="ConfigException">An error was added.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw new ConfigException([.. _errors, .. _warnings]);
    }
}
