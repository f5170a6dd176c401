namespace FixupNet.Training.Data;

/// <summary>The files of MNIST and Fashion-MNIST in IDX format.</summary>
/// <remarks>LeCun, Cortes and Burges, 1998; Xiao, Rasul and Vollgraf, arXiv:1708.07747. Sums of the packed files: their publishers'.</remarks>
internal static class IdxFiles
{
    private const int TrainCount = 60_000;
    private const int TestCount = 10_000;
    private const int ClassCount = 10;
    private const long MaxDownloadBytes = 64_000_000; // the largest has 26 MB
    private static readonly string[] _names =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>MNIST; the mirror that PyTorch's own loader uses.</summary>
    public static DatasetLayout Mnist { get; } = Layout(
        "mnist",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        [],
        ["6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624", "2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637"],
        ["f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432", "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c"],
        [
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ]);

    /// <summary>Fashion-MNIST.</summary>
    public static DatasetLayout FashionMnist { get; } = Layout(
        "fashion-mnist",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ["raw.githubusercontent.com"],
        ["f4a8712d7a061bf5bd6d2ca38dc4d50a", "9018921c3c673c538a1fc5bad174d6f9", "8181f5470baa50b63fa0f6fddb340f0a", "15d484375f8d13e6eb1aabb0c3f46965"],
        ["8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe", "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"],
        [
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ]);

    /// <summary>The usual constants of MNIST, measured over the 28×28 images without the padding added here.</summary>
    public static ChannelNormalization MnistNormalization { get; } = ChannelNormalization.Grey(0.1307, 0.3081);

    /// <summary>The usual constants of Fashion-MNIST, measured over the 28×28 images without the padding added here.</summary>
    public static ChannelNormalization FashionMnistNormalization { get; } = ChannelNormalization.Grey(0.2860, 0.3530);

    private static DatasetLayout Layout(
        string folder, string address, IReadOnlyList<string> redirectHosts, string[] plainMd5, string[] packedMd5, string[] packedSha256)
    {
        var files = _names.Select((name, index) => File(name, plainMd5[index])).ToArray();
        var downloads = files.Select((file, index) => new DatasetDownload(
            new Uri(address + file.Name + DatasetFile.PackedSuffix),
            MaxDownloadBytes,
            [new("md5", packedMd5[index]), new("sha256", packedSha256[index])],
            [file]) { RedirectHosts = redirectHosts });
        return new(folder, files[..2], files[2..], [.. downloads]);
    }

    private static DatasetFile File(string name, string md5) => new(
        name,
        name.StartsWith("train", StringComparison.Ordinal) ? TrainCount : TestCount,
        name.Contains("images", StringComparison.Ordinal) ? new IdxImageFormat() : new IdxLabelFormat(ClassCount))
    {
        Official = new("md5", md5),
    };
}
