using FixupNet.Architectures;
using FixupNet.Methods;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>A model of the zoo that benchmarks measure.</summary>
/// <param name="Name">Its name in the zoo.</param>
/// <param name="Title">What it is called with its depth: {0}.</param>
/// <param name="Unit">What a second's work is counted in.</param>
/// <param name="Method">The method that is measured unless another is named.</param>
/// <param name="Depths">The depths that are measured unless others are named.</param>
/// <param name="Size">Side of its images, in pixels, or words of a sentence.</param>
/// <param name="BatchSize">Examples of a step unless another number is named.</param>
public abstract record BenchmarkModel(string Name, string Title, string Unit, string Method, IReadOnlyList<int> Depths, int Size, int BatchSize)
{
    internal const string ImagesUnit = "images";

    /// <summary>Every model, the default first.</summary>
    public static IReadOnlyList<BenchmarkModel> All { get; } = [new BenchmarkResNetCifar(), new BenchmarkResNetImageNet(), new BenchmarkTransformer()];

    /// <summary>Methods that bench/pytorch_step.py has of it too.</summary>
    public abstract IReadOnlyList<string> MethodsOfPyTorch { get; }

    /// <summary>How PyTorch computes it on a CPU.</summary>
    public abstract IReadOnlyList<ContenderKind> KindsOfPyTorch { get; }

    /// <summary>What one example counts in <see cref="Unit"/>.</summary>
    public abstract int UnitsPerExample { get; }

    /// <summary>Whether it sees images, as the engine's networks do.</summary>
    public bool SeesImages => Unit == ImagesUnit;

    /// <summary>Whether <see cref="Size"/> can be another.</summary>
    public virtual bool TakesAnySize => false;

    /// <summary>Finds a model by its name.</summary>
    /// <param name="name">The name; one of <see cref="All"/>.</param>
    public static BenchmarkModel Of(string name) => All.First(model => model.Name == name);

    /// <summary>The methods that suit it.</summary>
    public IReadOnlyList<string> Methods => [.. MethodZoo.All.Where(entry => ModelZoo.All[Name].Fits(entry.Method)).Select(entry => entry.Name)];

    /// <summary>What a depth would have to be; null where it is right.</summary>
    /// <param name="depth">The depth.</param>
    public abstract string? ProblemOf(int depth);

    /// <summary>Whether a method normalizes by the statistics of a batch.</summary>
    /// <param name="variant">The method, by its name.</param>
    public bool UsesBatchStatistics(string variant)
    {
        using var network = Create(variant, Depths[0]);
        return network.Topology.UsesBatchStatistics;
    }

    /// <summary>Builds the network alone.</summary>
    /// <param name="variant">The method, by its name.</param>
    /// <param name="depth">The depth.</param>
    internal abstract Execution.ResidualNetwork Create(string variant, int depth);

    /// <summary>The sections of a train document that describe task, data, network and optimizer.</summary>
    /// <param name="contender">What is measured.</param>
    /// <param name="folder">An empty folder to write in.</param>
    internal abstract string Sections(Contender contender, string folder);

    /// <summary>One batch, always the same.</summary>
    internal abstract Batch RandomBatch(int count, Device device);
}
