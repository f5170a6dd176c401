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

    /// <summary>Reads tensors back in place, one after the other; names, element types, shapes and completeness are checked before anything is
    /// changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="targets">Where to, by name.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or does not hold exactly these tensors.</exception>
    public static void Load(string path, IReadOnlyDictionary<string, Tensor> targets)
    {
        using var file = SafetensorsFile.Open(path);
        Load(file, file.Tensors, targets);
    }

    /// <summary>Reads tensors of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tensors">Its tensors, maybe under other names.</param>
    /// <param name="targets">Where to, by name.</param>
    /// <param name="requireFinite">Refuses what is not finite, or would not be in the type of its target.</param>
    /// <exception cref="InvalidDataException">They are not exactly these tensors, or not finite.</exception>
    internal static void Load(
        SafetensorsReader file, IReadOnlyList<TensorLayout> tensors, IReadOnlyDictionary<string, Tensor> targets, bool requireFinite = false)
    {
        Require(file.Path, tensors, targets);
        using var mode = no_grad();
        if (requireFinite)
            ForEach((tensor, target) => RequireFinite(tensor.Name, Elements(tensor), target.dtype, file.Path));
        ForEach((tensor, target) => target.copy_(Elements(tensor)));

        // A network of 10,000 layers has 35,000 tensors: each is freed before the next is read.
        void ForEach(Action<TensorLayout, Tensor> use)
        {
            foreach (var tensor in tensors)
            {
                using var scope = NewDisposeScope();
                use(tensor, targets[tensor.Name]);
            }
        }

        Tensor Elements(TensorLayout tensor)
        {
            var elements = empty([.. tensor.Shape], TypeOf(tensor, file.Path));
            file.Read(tensor, elements.bytes);
            return elements;
        }
    }

    /// <summary>Checks names, element types, shapes and completeness; elements are not looked at.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="targets">What it must hold, by name.</param>
    /// <exception cref="InvalidDataException">They are not exactly these tensors.</exception>
    internal static void Require(string path, IReadOnlyList<TensorLayout> tensors, IReadOnlyDictionary<string, Tensor> targets)
    {
        var content = tensors.ToDictionary(tensor => tensor.Name);
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

    private static void RequireFinite(string name, Tensor elements, ScalarType type, string path)
    {
        if (!elements.isfinite().all().ToBoolean()) throw new InvalidDataException($"{path}: {name} holds NaN or infinity; weights must be finite.");
        if (!elements.to(type).isfinite().all().ToBoolean())
            throw new InvalidDataException($"{path}: {name} holds numbers beyond the range of {s_types[type]}; train in a wider training.precision.");
    }

    private static ScalarType TypeOf(TensorLayout tensor, string path)
    {
        foreach (var (type, name) in s_types)
            if (name == tensor.DType) return type;
        throw new InvalidDataException($"{path}: {tensor.Name} has element type {tensor.DType}; readable are {string.Join(", ", s_types.Values)}.");
    }

    private static void RequireNone(string path, string what, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        var shown = string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
        throw new InvalidDataException($"{path} {what} {shown}.");
    }
}
