using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FixupNet.Architecture.Tests;

/// <summary>
/// A library built from other structures than its caller's reads other memory. Both sides carry a revision, which is checked at load:
/// it must move whenever a structure of the interface does.
/// </summary>
public sealed partial class NativeRevisionTests
{
    private const string Native = "src/FixupNet.Engine/native";

    // After a change of a structure: raise the revision in C++ and in C#, and write here the new pair that the failure prints.
    [TestCase("cuda/exports.cu", "Cuda/Interop/CudaMethods.cs", "kRevision = (?<revision>[0-9]+)", "cuda/convolution.h cuda/passes.h", "4 8c61c7ddd7cb310a")]
    public void Structures_ChangeWithTheirRevision(string definition, string caller, string pattern, string headers, string expected)
    {
        var revision = Regex.Match(Repository.Read($"{Native}/{definition}"), pattern).Groups["revision"].Value;
        var structures = headers.Split(' ').SelectMany(header => Structures().Matches(Comments().Replace(Repository.Read($"{Native}/{header}"), "")).Select(match => match.Value));
        var text = Spaces().Replace(string.Concat(structures), "");
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

        using (Assert.EnterMultipleScope())
        {
            Assert.That($"{revision} {digest}", Is.EqualTo(expected));
            Assert.That(Repository.Read($"src/FixupNet.Engine/{caller}"), Does.Contain($"int Revision = {revision};"));
        }
    }

    [GeneratedRegex(@"(typedef )?struct \w* ?\{[^{}]*\}[^;]*;")]
    private static partial Regex Structures();

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
