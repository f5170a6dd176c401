using System.Globalization;
using System.Text;

namespace FixupNet.Cli.Host;

/// <summary>Standard output or standard error, which may be a full disk or a terminal that was closed: what cannot be written is lost, and
/// the work goes on.</summary>
/// <param name="stream">The stream.</param>
internal sealed class StandardStream(TextWriter stream) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>Why something was lost, first; null while nothing was.</summary>
    public string? WriteFailure { get; private set; }

    /// <inheritdoc/>
    public override Encoding Encoding => stream.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => stream.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => stream.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => stream.Write(value));

    /// <inheritdoc/>
    // In one piece, or lines of several processes would be mixed.
    public override void WriteLine(string? value) => Try(() => stream.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(stream.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        // The last two: .NET's words for a stream that is closed, or was when the program started.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or ObjectDisposedException)
        {
            WriteFailure ??= error.Message;
        }
    }
}
