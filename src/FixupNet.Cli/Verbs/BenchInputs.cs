using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FixupNet.Experiments.Benchmarks;
using FixupNet.Experiments.Trials;
using FixupNet.Registries;

namespace FixupNet.Cli.Verbs;

/// <summary>The options of "bench".</summary>
internal sealed class BenchInputs
{
    private const double MostSeconds = 3600;
    private const int MostDepth = 100_000;

    /// <summary>Depths at which everybody is measured.</summary>
    public Option<int[]?> Depth { get; } = List("--depth", "DEPTHS", "Depths of the networks: 6n+2, default 20,110; of resnet-imagenet 18, 34, 50, 101, 152 or 200, default 18,50; of Transformers layers of the encoder, and as many of the decoder, default 3,12.", DepthOf);

    /// <summary>Examples of a step.</summary>
    public Option<int?> Batch { get; } = Inputs.Count<int>("--batch", "Examples of a step; default 128, of resnet-imagenet 32.");

    /// <summary>CPU threads.</summary>
    public Option<int?> Threads { get; } = Inputs.Count<int>("--threads", "CPU threads of every contender; default: one a physical core.");

    /// <summary>Turns.</summary>
    public Option<int?> Rounds { get; } = Inputs.Count<int>("--rounds", "Turns that each contender gets; default 5.");

    /// <summary>Time of a turn.</summary>
    public Option<double?> Seconds { get; } = new("--seconds")
    {
        Description = "Time of a turn, of one step at least; default 2.",
        HelpName = "SECONDS",
        CustomParser = ReadSeconds,
    };

    /// <summary>Where all compute.</summary>
    public Option<string> Device { get; } = Inputs.Device();

    /// <summary>Which networks.</summary>
    public Option<string> Model { get; } = Inputs.Choice("--model", "Model", [.. BenchmarkModel.All.Select(model => model.Name)]);

    /// <summary>Side of the images.</summary>
    public Option<int?> Size { get; } = Inputs.Count<int>("--size", "Side of resnet-imagenet's images; default 64.");

    /// <summary>Which method.</summary>
    public Option<string?> Variant { get; } = new("--variant")
    {
        Description = "Method of the networks, any that suits the model; default fixup, of Transformers pre-layernorm. PyTorch is beside fixup and batchnorm, pre-layernorm and post-layernorm.",
        HelpName = "METHOD",
    };

    /// <summary>Who takes part.</summary>
    public Option<ContenderGroup[]?> Only { get; } = List("--only", "NAMES", "Who takes part: engine,eager,pytorch,floor and, which takes minutes to begin, compile (torch.compile on the CPU); default all but the last.", GroupOf);

    /// <summary>Depths at which the engine alone is measured.</summary>
    public Option<int[]?> Deep { get; } = List(
        "--deep", "DEPTHS", "Also the engine by itself at these depths, planned into 1.5 GB up to 2,000 layers and 4 GB beyond, against itself at depth 110; without a value 1202,9998.",
        DepthOf, ArgumentArity.ZeroOrOne);

    /// <summary>Collects what was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="defaultThreads">Threads where none are named.</param>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public BenchmarkOptions Read(ParseResult parsed, int defaultThreads)
    {
        var (groups, deep) = (ItemsOf(parsed, Only) ?? [.. Enum.GetValues<ContenderGroup>().Where(group => group != ContenderGroup.Compile)], DeepDepths(parsed));
        if (deep.Length > 0 && !groups.Contains(ContenderGroup.Engine)) throw new UsageException("--deep measures the engine, which --only leaves out.");
        var model = ModelOf(parsed);
        var variant = MethodOf(parsed, model);
        var depths = ItemsOf(parsed, Depth) ?? model.Depths;
        RequireDepths("--depth", depths, model);
        RequireDepths("--deep", deep, model);
        if (deep.Length > 0 && model.UsesBatchStatistics(variant)) throw new UsageException($"--deep measures networks in parts of a batch, and {variant} needs the statistics of all of it.");
        return new BenchmarkOptions(
            model, depths, deep, parsed.GetValue(Batch) ?? model.BatchSize, parsed.GetValue(Threads) ?? defaultThreads,
            parsed.GetValue(Rounds) ?? 5, parsed.GetValue(Seconds) ?? 2, groups, DeviceOf(parsed), variant);
    }

    // The CPU where none is named, though there be a GPU: figures of both do not compare.
    private string DeviceOf(ParseResult parsed)
    {
        var name = parsed.GetValue(Device)!;
        if (name == "auto") return "cpu";
        _ = ComputeDevice.Of(name);
        if (name != "cpu" && parsed.GetResult(Deep) is not null) throw new UsageException("--deep measures the engine of the CPU; on a GPU name all depths by --depth.");
        return name;
    }

    private int[] DeepDepths(ParseResult parsed) => parsed.GetResult(Deep) is null ? [] : ItemsOf(parsed, Deep) ?? [1202, 9998];

    // A list that was not given is an empty one to the parser; an empty one cannot be given.
    private static T[]? ItemsOf<T>(ParseResult parsed, Option<T[]?> option) => parsed.GetValue(option) is { Length: > 0 } items ? items : null;

    // A list separated by commas, each item once.
    private static Option<T[]?> List<T>(
        string name, string helpName, string description, Func<string, string, T> item, ArgumentArity? arity = null) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = arity ?? ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            try
            {
                return result.Tokens is [var list] ? [.. list.Value.Split(',').Select(text => item(name, text.Trim())).Distinct()] : null;
            }
            catch (FormatException error)
            {
                result.AddError(error.Message);
                return null;
            }
        },
    };

    private static int DepthOf(string option, string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var depth) || depth is < 1 or > MostDepth)
            throw new FormatException($"{option} has \"{text}\"; must be whole numbers from 1 to {MostDepth}, such as 20,110.");
        return depth;
    }

    private static void RequireDepths(string option, IReadOnlyList<int> depths, BenchmarkModel model)
    {
        foreach (var depth in depths)
            if (model.ProblemOf(depth) is { } problem) throw new UsageException($"{option} has {depth}; {problem}.");
    }

    private BenchmarkModel ModelOf(ParseResult parsed)
    {
        var model = BenchmarkModel.Of(parsed.GetValue(Model)!);
        if (parsed.GetValue(Size) is not { } size) return model;
        return model.TakesAnySize ? model with { Size = size } : throw new UsageException($"--size is for resnet-imagenet; {model.Name} has {model.Size}.");
    }

    private string MethodOf(ParseResult parsed, BenchmarkModel model)
    {
        var name = parsed.GetValue(Variant) ?? model.Method;
        return model.Methods.Contains(name) ? name
            : throw new UsageException($"--variant is \"{name}\"; {model.Name} has {string.Join(", ", model.Methods)}{Inputs.DidYouMean(name, model.Methods)}.");
    }

    private static ContenderGroup GroupOf(string option, string text)
    {
        var names = Enum.GetNames<ContenderGroup>().Select(name => name.ToLowerInvariant()).ToList();
        if (names.Contains(text)) return Enum.Parse<ContenderGroup>(text, ignoreCase: true);
        var suggestion = NearestName.Of(text, names) is { } nearest ? $" (did you mean \"{nearest}\"?)" : "";
        throw new FormatException($"{option} has \"{text}\"{suggestion}; must be some of {string.Join(", ", names)}.");
    }

    private static double? ReadSeconds(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= MostSeconds) return seconds;
        result.AddError($"--seconds is \"{text}\"; must be a number above 0, at most {MostSeconds}.");
        return null;
    }
}
