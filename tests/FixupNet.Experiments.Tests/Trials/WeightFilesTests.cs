using FixupNet.Experiments.Trials;
using FixupNet.Runs.Safetensors;

namespace FixupNet.Experiments.Tests.Trials;

internal sealed class WeightFilesTests : TrialFixture
{
    [Test]
    public void WriteInitial_WritesWhatATrialStartsFrom()
    {
        var (directory, file) = (At("a"), Path.Combine(Folder.Path, "initial.safetensors"));
        Run(Document("training.epochs=0"), directory);

        WeightFiles.WriteInitial(Document("training.epochs=0"), file);

        Assert.That(File.ReadAllBytes(file), Is.EqualTo(File.ReadAllBytes(Path.Combine(directory.CheckpointFolder(0), "model.safetensors"))));
    }

    // The scheme looks at training images: the same ones wherever it is asked.
    [Test]
    public void WriteInitial_WritesWhatATrialStartsFrom_WhenTheSchemeLooksAtData()
    {
        var (directory, file, scheme) = (At("a"), Path.Combine(Folder.Path, "initial.safetensors"), """initialization={ "name": "gradinit", "iterations": 2, "halfBatch": 4 }""");
        Run(Document("training.epochs=0", "augmentation.crop=true", scheme), directory);

        WeightFiles.WriteInitial(Document(scheme), file);

        Assert.That(File.ReadAllBytes(file), Is.EqualTo(File.ReadAllBytes(Path.Combine(directory.CheckpointFolder(0), "model.safetensors"))));
    }

    [Test]
    public void Convert_WritesTheOrderAndElementTypeOfTheConfiguration()
    {
        var (initial, shuffled, converted) = (At("initial").Root, At("shuffled").Root, At("converted").Root);
        WeightFiles.WriteInitial(Document(), initial);
        SafetensorsFile.Write(shuffled, [.. SafetensorsFile.Read(initial).Entries.Reverse()]);

        WeightFiles.Convert(Document("seed=9", "training.precision=float64"), shuffled, converted);
        WeightFiles.Convert(Document("seed=9"), converted, shuffled);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(SafetensorsFile.Read(converted).Entries.Select(entry => entry.DType), Is.All.EqualTo("F64"));
            Assert.That(File.ReadAllBytes(shuffled), Is.EqualTo(File.ReadAllBytes(initial)));
        }
    }

    [Test]
    public void Convert_WritesNothing_WhenTheWeightsAreOfAnotherNetwork()
    {
        var (source, target) = (At("source").Root, At("target").Root);
        WeightFiles.WriteInitial(Document("model.width=8"), source);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => WeightFiles.Convert(Document(), source, target), Throws.TypeOf<InvalidDataException>());
            Assert.That(File.Exists(target), Is.False);
        }
    }
}
