using FixupNet.Registries;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Studies;

/// <summary>One study of <see cref="StudyRegistry.All"/>: a question that is asked of a trained network.</summary>
public sealed class StudyEntry : INamedEntry
{
    private readonly Func<StudyTrial, object, StudyFindings>? _run;
    private readonly Func<StudySweep, object, StudyFindings>? _runSweep;
    private readonly Action<StudySweep, object>? _checkSweep;

    private StudyEntry(
        string name, string description, Type optionsType, Func<StudyTrial, object, StudyFindings>? run = null,
        (Func<StudySweep, object, StudyFindings> Run, Action<StudySweep, object> Check)? ofSweep = null) =>
        (Name, Description, OptionsType, _run, _runSweep, _checkSweep) = (name, description, optionsType, run, ofSweep?.Run, ofSweep?.Check);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>Whether it asks a sweep as a whole, and no network.</summary>
    public bool IsOfSweep => _runSweep is not null;

    /// <summary>Whether it asks how a network begins: of other tasks than image classification too, and of networks whose training diverged.</summary>
    public bool IsOfStart { get; private init; }

    /// <summary>Creates an entry of a study that asks how a network begins, and not what it became.</summary>
    /// <typeparam name="TOptions">The study's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="run">Asks the network.</param>
    public static StudyEntry OfStart<TOptions>(string name, string description, Func<StudyTrial, TOptions, StudyFindings> run) =>
        new(name, description, typeof(TOptions), (trial, options) => run(trial, (TOptions)options)) { IsOfStart = true };

    /// <summary>Creates an entry of a study that asks a sweep as a whole.</summary>
    /// <typeparam name="TOptions">The study's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="run">Asks the sweep.</param>
    /// <param name="check">Throws a <see cref="StudyRefusedException"/> where the study has no question for such a sweep, whatever its trials come to; null where it always has one.</param>
    public static StudyEntry OfSweep<TOptions>(string name, string description, Func<StudySweep, TOptions, StudyFindings> run, Action<StudySweep, TOptions>? check = null) =>
        new(name, description, typeof(TOptions), ofSweep: ((sweep, options) => run(sweep, (TOptions)options), (sweep, options) => check?.Invoke(sweep, (TOptions)options)));

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
    public StudyFindings Run(StudyTrial trial, object options) => (_run ?? throw new InvalidOperationException($"{Name} asks sweeps."))(trial, options);

    /// <summary>Asks a sweep.</summary>
    /// <param name="sweep">What its trials came to.</param>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <exception cref="StudyRefusedException">It has no question for this sweep.</exception>
    public StudyFindings Run(StudySweep sweep, object options)
    {
        Check(sweep, options);
        return (_runSweep ?? throw new InvalidOperationException($"{Name} asks networks."))(sweep, options);
    }

    /// <summary>Whether it has a question for a sweep, before any trial is trained.</summary>
    /// <param name="sweep">The sweep's trials; their scores do not matter.</param>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <exception cref="StudyRefusedException">It has none.</exception>
    public void Check(StudySweep sweep, object options) => _checkSweep?.Invoke(sweep, options);
}

/// <summary>What a study found.</summary>
/// <param name="Values">Numbers.</param>
/// <param name="Curves">Numbers against others.</param>
/// <param name="Matrices">Numbers by row and column.</param>
/// <param name="Pictures">Pictures by row and column, together of at most a megabyte.</param>
public sealed record StudyFindings(
    IReadOnlyList<StudyValue> Values, IReadOnlyList<StudyCurve> Curves, IReadOnlyList<StudyMatrix>? Matrices = null, IReadOnlyList<StudyPictures>? Pictures = null);
