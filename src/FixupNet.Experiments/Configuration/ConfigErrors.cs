namespace FixupNet.Experiments.Configuration;

/// <summary>Collects errors, so that one run shows all of them.</summary>
internal sealed class ConfigErrors
{
    private readonly List<ConfigError> _errors = [];

    public int Count => _errors.Count;

    public IReadOnlyList<ConfigError> All => _errors;

    public void Add(ConfigPlace place, string path, string message) => _errors.Add(new ConfigError(place.File, place.Line, path, message));

    public void Add(ConfigError error) => _errors.Add(error);

    /// <exception cref="ConfigException">An error was added.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw new ConfigException([.. _errors]);
    }
}
