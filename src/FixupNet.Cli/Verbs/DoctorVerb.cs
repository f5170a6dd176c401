using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Diagnostics;
using FixupNet.Experiments.Trials;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Cli.Verbs;

/// <summary>"doctor": whether this machine can train, and with what.</summary>
internal static class DoctorVerb
{
    private sealed record Finding(string Subject, string Value, bool IsGood = true);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var json = Inputs.Json();
        var device = new Option<string?>("--device") { Description = "Also train small networks on a GPU and compare with the CPU: cuda or cuda:N.", HelpName = "DEVICE" };
        var verb = new Verb("doctor", "Tells what this machine computes with and whether it works.", "fixupnet doctor", "fixupnet doctor --device cuda") { device, json };
        verb.SetAction(parsed =>
        {
            List<Finding> findings = [.. Machinery(), .. Tensors(), new("data folder", DataFolder.Resolve(null))];
            if (parsed.GetValue(device) is { } card) findings.AddRange(Card(card));
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, findings);
            else Write(host.Output, findings);
            return findings.All(finding => finding.IsGood) ? ExitCodes.Success : ExitCodes.Unavailable;
        });
        return verb;
    }

    private static IEnumerable<Finding> Machinery() =>
    [
        new("fixupnet", typeof(DoctorVerb).Assembly.GetName().Version?.ToString(3) ?? "unknown"),
        new(".NET", RuntimeInformation.FrameworkDescription),
        new("system", $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}"),
        new("processor", HostMachine.ProcessorName),
        new("processors", $"{Environment.ProcessorCount}"),
        new("memory", RunText.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)),
    ];

    private static IEnumerable<Finding> Tensors()
    {
        try
        {
            var result = Convolve();
            var wrong = ConvolutionCheck.KnownWidths.Where(width => !ConvolutionCheck.IsRight(width, width)).ToList();
            return
            [
                new("tensor provider", Provider()),
                new("libtorch", $"{HostMachine.Libtorch}{(NativeRuntime.LoadedFile("torch_cpu") is { } file ? $" ({file})" : "")}"),
                new("threads", $"{get_num_threads()}"),
                new("matrix products", MatrixProducts()),
                new("CUDA", Cards()),
                new("engine", HostMachine.Engine),
                new("convolution", result == ExpectedSum ? "works" : $"gives {result} where {ExpectedSum} is due", result == ExpectedSum),
                new("its gradients", wrong.Count == 0
                    ? $"right at {string.Join(", ", ConvolutionCheck.KnownWidths)} channels"
                    : $"libtorch gives WRONG input gradients at {string.Join(", ", wrong)} channels: the eager path trains multiples of {ConvolutionCheck.SafeMultiple} only", wrong.Count == 0),
            ];
        }
        catch (Exception error) when (error is TypeInitializationException or NotSupportedException or DllNotFoundException or ExternalException)
        {
            return [new("tensor provider", Provider()), new("libtorch", Failure.Of(error).Message, false)];
        }
    }

    // The launcher chooses, and tells why.
    private static string Provider() =>
        Environment.GetEnvironmentVariable("FIXUPNET_PROVIDER_BECAUSE") is { Length: > 0 } reason ? $"{HostMachine.ProviderName} ({reason})" : HostMachine.ProviderName;

    private static IEnumerable<Finding> Card(string device)
    {
        ComputeDevice.Of(device);
        return CardCheck.Run(device).Select(row => new Finding(
            row.Name,
            FormattableString.Invariant($"loss {row.LossError:G2}, norms {row.NormError:G2} off the CPU's, allowed {row.Tolerance:G2}; ")
                + $"{(row.Repeats ? "repeats bit for bit" : "does not repeat bit for bit")}; {row.Engine}",
            row.IsGood));
    }

    private static string Cards() => cuda.is_available()
        ? string.Join(", ", Enumerable.Range(0, cuda.device_count()).Select(index => $"cuda:{index} {HostMachine.CardName(device(DeviceType.CUDA, index)) ?? "(the driver tells no name)"}"))
        : "none";

    // 4 output channels, of which each of the 2×2 places sees 3·3·3 ones.
    private const double ExpectedSum = 4 * 4 * 27;

    private static double Convolve()
    {
        using var scope = NewDisposeScope();
        return nn.functional.conv2d(ones([1, 3, 4, 4]), ones([4, 3, 3, 3])).sum().ToDouble();
    }

    private static string MatrixProducts()
    {
        const int Size = 512;
        using var scope = NewDisposeScope();
        var matrix = ones([Size, Size]);
        var seconds = Enumerable.Range(0, 5).Min(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            matrix.matmul(matrix);
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        });
        var rate = FormattableString.Invariant($"{2e-9 * Size * Size * Size / seconds:F0} GFLOP/s");
        // Where Debian keeps the reference implementation of BLAS, which its libtorch comes with.
        return NativeRuntime.LoadedFile("/blas/libblas.so") is { } reference
            ? $"{rate}: {reference} is BLAS's reference implementation; networks of matrix products train many times as fast with libopenblas0-openmp" : rate;
    }

    private static void Write(TextWriter output, List<Finding> findings)
    {
        var table = new TextTable("", "", "");
        foreach (var finding in findings) table.Add(finding.IsGood ? "ok" : "NO", finding.Subject, finding.Value);
        table.WriteTo(output);
    }
}
