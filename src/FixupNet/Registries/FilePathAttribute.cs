namespace FixupNet.Registries;

/// <summary>Marks a text option that names a file or a folder: a relative one means the folder of the document that holds it, and on the
/// command line the current folder.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FilePathAttribute : Attribute;
