using System.Text;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Tests.Trials;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Tests.Studies;

/// <summary>A second test set in each of its layouts.</summary>
internal sealed class NewTestSetStudyTests : TrialFixture
{
    private const int Count = 24;

    private static ImageSet Drawn => ((ImageDataset)Datasets.All["synthetic-shapes"].Load(new SyntheticShapesOptions(1, Count, 77))).Test;

    [Test]
    public void ASet_GivesTheSameAnswer_FromAnyFile()
    {
        var (set, drawn) = (Drawn, Ask("seed=77"));

        var npy = Ask($"file={WriteNpy(set)}");
        var records = Ask($"file={WriteRecords(set, _ => true)}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(npy.Values, Is.EqualTo(drawn.Values));
            Assert.That(records.Values, Is.EqualTo(drawn.Values));
            Assert.That(records.Matrices!.Single().Values, Is.EqualTo(drawn.Matrices!.Single().Values));
            Assert.That(Value(drawn, "accuracy lost, in points"), Is.EqualTo(100 * (Value(drawn, "accuracy on the test set") - Value(drawn, "accuracy on the new test set"))).Within(1e-9));
            Assert.That(Value(drawn, "accuracy on the new test set, least of the 95 % interval"), Is.LessThan(Value(drawn, "accuracy on the new test set")));
        }
    }

    // The old set is measured on the same classes, and both also with no other class to choose.
    [Test]
    public void ASetOfFewerClasses_IsComparedWithItsClassesAlone()
    {
        var record = Ask($"file={WriteRecords(Drawn, label => label < 3)}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Value(record, "classes of the new test set"), Is.EqualTo(3));
            Assert.That(Value(record, "images of the test set"), Is.LessThan(Count));
            Assert.That(Value(record, "accuracy on the new test set among these classes"), Is.GreaterThanOrEqualTo(Value(record, "accuracy on the new test set")));
            Assert.That(record.Matrices!.Single().RowNames, Has.Count.EqualTo(3));
        }
    }

    [TestCase("images.png", "unpack .zst")]
    [TestCase("short.bin", "no whole number")]
    [TestCase("unknown.bin", "the label 200")]
    [TestCase("bad-data.npy", "not a .npy file")]
    [TestCase("floats-data.npy", "C order")]
    [TestCase("cut-data.npy", "where its header says 6144")]
    public void AFileOfSomethingElse_IsRefusedByName(string name, string expected)
    {
        var path = Path.Combine(Folder.Path, name);
        File.WriteAllBytes(path, name switch
        {
            "unknown.bin" => [200, .. new byte[3072]],
            "floats-data.npy" => Npy("<f4", "(2, 32, 32, 3)", new byte[24576]),
            "cut-data.npy" => Npy("|u1", "(2, 32, 32, 3)", new byte[100]),
            _ => new byte[20],
        });

        Assert.That(Assert.Throws<InvalidDataException>(() => Ask($"file={path}"))!.Message, Does.StartWith(path).And.Contain(expected));
    }

    [Test]
    public void AFileThatIsNotThere_IsNamed() => Assert.That(() => Ask("file=nothing.bin"), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("nothing.bin"));

    private string WriteNpy(ImageSet set)
    {
        var interleaved = Enumerable.Range(0, set.Count).SelectMany(image => Enumerable.Range(0, 1024).SelectMany(place => Enumerable.Range(0, 3).Select(channel => set.Pixels[image * 3072 + channel * 1024 + place])));
        File.WriteAllBytes(Path.Combine(Folder.Path, "new_data.npy"), Npy("|u1", $"({set.Count}, 32, 32, 3)", [.. interleaved]));
        File.WriteAllBytes(Path.Combine(Folder.Path, "new_labels.npy"), Npy("<i8", $"({set.Count},)", [.. set.Labels.SelectMany(label => BitConverter.GetBytes((long)label))]));
        return Path.Combine(Folder.Path, "new_data.npy");
    }

    private string WriteRecords(ImageSet set, Func<byte, bool> takes)
    {
        var path = Path.Combine(Folder.Path, "records.bin");
        File.WriteAllBytes(path, [.. Enumerable.Range(0, set.Count).Where(image => takes(set.Labels[image])).SelectMany(image => set.Pixels[(image * 3072)..((image + 1) * 3072)].Prepend(set.Labels[image]))]);
        return path;
    }

    private static byte[] Npy(string type, string shape, byte[] numbers)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.ASCII.GetBytes(header), .. numbers];
    }

    private static double Value(StudyRecord record, string name) => record.Values.Single(value => value.Name == name).Value;

    private StudyRecord Ask(params string[] options) => StudyRunner.Run(
        StudyChoice.Parse("new-test-set", [$"images={Count}", .. options], ProductRegistries.All), Document("model.variant=fixup", "model.width=2"), null, OnCpu);
}
