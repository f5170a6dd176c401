using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Benchmarks;
using FixupNet.Experiments.Configuration;

namespace FixupNet.Cli.Verbs;

/// <summary>"bench-contender", hidden: one contender of "bench" in a process of its own, which takes its turns from standard input.</summary>
internal static class BenchContenderVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var kind = new Argument<ContenderKind>("KIND") { Description = "What computes." };
        var depth = Required<int>("--depth", "Layers of the network.");
        var batch = Required<int>("--batch", "Examples of a step.");
        var threads = Required<int>("--threads", "CPU threads.");
        var precision = new Option<Precision>("--precision") { Description = "How the engine keeps activations." };
        var device = new Option<string>("--device") { Description = "Where it computes.", DefaultValueFactory = _ => "cpu" };
        var model = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => BenchmarkModel.All[0].Name };
        var size = Required<int>("--size", "Side of its images, or words of its sentences.");
        var variant = new Option<string>("--variant") { Description = "Which network.", DefaultValueFactory = _ => "fixup" };
        var budget = Inputs.Path("--memory-budget", "SIZE", "What the engine may take.");
        var verb = new Verb(
            "bench-contender", "Takes part in a benchmark.", "fixupnet bench-contender engine --depth 20 --batch 128 --threads 2 --size 32")
        {
            kind, depth, batch, threads, precision, budget, device, model, size, variant,
        };
        verb.Hidden = true;
        verb.SetAction(parsed =>
        {
            NativeRuntime.LoadAhead();
            var contender = new Contender(
                parsed.GetRequiredValue(kind), parsed.GetRequiredValue(depth), parsed.GetRequiredValue(batch), parsed.GetRequiredValue(threads),
                parsed.GetValue(precision), parsed.GetValue(budget), parsed.GetValue(device)!, parsed.GetValue(variant)!)
            {
                Model = BenchmarkModel.Of(parsed.GetValue(model)!) with { Size = parsed.GetRequiredValue(size) },
            };
            ContenderServer.Serve(contender, Console.In, host.Output, host.Clock);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static Option<T> Required<T>(string name, string description) => new(name) { Description = description, Required = true };
}
