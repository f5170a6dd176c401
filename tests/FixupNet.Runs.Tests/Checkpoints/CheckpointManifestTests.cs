using System.Text;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Files;

namespace FixupNet.Runs.Tests.Checkpoints;

internal sealed class CheckpointManifestTests
{
    // The format, for those who check a checkpoint without this program; the last line is the SHA-256 of the document with "sha256": "".
    [Test]
    public void ToBytes_WritesTheContractsSpelling()
    {
        var manifest = new CheckpointManifest(1, 500, "abc", [new CheckpointFile("model.safetensors", 3, "def")], [new LogLength("metrics.jsonl", 12)]);
        const string withoutSum = """
            {
              "schema": 1,
              "step": 500,
              "configHash": "abc",
              "files": [
                {
                  "name": "model.safetensors",
                  "bytes": 3,
                  "sha256": "def"
                }
              ],
              "logs": [
                {
                  "name": "metrics.jsonl",
                  "bytes": 12
                }
              ],
              "sha256": ""
            }

            """;

        var text = Encoding.UTF8.GetString(manifest.ToBytes());

        Assert.That(text, Is.EqualTo(withoutSum.Replace("\"sha256\": \"\"", $"\"sha256\": \"{RunNames.Hash(withoutSum, digits: 64)}\"")));
    }
}
