using FixupNet.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>What this machine and this build are, by name.</summary>
public static class HostMachine
{
    /// <summary>The tensor provider the product was built with.</summary>
    public const string ProviderName =
#if LIBTORCH_PROVIDER
        "LibTorch";
#else
        "TorchSharp";
#endif

    /// <summary>What the depth-first engine computes with; it decides how sums round.</summary>
    public static string Engine => $"depth-first, {DepthFirstEngine.InstructionSet} kernels";

    /// <summary>Version of libtorch, and whether it computes without <see cref="OneDnn"/>; either decides how sums round.</summary>
    public static string Libtorch => OneDnn.IsOff ? $"{__version__} without oneDNN" : __version__;

    /// <summary>Model of the card that a device is; null for the CPU, and where the driver does not tell.</summary>
    /// <param name="device">The device.</param>
    public static string? CardName(Device device) => device.type == DeviceType.CUDA ? CudaDriver.NameOf(Math.Max(0, device.index)) : null;

    /// <summary>Model of the processor, as far as the system tells.</summary>
    public static string ProcessorName
    {
        get
        {
            const string file = "/proc/cpuinfo";
            if (!File.Exists(file)) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
            var line = File.ReadLines(file).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
            return line?[(line.IndexOf(':') + 1)..].Trim() ?? "unknown";
        }
    }
}
