using System.Collections;

namespace FixupNet.Registries;

/// <summary>An ordered set of named choices, which does not change; registering a name twice is an error.</summary>
/// <typeparam name="TEntry">What is chosen from.</typeparam>
public sealed class Registry<TEntry> : IEnumerable<TEntry> where TEntry : INamedEntry
{
    private readonly List<TEntry> _entries = [];

    /// <summary>Creates a registry.</summary>
    /// <param name="kind">What its entries are, in the singular, for messages: "model".</param>
    /// <param name="entries">The entries, in listing order.</param>
    /// <exception cref="ArgumentException">Two entries have the same name.</exception>
    public Registry(string kind, params IEnumerable<TEntry> entries)
    {
        Kind = kind;
        foreach (var entry in entries)
        {
            if (Names.Contains(entry.Name)) throw new ArgumentException($"The {kind} \"{entry.Name}\" is registered twice.", nameof(entries));
            _entries.Add(entry);
        }
    }

    /// <summary>The same choices and more: the way of a program with entries of its own.</summary>
    /// <param name="more">The entries, listed after those that are here.</param>
    /// <returns>Another registry; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">Two entries have the same name.</exception>
    public Registry<TEntry> With(params IEnumerable<TEntry> more) => new(Kind, [.. _entries, .. more]);

    /// <summary>What the entries are, in the singular.</summary>
    public string Kind { get; }

    /// <summary>Every name, in listing order.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Select(entry => entry.Name)];

    /// <summary>The entry of that name.</summary>
    /// <param name="name">An exact, case-sensitive name.</param>
    /// <exception cref="UnknownNameException">No entry has that name.</exception>
    public TEntry this[string name] => _entries.Find(entry => entry.Name == name) ?? throw new UnknownNameException(Kind, name, Names);

    /// <inheritdoc/>
    public IEnumerator<TEntry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
