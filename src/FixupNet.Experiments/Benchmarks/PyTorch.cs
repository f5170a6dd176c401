using FixupNet.Experiments.Configuration;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>A Python that has torch, and the project's script for it.</summary>
internal sealed class PyTorch
{
    // The second is Debian's, which has python3-torch even where another Python comes first.
    internal static readonly IReadOnlyList<string> Candidates = ["python3", "/usr/bin/python3"];

    private readonly string _interpreter;

    private PyTorch(string interpreter) => _interpreter = interpreter;

    /// <summary>The script, beside the program; the repository has it in bench/.</summary>
    internal static string Script => Path.Combine(AppContext.BaseDirectory, "pytorch_step.py");

    /// <summary>The first Python that can import torch; null where none can.</summary>
    internal static PyTorch? Find() => Candidates.FirstOrDefault(HasTorch) is { } interpreter ? new PyTorch(interpreter) : null;

    /// <summary>Starts the script with all three standard streams redirected.</summary>
    /// <param name="contender">What it computes.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    internal Process Start(Contender contender)
    {
        var layout = contender.Kind == ContenderKind.PytorchNchw ? "nchw" : "channels_last";
        var compile = contender.Kind switch
        {
            ContenderKind.PytorchCompiled => "default",
            ContenderKind.PytorchCompiledGraphs => "reduce-overhead",
            _ => "none",
        };
        return Start(
            _interpreter,
            [
                Script, contender.Variant, Text(contender.Depth), "--model", contender.Model.Name, "--size", Text(contender.Model.Size), "--batch", Text(contender.BatchSize), "--threads", Text(contender.Threads),
                "--layout", layout, "--device", contender.Device, "--precision", contender.Precision == Precision.BFloat16 ? "bfloat16" : "float32",
                "--compile", compile, "--serve",
            ]) ?? throw new IOException($"Cannot start {_interpreter}.");
    }

    /// <summary>Whether contenders of a kind are PyTorch's.</summary>
    internal static bool Computes(ContenderKind kind) => kind is ContenderKind.Pytorch or ContenderKind.PytorchNchw or ContenderKind.PytorchChannelsLast
        or ContenderKind.PytorchCuda or ContenderKind.PytorchCompiled or ContenderKind.PytorchCompiledGraphs;

    private static bool HasTorch(string interpreter)
    {
        using var process = Start(interpreter, ["-c", "import torch"]);
        if (process is null) return false;
        process.StandardInput.Close();
        _ = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    // Null where there is no such program.
    private static Process? Start(string interpreter, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(interpreter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // As this program tells its own OpenBLAS, which may be the same library.
        if (NativeRuntime.OpenBlasKernels is { } kernels) start.Environment.TryAdd(NativeRuntime.OpenBlasVariable, kernels);
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
