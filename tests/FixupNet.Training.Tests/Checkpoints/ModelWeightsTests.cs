using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Runs.Safetensors;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Tests.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Checkpoints;

public sealed class ModelWeightsTests
{
    private TempFolder _folder = null!;

    private string Path => _folder.File("model.safetensors");

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("fixup", ScalarType.Float32)]
    [TestCase("fixup", ScalarType.Float64)]
    [TestCase("batchnorm", ScalarType.Float32)]
    [TestCase("batchnorm", ScalarType.Float64)]
    public void Load_RestoresWhatWasSaved_BitForBit(string variant, ScalarType precision)
    {
        using var saved = Some.Network(variant, precision, seed: 1);
        using var loaded = Some.Network(variant, precision, seed: 2);
        using var optimizer = Some.Optimizer(saved);
        using (NewDisposeScope()) Some.Step(saved, optimizer).Run(Some.Batch(4, precision), 1); // moves running statistics and scalars
        var before = Some.State(saved);

        ModelWeights.Save(saved, Path);
        ModelWeights.Load(loaded, Path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Some.State(loaded), Is.EqualTo(before));
            Assert.That(Some.State(saved), Is.EqualTo(before));
        }
    }

    // 161 parameters and 53 × 3 buffers, as torchvision's resnet50 has them.
    [Test]
    public void ResNet50_GoesInAndOut_UnderTorchvisionsNames()
    {
        string[] Norm(string name) => [.. new[] { "weight", "bias", "running_mean", "running_var", "num_batches_tracked" }.Select(part => $"{name}.{part}")];
        var names = new List<string> { "conv1.weight", "fc.weight", "fc.bias" };
        names.AddRange(Norm("bn1"));
        foreach (var (stage, blocks) in new[] { 3, 4, 6, 3 }.Index())
        {
            for (var block = 0; block < blocks; block++)
                for (var layer = 1; layer <= 3; layer++) names.AddRange([$"layer{stage + 1}.{block}.conv{layer}.weight", .. Norm($"layer{stage + 1}.{block}.bn{layer}")]);
            names.AddRange([$"layer{stage + 1}.0.downsample.0.weight", .. Norm($"layer{stage + 1}.0.downsample.1")]);
        }
        using var network = ResNet50(seed: 1);
        using var loaded = ResNet50(seed: 2);

        ModelWeights.Save(network, Path);
        ModelWeights.Import(loaded, Path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(SafetensorsFile.ReadLayout(Path).Select(tensor => tensor.Name), Is.EquivalentTo(names));
            Assert.That(names, Has.Count.EqualTo(320));
            Assert.That(Some.State(loaded), Is.EqualTo(Some.State(network)));
        }
    }

    private static ResidualNetwork ResNet50(ulong seed)
    {
        var network = ModelZoo.All["resnet-imagenet"].Create(new ResNetImageNetOptions(MethodZoo.All["batchnorm"].Method, Depth: 50, Width: 4), classCount: 10, ImageShape.ImageNet);
        using var generator = new Generator(seed, CPU);
        InitializationSchemes.All["he-fan-out"].Scheme.Initialize(network.Topology, generator);
        return network;
    }

    [Test]
    public void Load_ConvertsThePrecision()
    {
        using var saved = Some.Network("fixup", ScalarType.Float32, seed: 1);
        using var loaded = Some.Network("fixup", ScalarType.Float64, seed: 2);

        ModelWeights.Save(saved, Path);
        ModelWeights.Load(loaded, Path);

        Assert.That(loaded.parameters().SelectMany(Some.Values), Is.EqualTo(saved.parameters().SelectMany(Some.Values)));
    }

    // The optimizer moved the parameters into memory of its own: it must go on training what was loaded.
    [Test]
    public void Load_WritesIntoTheParametersAnOptimizerHolds()
    {
        using var saved = Some.Network("plain", seed: 1);
        using var loaded = Some.Network("plain", seed: 2);
        using var optimizer = Some.Optimizer(loaded);
        using var other = Some.Optimizer(saved);
        ModelWeights.Save(saved, Path);

        ModelWeights.Load(loaded, Path);
        using var scope = NewDisposeScope();
        Some.Step(loaded, optimizer).Run(Some.Batch(4), 1);
        Some.Step(saved, other).Run(Some.Batch(4), 1);

        Assert.That(Some.State(loaded), Is.EqualTo(Some.State(saved)));
    }

    [TestCase("fixup", new[] { "conv1.weight", "bias1", "layer1.0.conv1.weight", "layer1.0.bias1a", "layer1.0.scale", "bias2", "fc.weight", "fc.bias" })]
    [TestCase("batchnorm", new[] { "conv1.weight", "bn1.running_mean", "bn1.num_batches_tracked", "layer2.0.bn2.weight", "fc.bias" })]
    public void Save_UsesThePublishedNames(string variant, string[] expected)
    {
        using var network = Some.Network(variant);

        ModelWeights.Save(network, Path);

        var content = SafetensorsFile.Read(Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(content.Entries.Select(entry => entry.Name), Is.SupersetOf(expected));
            Assert.That(content.Entries.Single(entry => entry.Name == "conv1.weight").Shape, Is.EqualTo(new[] { 2, 3, 3, 3 }));
        }
    }

    [Test]
    public void Load_Refuses_WhenATensorIsMissing() => AssertRefused(entries => entries.RemoveAll(entry => entry.Name == "fc.bias"), "lacks fc.bias.");

    [Test]
    public void Load_Refuses_WhenATensorIsUnknown() =>
        AssertRefused(entries => entries.Add(new SafetensorsEntry("extra", "F32", [1], new byte[4])), "holds, unknown to this network, extra.");

    [Test]
    public void Load_Refuses_WhenAShapeDiffers() => AssertRefused(
        entries => entries[^1] = entries[^1] with { Shape = [1, .. entries[^1].Shape] }, "has shape [1,5]; this network needs [5].");

    // The last tensor: those before it must not have been copied by then.
    [Test]
    public void Load_Refuses_WhenAnElementTypeIsUnreadable() => AssertRefused(
        entries => entries[^1] = entries[^1] with { DType = "U32" }, "has element type U32");

    [Test]
    public void Load_Refuses_WhenTheFileIsCutOff() => AssertFileRefused(bytes => bytes[..^1]);

    [Test]
    public void Load_Refuses_WhenTheFileIsNoSafetensorsFile() => AssertFileRefused(_ => "PK not this"u8.ToArray());

    private void AssertRefused(Action<List<SafetensorsEntry>> damage, string message)
    {
        using var saved = Some.Network("fixup", seed: 1);
        ModelWeights.Save(saved, Path);
        List<SafetensorsEntry> entries = [.. SafetensorsFile.Read(Path).Entries];
        damage(entries);
        SafetensorsFile.Write(Path, entries);

        AssertNothingLoaded(message);
    }

    private void AssertFileRefused(Func<byte[], byte[]> damage)
    {
        using var saved = Some.Network("fixup", seed: 1);
        ModelWeights.Save(saved, Path);
        File.WriteAllBytes(Path, damage(File.ReadAllBytes(Path)));

        AssertNothingLoaded(Path);
    }

    private void AssertNothingLoaded(string message)
    {
        using var network = Some.Network("fixup", seed: 2);
        var before = Some.State(network);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ModelWeights.Load(network, Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
            Assert.That(Some.State(network), Is.EqualTo(before));
        }
    }
}
