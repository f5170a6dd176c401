using FixupNet.Registries;

namespace FixupNet.Cli.Tests;

internal sealed class FailureTests
{
    private static readonly TestCaseData[] Errors =
    [
        new(new InvalidOperationException("odd"), 1),
        new(new UsageException("wrong"), 64),
        new(new UnknownNameException("model", "x", ["y"]), 64),
        new(new InvalidDataException("damaged"), 65),
        new(new FileNotFoundException("missing"), 66),
        new(new DirectoryNotFoundException("missing"), 66),
        new(new NotSupportedException("no libtorch"), 69),
        new(new DllNotFoundException("no libtorch"), 69),
        new(new TypeInitializationException("NativeMethods", new NotSupportedException("no libtorch")), 69),
        new(new IOException("disk full"), 74),
        new(new AggregateException(new IOException("disk full"), new IOException("disk full")), 74),
        new(new HttpRequestException("no network"), 74),
        new(new OperationCanceledException(), 75),
        new(new TaskCanceledException(), 75),
        new(new UnauthorizedAccessException("denied"), 77),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Of_GivesTheExitCode(Exception error, int exitCode) => Assert.That(Failure.Of(error).ExitCode, Is.EqualTo(exitCode));

    [Test]
    public void Of_GivesOneLine() =>
        Assert.That(Failure.Of(new IOException("first\r\nsecond\n")).Message, Is.EqualTo("first second"));

    [Test]
    public void Of_ShowsTheCause_WhenALibraryCannotBeLoaded() =>
        Assert.That(Failure.Of(new TypeInitializationException("X", new NotSupportedException("Cannot load libtorch."))).Message, Is.EqualTo("Cannot load libtorch."));
}
