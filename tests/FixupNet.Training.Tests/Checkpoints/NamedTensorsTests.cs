using FixupNet.Runs.Safetensors;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Tests.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Checkpoints;

public sealed class NamedTensorsTests
{
    private TempFolder _folder = null!;

    private string Path => _folder.File("a.safetensors");

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(ScalarType.Float32, "F32", "0000803F00000040")]
    [TestCase(ScalarType.Float64, "F64", "000000000000F03F0000000000000040")]
    [TestCase(ScalarType.Float16, "F16", "003C0040")]
    [TestCase(ScalarType.BFloat16, "BF16", "803F0040")]
    [TestCase(ScalarType.Int64, "I64", "01000000000000000200000000000000")]
    [TestCase(ScalarType.Int32, "I32", "0100000002000000")]
    [TestCase(ScalarType.Byte, "U8", "0102")]
    public void Write_WritesEveryElementType_AndLoadReadsItBack(ScalarType type, string name, string bytes)
    {
        using var scope = NewDisposeScope();
        var written = tensor(new float[] { 1, 2 }).to_type(type);
        var read = zeros([2], type);

        using (var file = File.Create(Path)) NamedTensors.Write(file, [("a", written)]);
        NamedTensors.Load(Path, new Dictionary<string, Tensor> { ["a"] = read });

        var entry = SafetensorsFile.Read(Path).Entries.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((entry.DType, Convert.ToHexString(entry.Data.Span)), Is.EqualTo((name, bytes)));
            Assert.That(Convert.ToHexString(read.bytes), Is.EqualTo(bytes));
        }
    }

    [Test]
    public void Load_DoesNotHoldTheFileInMemory()
    {
        const int count = 32;
        const int each = 1 << 16;
        using var scope = NewDisposeScope();
        var written = Enumerable.Range(0, count).ToDictionary(i => $"t{i}", i => full([each], i, ScalarType.Float32));
        var read = written.Keys.ToDictionary(name => name, _ => zeros(each));
        using (var file = File.Create(Path)) NamedTensors.Write(file, written.Select(pair => (pair.Key, pair.Value)));

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        NamedTensors.Load(Path, read);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Values.Select(tensor => tensor.mean().ToSingle()), Is.EqualTo(Enumerable.Range(0, count).Select(i => (float)i)));
            Assert.That(allocated, Is.LessThan(count * each * sizeof(float) / 4));
        }
    }

    [TestCase(5, "lacks t0, t1, t2, t3, t4.")]
    [TestCase(7, "lacks t0, t1, t2, t3, t4 and 2 more.")]
    public void Load_NamesTheFirstOfManyThatAreMissing(int missingCount, string expected)
    {
        using var scope = NewDisposeScope();
        using (var file = File.Create(Path)) NamedTensors.Write(file, []);

        Assert.That(() => NamedTensors.Load(Path, Enumerable.Range(0, missingCount).ToDictionary(i => $"t{i}", _ => zeros(1))),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{Path} {expected}"));
    }

    [Test]
    public void Load_SaysWhichShapesDiffer()
    {
        using var scope = NewDisposeScope();
        using (var file = File.Create(Path)) NamedTensors.Write(file, [("a", zeros(2, 3))]);

        Assert.That(() => NamedTensors.Load(Path, new Dictionary<string, Tensor> { ["a"] = zeros(3, 2) }),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{Path}: a has shape [2,3]; this network needs [3,2]."));
    }

    [Test]
    public void Load_SaysWhichElementTypesAreReadable()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(Path, [new SafetensorsEntry("a", "U16", [1], new byte[2])]);

        Assert.That(() => NamedTensors.Load(Path, new Dictionary<string, Tensor> { ["a"] = zeros(1) }), Throws.TypeOf<InvalidDataException>()
            .With.Message.EqualTo($"{Path}: a has element type U16; readable are F32, F64, BF16, F16, I64, I32, U8."));
    }
}
