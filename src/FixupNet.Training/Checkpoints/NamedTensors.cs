using FixupNet.Runs.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Checkpoints;

/// <summary>Moves named tensors to and from safetensors.</summary>
public static class NamedTensors
{
    private static readonly Dictionary<ScalarType, string> s_types = new()
    {
        [ScalarType.Float32] = "F32", [ScalarType.Float64] = "F64", [ScalarType.BFloat16] = "BF16", [ScalarType.Float16] = "F16",
        [ScalarType.Int64] = "I64", [ScalarType.Int32] = "I32", [ScalarType.Byte] = "U8",
    };

    /// <summary>Writes tensors, one after the other.</summary>
    /// <param name="stream">Takes a .safetensors file.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        SafetensorsFile.Write(stream, [.. tensors.Select(item => Source(item.Name, item.Tensor))]);

    /// <summary>Reads tensors back in place; names, element types, shapes and completeness are checked before anything is changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="targets">Where to, by name.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or does not hold exactly these tensors.</exception>
    public static void Load(string path, IReadOnlyDictionary<string, Tensor> targets) => Load(path, SafetensorsFile.Read(path).Entries, targets);

    /// <summary>Reads tensors that were read from a file already.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="entries">Its tensors.</param>
    /// <param name="targets">Where to, by name.</param>
    /// <param name="requireFinite">Refuses what is not finite, or would not be in the type of its target.</param>
    /// <exception cref="InvalidDataException">They are not exactly these tensors, or not finite.</exception>
    internal static void Load(
        string path, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, Tensor> targets, bool requireFinite = false)
    {
        Require(path, entries, targets);
        var content = entries.ToDictionary(entry => entry.Name);
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        if (requireFinite)
            foreach (var (name, target) in targets) RequireFinite(content[name], target.dtype, path);
        foreach (var (name, target) in targets) target.copy_(ToTensor(content[name], path));
    }

    /// <summary>Checks names, element types, shapes and completeness; elements are not looked at.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="entries">Its tensors; they need no data.</param>
    /// <param name="targets">What it must hold, by name.</param>
    /// <exception cref="InvalidDataException">They are not exactly these tensors.</exception>
    internal static void Require(string path, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, Tensor> targets)
    {
        var content = entries.ToDictionary(entry => entry.Name);
        RequireNone(path, "lacks", [.. targets.Keys.Where(name => !content.ContainsKey(name))]);
        RequireNone(path, "holds, unknown to this network,", [.. content.Keys.Where(name => !targets.ContainsKey(name))]);
        foreach (var (name, target) in targets)
        {
            TypeOf(content[name], path);
            if (!content[name].Shape.SequenceEqual(target.shape))
                throw new InvalidDataException($"{path}: {name} has shape [{string.Join(",", content[name].Shape)}]; this network needs [{string.Join(",", target.shape)}].");
        }
    }

    private static SafetensorsSource Source(string name, Tensor tensor) => new(
        name, s_types[tensor.dtype], tensor.shape, tensor.numel() * tensor.ElementSize, stream =>
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        });

    private static Tensor ToTensor(SafetensorsEntry entry, string path)
    {
        var tensor = empty([.. entry.Shape], TypeOf(entry, path));
        entry.Data.Span.CopyTo(tensor.bytes);
        return tensor;
    }

    private static void RequireFinite(SafetensorsEntry entry, ScalarType type, string path)
    {
        using var scope = NewDisposeScope();
        var tensor = ToTensor(entry, path);
        if (!tensor.isfinite().all().ToBoolean()) throw new InvalidDataException($"{path}: {entry.Name} holds NaN or infinity; weights must be finite.");
        if (!tensor.to(type).isfinite().all().ToBoolean())
            throw new InvalidDataException($"{path}: {entry.Name} holds numbers beyond the range of {s_types[type]}; train in a wider training.precision.");
    }

    private static ScalarType TypeOf(SafetensorsEntry entry, string path)
    {
        foreach (var (type, name) in s_types)
            if (name == entry.DType) return type;
        throw new InvalidDataException($"{path}: {entry.Name} has element type {entry.DType}; readable are {string.Join(", ", s_types.Values)}.");
    }

    private static void RequireNone(string path, string what, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        var shown = string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
        throw new InvalidDataException($"{path} {what} {shown}.");
    }
}
