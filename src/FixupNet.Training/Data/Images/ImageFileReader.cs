namespace FixupNet.Training.Data.Images;

/// <summary>Reads files that may be anything.</summary>
public static class ImageFileReader
{
    /// <summary>The longest file that is read, in bytes.</summary>
    public const long MaxBytes = 256 << 20;

    /// <summary>Reads an image's file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadImageException">It cannot be read, or is longer than any image that is decoded.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            // Asked of the file system alone: to open a pipe is to wait for whoever writes into it.
            if (Target(path).Length == 0) throw new BadImageException("is empty");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (file.Length > MaxBytes) throw new BadImageException(FormattableString.Invariant($"is {file.Length:N0} bytes long; at most {MaxBytes:N0} are read"));
            var bytes = GC.AllocateUninitializedArray<byte>((int)file.Length);
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadImageException($"cannot be read ({error.Message.TrimEnd('.')})");
        }
    }

    private static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
    }
}
