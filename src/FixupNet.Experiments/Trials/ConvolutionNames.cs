using System.Text.Json;
using FixupNet.Engine;
using FixupNet.Runs.Checkpoints;

namespace FixupNet.Experiments.Trials;

/// <summary>Spells the engine's choices for files.</summary>
internal static class ConvolutionNames
{
    /// <summary>A choice as a checkpoint keeps it.</summary>
    internal static ChosenConvolution Of(ConvolutionChoice choice) => new(
        choice.InChannels, choice.OutChannels, choice.Height, choice.Width, NameOf(choice.Direction), NameOf(choice.Algorithm));

    /// <summary>A checkpoint's choice for the engine.</summary>
    /// <exception cref="InvalidDataException">A name is unknown.</exception>
    internal static ConvolutionChoice Parse(ChosenConvolution chosen) => new(
        chosen.InChannels, chosen.OutChannels, chosen.Height, chosen.Width, Parse<ConvolutionDirection>(chosen.Direction),
        Parse<ConvolutionAlgorithm>(chosen.Algorithm), Seconds: 0);

    /// <summary>A member's name in kebab case.</summary>
    internal static string NameOf<T>(T member) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(member.ToString());

    private static T Parse<T>(string name) where T : struct, Enum =>
        Enum.GetValues<T>().Where(member => NameOf(member) == name).Select(member => (T?)member).FirstOrDefault()
        ?? throw new InvalidDataException($"\"{name}\" is no {typeof(T).Name}; it may be one of {string.Join(", ", Enum.GetValues<T>().Select(NameOf))}.");
}
