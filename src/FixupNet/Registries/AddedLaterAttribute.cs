namespace FixupNet.Registries;

/// <summary>
/// Marks an option that was added after runs had been recorded: at its default a resolved document leaves it out, so that documents without it
/// keep their text, their hash and their folders.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddedLaterAttribute : Attribute;
