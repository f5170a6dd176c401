using System.CommandLine;
using System.Globalization;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Runs.Safetensors;

namespace FixupNet.Cli.Verbs;

/// <summary>"checkpoint inspect": what a .safetensors holds.</summary>
internal static class CheckpointInspectVerb
{
    private sealed record TensorDescription(string Name, string DType, IReadOnlyList<long> Shape);

    private sealed record FileDescription(
        string File, long ElementCount, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<TensorDescription> Tensors);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var file = new Argument<string>("FILE") { Description = "A .safetensors file." };
        var json = Inputs.Json();
        var verb = new Verb(
            "inspect", "Lists the tensors of a .safetensors file.",
            "fixupnet checkpoint inspect model.safetensors")
        {
            file, json,
        };
        verb.SetAction(parsed =>
        {
            var path = Inputs.RequireFile(parsed.GetRequiredValue(file));
            using var content = SafetensorsFile.Open(path);
            List<TensorDescription> tensors = [.. content.Tensors.Select(tensor => new TensorDescription(tensor.Name, tensor.DType, tensor.Shape))];
            var count = tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, new FileDescription(path, count, content.Metadata, tensors));
            else Write(host.Output, tensors, count);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static void Write(TextWriter output, List<TensorDescription> tensors, long elementCount)
    {
        var table = new TextTable("tensor", "type", "shape");
        foreach (var tensor in tensors) table.Add(tensor.Name, tensor.DType, $"[{string.Join(", ", tensor.Shape)}]");
        table.WriteTo(output);
        output.WriteLine();
        output.WriteLine($"{tensors.Count} tensors, {elementCount.ToString("N0", CultureInfo.InvariantCulture)} numbers");
    }
}
