using System.Runtime.InteropServices;
using FixupNet.Engine;
using FixupNet.Experiments.Trials;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>What a benchmark ran on.</summary>
/// <param name="Cpu">Model of the processor.</param>
/// <param name="Cores">Processors that the system gives this process.</param>
/// <param name="Threads">Threads used.</param>
/// <param name="InstructionSet">Of the engine's kernels.</param>
/// <param name="Os">Operating system.</param>
/// <param name="Dotnet">.NET's version.</param>
/// <param name="Provider">Who provides tensors.</param>
/// <param name="Libtorch">libtorch's version.</param>
/// <param name="Commit">Commit of this program; null where the build did not know it.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Gpu">Model of the GPU that was measured; null on the CPU, and where the driver does not tell.</param>
public sealed record BenchmarkEnvironment(
    string Cpu, int Cores, int Threads, string InstructionSet, string Os, string Dotnet, string Provider, string Libtorch, string? Commit,
    DateTimeOffset StartedAt, string? Gpu = null)
{
    /// <summary>Describes this machine and this program.</summary>
    /// <param name="threads">Threads used.</param>
    /// <param name="device">What is measured.</param>
    /// <param name="clock">Tells the time.</param>
    public static BenchmarkEnvironment Describe(int threads, Device device, TimeProvider clock)
    {
        return new(
            HostMachine.ProcessorName, Environment.ProcessorCount, threads, DepthFirstEngine.InstructionSet,
            RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, HostMachine.ProviderName, HostMachine.Libtorch,
            ProgramSource.Current.Commit, clock.GetUtcNow(), HostMachine.CardName(device));
    }
}
