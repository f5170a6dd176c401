using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Registries;

namespace FixupNet.Architectures;

/// <summary>One model of <see cref="ModelZoo.All"/>.</summary>
public sealed class ModelEntry : INamedEntry
{
    /// <summary>The word for images in <see cref="Inputs"/>.</summary>
    public const string Images = "images";

    /// <summary>The word for pairs of sentences in <see cref="Inputs"/>.</summary>
    public const string Sentences = "sentences";

    private readonly Func<object, int, ImageShape, ResidualNetwork> _create;
    private readonly Func<object, Method> _methodOf;
    private readonly Func<object, object> _shallow;

    private ModelEntry(
        (string Name, string Description, Type OptionsType) about,
        Func<object, int, ImageShape, ResidualNetwork> create,
        Func<object, Method> methodOf,
        Func<object, object> shallow)
    {
        (Name, Description, OptionsType) = about;
        (_create, _methodOf, _shallow) = (create, methodOf, shallow);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>
    /// Where depths are those of a series in equal steps of equal blocks, so that cost grows linearly with depth: the step; null, the default, where
    /// each depth is a network of its own.
    /// </summary>
    public int? DepthStep { get; private init; }

    /// <summary>What its networks take, in a word: it learns the tasks that give it.</summary>
    public string Inputs { get; private init; } = Images;

    /// <summary>Whether a method has a form for what its networks take.</summary>
    /// <param name="method">The method.</param>
    public bool Fits(Method method) => method.Inputs.HasFlag(Kind);

    /// <summary>Whether a scheme is for what its networks take.</summary>
    /// <param name="scheme">The scheme.</param>
    public bool Fits(IInitializationScheme scheme) => scheme.Inputs.HasFlag(Kind);

    private InputKind Kind => Inputs == Sentences ? InputKind.Sentences : InputKind.Images;

    /// <summary>Creates an entry.</summary>
    /// <typeparam name="TOptions">The model's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="create">Builds the network from options, class count and the shape of its images.</param>
    /// <param name="methodOf">The method that options choose; it decides the default initialization.</param>
    /// <param name="shallow">The options with as few blocks as there can be; null where depth is not an option.</param>
    /// <param name="depthStep">See <see cref="DepthStep"/>.</param>
    /// <param name="inputs">See <see cref="Inputs"/>.</param>
    public static ModelEntry Of<TOptions>(
        string name,
        string description,
        Func<TOptions, int, ImageShape, ResidualNetwork> create,
        Func<TOptions, Method> methodOf,
        Func<TOptions, TOptions>? shallow = null,
        int? depthStep = null,
        string inputs = Images) =>
        new((name, description, typeof(TOptions)), (options, classCount, images) => create((TOptions)options, classCount, images), options => methodOf((TOptions)options),
            options => shallow is null ? options : shallow((TOptions)options)!)
        {
            DepthStep = depthStep, Inputs = inputs,
        };

    /// <summary>Builds the network: float32, on the CPU, not yet initialized.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    /// <param name="classCount">K, classes to tell apart or symbols of the target's vocabulary, at least 2.</param>
    /// <param name="images">
    /// The images it is made for; null for CIFAR's. A sentence of T words is an image of one channel a symbol of the source's vocabulary, V×1×T.
    /// </param>
    /// <exception cref="ArgumentException">The options are out of range or in conflict.</exception>
    public ResidualNetwork Create(object options, int classCount, ImageShape? images = null) => _create(options, classCount, images ?? ImageShape.Cifar);

    /// <summary>Options of the same network with as few blocks as there can be, for looking at it at small cost.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    public object Shallow(object options) => _shallow(options);

    /// <summary>The method that options choose.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    public Method MethodOf(object options) => _methodOf(options);

    /// <summary>The initialization that belongs to the options' method, by its name in the registry.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    public string DefaultInitialization(object options) =>
        Inputs == Sentences ? MethodOf(options).SentenceInitialization : MethodOf(options).DefaultInitialization;
}
