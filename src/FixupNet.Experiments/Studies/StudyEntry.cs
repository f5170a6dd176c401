using FixupNet.Registries;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Studies;

/// <summary>One study of <see cref="StudyRegistry.All"/>: a question that is asked of a trained network.</summary>
public sealed class StudyEntry : INamedEntry
{
    private readonly Func<StudyTrial, object, StudyFindings> _run;

    private StudyEntry(string name, string description, Type optionsType, Func<StudyTrial, object, StudyFindings> run) =>
        (Name, Description, OptionsType, _run) = (name, description, optionsType, run);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>Creates an entry.</summary>
    /// <typeparam name="TOptions">The study's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="run">Asks the network.</param>
    public static StudyEntry Of<TOptions>(string name, string description, Func<StudyTrial, TOptions, StudyFindings> run) =>
        new(name, description, typeof(TOptions), (trial, options) => run(trial, (TOptions)options));

    /// <summary>Asks a network.</summary>
    /// <param name="trial">The network and its data; may be changed, for it is opened for this study alone.</param>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    public StudyFindings Run(StudyTrial trial, object options) => _run(trial, options);
}

/// <summary>What a study found.</summary>
/// <param name="Values">Numbers.</param>
/// <param name="Curves">Numbers against others.</param>
/// <param name="Matrices">Numbers by row and column.</param>
/// <param name="Pictures">Pictures by row and column, together of at most a megabyte.</param>
public sealed record StudyFindings(
    IReadOnlyList<StudyValue> Values, IReadOnlyList<StudyCurve> Curves, IReadOnlyList<StudyMatrix>? Matrices = null, IReadOnlyList<StudyPictures>? Pictures = null);
