using FixupNet.Methods;

namespace FixupNet.Architectures;

/// <summary>Whether a method has a form for what a model takes.</summary>
internal static class MethodInput
{
    /// <summary>What is wrong with a model's choice of a method; nothing where it has a form.</summary>
    internal static IEnumerable<(string Member, string Message)> Validate(Method method, InputKind inputs)
    {
        if (method.Inputs.HasFlag(inputs)) yield break;
        var fitting = MethodZoo.All.Where(entry => entry.Method.Inputs.HasFlag(inputs)).Select(entry => $"\"{entry.Name}\"");
        var name = MethodZoo.All.FirstOrDefault(entry => entry.OptionsType == method.GetType())?.Name ?? method.GetType().Name;
        yield return ("Variant", $"is \"{name}\", which has no form for {inputs.ToString().ToLowerInvariant()}; must be one of {string.Join(", ", fitting)}");
    }
}
