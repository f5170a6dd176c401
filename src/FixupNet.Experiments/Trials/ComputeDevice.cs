using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>The device asked for is not there.</summary>
/// <param name="message">What was asked for and what there is.</param>
public sealed class DeviceNotAvailableException(string message) : Exception(message);

/// <summary>Turns the name of a device into the device.</summary>
public static class ComputeDevice
{
    /// <summary>Finds the device.</summary>
    /// <param name="name">auto, cpu, cuda or cuda:N.</param>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    /// <exception cref="DeviceNotAvailableException">There is no such GPU.</exception>
    public static Device Of(string name)
    {
        if (name == "auto") return cuda.is_available() ? CUDA : CPU;
        if (name == "cpu") return CPU;
        var index = name == "cuda" ? 0 : IndexOf(name);
        if (index < 0) throw new ArgumentException($"device is \"{name}\"; must be auto, cpu, cuda or cuda:N.", nameof(name));
        var count = cuda.is_available() ? cuda.device_count() : 0;
        if (index >= count)
            throw new DeviceNotAvailableException($"device is \"{name}\", but libtorch sees {count} CUDA device(s); use --device cpu, or see fixupnet doctor.");
        return device(DeviceType.CUDA, index);
    }

    // NumberStyles.None: digits only, no sign and no blanks.
    private static int IndexOf(string name) =>
        name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1;
}
