using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Benchmarks;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Json;
using static TorchSharp.torch;

namespace FixupNet.Cli.Verbs;

/// <summary>"bench": this machine's training speed, side by side with PyTorch and with what the convolutions alone take.</summary>
internal static class BenchVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var options = new BenchInputs();
        var (json, output) = (Inputs.Json(), Inputs.Path("--output", "FILE", "Also write the result to a file, as JSON."));
        var verb = new Verb(
            "bench",
            "Measures whole training steps of ResNets or Transformers: the engine, the eager path and PyTorch take turns. "
            + "A machine's clock may change by a factor of two within minutes, so only ratios within one call mean anything.",
            "fixupnet bench", "fixupnet bench --depth 110 --only engine,pytorch --output bench.json", "fixupnet bench --depth 110 --only engine,floor --deep", "fixupnet bench --variant batchnorm", "fixupnet bench --model resnet-imagenet --depth 50 --size 224 --batch 16", "fixupnet bench --model transformer")
        {
            options.Depth, options.Batch, options.Threads, options.Rounds, options.Seconds, options.Only, options.Deep, options.Device, options.Model, options.Size, options.Variant, json, output,
        };
        verb.SetAction(parsed =>
        {
            var file = parsed.GetValue(output) is { } path ? RequireWritable(path) : null;
            var asked = options.Read(parsed, get_num_threads());
            var runner = new BenchmarkRunner(host.Contenders, host.Log.Console.WriteLine);
            var result = runner.Run(asked, BenchmarkEnvironment.Describe(asked.Threads, ComputeDevice.Of(asked.Device), host.Clock));
            if (file is not null) RunJson.WriteFile(file, result);
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, result);
            else BenchDisplay.Write(host.Output, result);
            return ExitCodes.Success;
        });
        return verb;
    }

    // Before minutes of measuring, not after.
    private static string RequireWritable(string path)
    {
        if (Directory.Exists(path)) throw new UsageException($"--output {path} is a folder; a file is needed here.");
        OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return path;
    }
}
