namespace FixupNet.Training.Data;

/// <summary>The files of CIFAR-10 and CIFAR-100 in their binary versions.</summary>
/// <remarks>
/// Krizhevsky, Learning multiple layers of features from tiny images, 2009. MD5 sums of the archives are those of the
/// publisher's page; SHA-256 sums are those other loaders pin (TensorFlow Datasets, MLDatasets.jl, torchvision-ruby).
/// </remarks>
internal static class CifarFiles
{
    private const int BatchExamples = 10_000;
    private const long MaxArchiveBytes = 200_000_000; // both archives have about 170 MB
    private static readonly CifarFormat _format10 = new(10);
    private static readonly CifarFormat _format100 = new(20, 100);

    /// <summary>CIFAR-10.</summary>
    public static DatasetLayout Cifar10 { get; } = Layout(
        "cifar-10-batches-bin",
        [
            File10("data_batch_1.bin", 0, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
            File10("data_batch_2.bin", 1, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
            File10("data_batch_3.bin", 2, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
            File10("data_batch_4.bin", 3, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
            File10("data_batch_5.bin", 4, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
        ],
        File10("test_batch.bin", 0, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
        "cifar-10-binary.tar.gz",
        [new("md5", "c32a1d4ab5d03f1284b67883e8d87530"), new("sha256", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")],
        new PythonVersion("cifar-10-batches-py", ["labels"]));

    /// <summary>CIFAR-100.</summary>
    public static DatasetLayout Cifar100 { get; } = Layout(
        "cifar-100-binary",
        [File100("train.bin", 5 * BatchExamples, "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29")],
        File100("test.bin", BatchExamples, "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"),
        "cifar-100-binary.tar.gz",
        [new("md5", "03b5dce01913d631647c71ecec9e9cb8"), new("sha256", "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")],
        new PythonVersion("cifar-100-python", ["coarse_labels", "fine_labels"]));

    /// <summary>Of CIFAR-10, as in the published Fixup code (hongyi-zhang/Fixup, cifar_train.py); the deviations are means over images.</summary>
    public static ChannelNormalization Normalization10 { get; } = new([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]);

    /// <summary>Of CIFAR-100, over all pixels of the training images.</summary>
    public static ChannelNormalization Normalization100 { get; } = new([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]);

    private static DatasetFile File10(string name, int batch, string sha256) => new(name, BatchExamples, _format10)
    {
        FirstExample = batch * BatchExamples,
        Official = new("sha256", sha256),
    };

    private static DatasetFile File100(string name, int examples, string sha256) =>
        new(name, examples, _format100) { Official = new("sha256", sha256) };

    private static DatasetLayout Layout(
        string folder, IReadOnlyList<DatasetFile> train, DatasetFile test, string archive, IReadOnlyList<Checksum> sums, PythonVersion python)
    {
        var download = new DatasetDownload(new Uri("https://www.cs.toronto.edu/~kriz/" + archive), MaxArchiveBytes, sums, [.. train, test])
        {
            ArchiveFolder = folder,
            Python = python,
            RedirectHosts = ["cave.cs.toronto.edu"], // the publisher's newer host
        };
        return new DatasetLayout(folder, train, [test], [download]);
    }
}
