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
    public static void Load(string path, IReadOnlyDictionary<string, Tensor> targets)
    {
        var content = SafetensorsFile.Read(path).Entries.ToDictionary(entry => entry.Name);
        Require(path, content.Values.ToDictionary(entry => entry.Name, entry => (entry.DType, entry.Shape)), targets);
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in targets) target.copy_(ToTensor(content[name], path));
    }

    /// <summary>Checks names, element types, shapes and completeness of tensors without reading their elements.</summary>
    /// <param name="path">The file.</param>
    /// <param name="targets">What it must hold, by name.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or does not hold exactly these tensors.</exception>
    public static void Require(string path, IReadOnlyDictionary<string, Tensor> targets) =>
        Require(path, SafetensorsFile.ReadLayout(path).ToDictionary(tensor => tensor.Name, tensor => (tensor.DType, tensor.Shape)), targets);

    private static void Require(
        string path, Dictionary<string, (string DType, IReadOnlyList<long> Shape)> content, IReadOnlyDictionary<string, Tensor> targets)
    {
        RequireNone(path, "lacks", [.. targets.Keys.Where(name => !content.ContainsKey(name))]);
        RequireNone(path, "holds, unknown to this network,", [.. content.Keys.Where(name => !targets.ContainsKey(name))]);
        foreach (var (name, target) in targets)
        {
            var (type, shape) = content[name];
            TypeOf(name, type, path);
            if (!shape.SequenceEqual(target.shape))
                throw new InvalidDataException($"{path}: {name} has shape [{string.Join(",", shape)}]; this network needs [{string.Join(",", target.shape)}].");
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
        var tensor = empty([.. entry.Shape], TypeOf(entry.Name, entry.DType, path));
        entry.Data.Span.CopyTo(tensor.bytes);
        return tensor;
    }

    private static ScalarType TypeOf(string tensor, string elementType, string path)
    {
        foreach (var (type, name) in s_types)
            if (name == elementType) return type;
        throw new InvalidDataException($"{path}: {tensor} has element type {elementType}; readable are {string.Join(", ", s_types.Values)}.");
    }

    private static void RequireNone(string path, string what, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        var shown = string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
        throw new InvalidDataException($"{path} {what} {shown}.");
    }
}
