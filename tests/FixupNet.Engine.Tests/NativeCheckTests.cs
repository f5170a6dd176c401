using System.Diagnostics;

namespace FixupNet.Engine.Tests;

/// <summary>The C++ side under AddressSanitizer and UndefinedBehaviorSanitizer: native/check/run.sh.</summary>
public sealed class NativeCheckTests : EngineFixture
{
    [Test]
    [Category("Slow")]
    public void Check_FindsNothing_UnderSanitizers()
    {
        var script = Path.Combine(Root(), "src/FixupNet.Engine/native/check/run.sh");
        using var process = Process.Start(new ProcessStartInfo(script) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();

        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.That((process.ExitCode, output), Is.EqualTo((0, $"{DepthFirstEngine.InstructionSet}: 0 failed\n")), errors.GetAwaiter().GetResult());
    }

    private static string Root()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "FixupNet.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
