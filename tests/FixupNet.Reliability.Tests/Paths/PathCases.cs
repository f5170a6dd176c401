using System.Runtime.Versioning;
using static FixupNet.Reliability.Tests.Paths.CaseFolder;

namespace FixupNet.Reliability.Tests.Paths;

/// <summary>Every path that a command is tried on.</summary>
[UnsupportedOSPlatform("windows")]
internal static class PathCases
{
    private const string Train = "train {0}/tiny.json --threads 1 --output ";

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<PathCase> All { get; } =
    [
        // Not allowed.
        new("a folder that may not be added to", 77, "closed/run", Train + "{0}/closed/run") { Prepare = folder => folder.Folder("closed", OwnerOnly) },
        new("a run's folder that may not be added to", 77, "closed", Train + "{0}/closed") { Prepare = folder => folder.Folder("closed", OwnerOnly) },
        new("a folder that may not be entered", 77, "closed/run", Train + "{0}/closed/run") { Prepare = folder => folder.Folder("closed", Nobody) },
        new("a run whose lock is somebody else's", 77, ".lock", Train + "{0}/done") { Prepare = folder => folder.Allow("done/.lock", Nobody) },
        new("a run whose summary may not be read", 77, "summary.json", Train + "{0}/done") { Prepare = folder => folder.Allow("done/summary.json", Nobody) },
        new("a run whose configuration may not be read", 77, "config.json", Train + "{0}/done") { Prepare = folder => folder.Allow("done/config.json", Nobody) },
        new("a configuration that may not be read", 77, "tiny.json", Train + "{0}/run") { Prepare = folder => folder.Allow("tiny.json", Nobody) },
        new("a configuration to show that may not be read", 77, "tiny.json", "config show {0}/tiny.json") { Prepare = folder => folder.Allow("tiny.json", Nobody) },
        new("a configuration to check that may not be read", 77, "tiny.json", "config validate {0}/tiny.json") { Prepare = folder => folder.Allow("tiny.json", Nobody) },
        new("a configuration to probe that may not be read", 77, "tiny.json", "probe {0}/tiny.json") { Prepare = folder => folder.Allow("tiny.json", Nobody) },
        new("a configuration in a folder that may not be entered", 77, "closed", "config show {0}/closed/tiny.json") { Prepare = folder => folder.Folder("closed", Nobody) },
        new("a sweep that may not be read", 77, "sweep.json", "sweep plan {0}/sweep.json") { Prepare = folder => folder.Allow("sweep.json", Nobody) },
        new("a sweep into a folder that may not be added to", 77, "closed", "sweep run {0}/sweep.json --output {0}/closed") { Prepare = folder => folder.Folder("closed", OwnerOnly) },
        new("a sweep whose plan may not be read", 77, "plan.jsonl", "sweep status {0}/swept") { Prepare = folder => folder.Allow("swept/plan.jsonl", Nobody) },
        new("a sweep to run on whose plan may not be read", 77, "plan.jsonl", "sweep run {0}/swept") { Prepare = folder => folder.Allow("swept/plan.jsonl", Nobody) },
        new("a sweep to report whose plan may not be read", 77, "plan.jsonl", "report {0}/swept") { Prepare = folder => folder.Allow("swept/plan.jsonl", Nobody) },
        new("a sweep to compare whose plan may not be read", 77, "plan.jsonl", "compare {0}/swept {0}/swept") { Prepare = folder => folder.Allow("swept/plan.jsonl", Nobody) },
        new("the result of a run where nothing may be added", 0, "", "report {0}/done") { Prepare = folder => folder.Allow("done", OwnerOnly) },
        new("an export where nothing may be added", 77, "swept", "export {0}/swept --to csv") { Prepare = folder => folder.Allow("swept", OwnerOnly) },
        new("weights that may not be read", 77, "model.safetensors", "evaluate {0}/done") { Prepare = folder => folder.Allow("done/checkpoints/" + Latest(folder) + "/model.safetensors", Nobody) },
        new("checkpoints that may not be entered", 77, "checkpoints", "evaluate {0}/done") { Prepare = folder => folder.Allow("done/checkpoints", Nobody) },
        new("weights to inspect that may not be read", 77, "w.safetensors", "checkpoint inspect {0}/w.safetensors") { Prepare = folder => folder.Allow("w.safetensors", Nobody) },
        new("weights to begin with that may not be read", 77, "w.safetensors", Train + "{0}/run initialization.weights={0}/w.safetensors") { Prepare = folder => folder.Allow("w.safetensors", Nobody) },
        new("weights to a folder that may not be added to", 77, "closed", "checkpoint export {0}/done/config.json --to {0}/closed/w.safetensors") { Prepare = folder => folder.Folder("closed", OwnerOnly) },
        new("data to a folder that may not be added to", 77, "closed", "data fetch mnist --root {0}/closed") { Prepare = folder => folder.Folder("closed", OwnerOnly) },
        // Cannot be created.
        new("a file where a folder is due", 73, "tiny.json", Train + "{0}/tiny.json"),
        new("a file above the folder", 73, "tiny.json/run", Train + "{0}/tiny.json/run"),
        new("a link to nowhere", 73, "link", Train + "{0}/link") { Prepare = folder => folder.Link("link", "nowhere") },
        new("a link to itself", 73, "link", Train + "{0}/link") { Prepare = folder => folder.Link("link", "link") },
        new("links in a circle above the folder", 73, "one/run", Train + "{0}/one/run") { Prepare = Circle },
        new("a device", 73, "/dev/null", Train + "/dev/null"),
        new("a folder under a device", 73, "/dev/null/run", Train + "/dev/null/run"),
        new("a folder of the kernel's", 73, "/proc/run", Train + "/proc/run"),
        new("a name of 256 bytes", 73, "too long", Train + "{0}/{long}a"),
        new("a path of 5,000 bytes", 73, "too long", Train + "{0}/" + string.Concat(Enumerable.Repeat("deeper/", 714))),
        new("a sweep under a file", 73, "tiny.json", "sweep run {0}/sweep.json --output {0}/tiny.json"),
        new("weights under a file", 73, "tiny.json", "checkpoint export {0}/done/config.json --to {0}/tiny.json/w.safetensors"),
        new("an empty path", 64, "--output is empty", Train),
        new("an empty path of a sweep", 64, "--output is empty", "sweep run {0}/sweep.json --output "),
        // Not there.
        new("a run that was renamed", 66, "done", "evaluate {0}/done") { Prepare = folder => Directory.Move(folder.At("done"), folder.At("renamed")) },
        new("a run that was removed", 66, "done", "export {0}/done --to csv") { Prepare = folder => Directory.Delete(folder.At("done"), recursive: true) },
        new("data that are not there", 66, "{0}/data", Train + "{0}/run dataset={{\"name\":\"cifar10\",\"root\":\"{0}/data\"}}"),
        new("a relative path in a folder that was removed", 66, "tiny.json", "train tiny.json --output {0}/run") { InRemovedFolder = true },
        new("a relative output in a folder that was removed", 73, "current folder no longer exists", Train + "run") { InRemovedFolder = true },
        // Read-only.
        new("a new folder on a read-only file system", 73, "mounted/run", Train + "{0}/mounted/run") { AsNobody = false, OnReadOnlyMount = true },
        new("a folder on a read-only file system", 74, "mounted", Train + "{0}/mounted") { AsNobody = false, OnReadOnlyMount = true },
        new("a sweep on a read-only file system", 73, "mounted", "sweep run {0}/sweep.json --output {0}/mounted") { AsNobody = false, OnReadOnlyMount = true },
        new("weights to a read-only file system", 74, "mounted", "checkpoint export {0}/done/config.json --to {0}/mounted/w.safetensors") { AsNobody = false, OnReadOnlyMount = true },
        new("data to a read-only file system", 74, "mounted", "data fetch mnist --root {0}/mounted") { AsNobody = false, OnReadOnlyMount = true },
        // Odd, and good.
        new("a name of 255 bytes", 0, "", Train + "{0}/{long}") { Run = "{long}" },
        new("a path of 3,000 bytes", 0, "", Train + "{0}/" + string.Concat(Enumerable.Repeat("deeper/", 428))) { Run = string.Concat(Enumerable.Repeat("deeper/", 428)) },
        new("letters of many alphabets", 0, "", Train + "{0}/Größe-日本-🚀-مرحبا") { Run = "Größe-日本-🚀-مرحبا" },
        new("blanks, a tab and a line feed", 0, "", Train + "{0}/␣one␣two\tthree\nfour␣") { Run = " one two\tthree\nfour " },
        new("what a shell would not leave alone", 0, "", Train + "{0}/$(id)`id`'\"\\;&|*?~!") { Run = "$(id)`id`'\"\\;&|*?~!" },
        new("what a formatter would not leave alone", 0, "", Train + "{0}/%s%n-[red]x[/]") { Run = "%s%n-[red]x[/]" },
        new("a hidden folder", 0, "", Train + "{0}/.run") { Run = ".run" },
        new("dots that lead back", 0, "", Train + "{0}/new/../here/./run") { Run = "here/run" },
        new("a link to a folder", 0, "", Train + "{0}/link") { Prepare = folder => { folder.Folder("real"); folder.Link("link", "real"); }, Run = "real" },
        new("a link above the folder", 0, "", Train + "{0}/link/run") { Prepare = folder => { folder.Folder("real"); folder.Link("link", "real"); }, Run = "real/run" },
        new("full paths in a folder that was removed", 0, "", Train + "{0}/run") { InRemovedFolder = true, Run = "run" },
        new("weights under a name of 255 bytes", 0, "", "checkpoint export {0}/done/config.json --to {0}/{long}"),
    ];

    private static string Latest(CaseFolder folder) => File.ReadAllText(folder.At("done/checkpoints/latest")).Trim();

    private static void Circle(CaseFolder folder)
    {
        folder.Link("one", "two");
        folder.Link("two", "one");
    }
}
