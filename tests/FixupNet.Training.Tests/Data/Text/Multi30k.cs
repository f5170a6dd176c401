using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tests.Data.Text;

/// <summary>The corpus Multi30k, German to English, where the variable FIXUPNET_MULTI30K names its folder; tests that need it are left out elsewhere.</summary>
internal static class Multi30k
{
    internal static ParallelText Train()
    {
        var folder = Environment.GetEnvironmentVariable("FIXUPNET_MULTI30K");
        if (folder is null || !Directory.Exists(folder)) Assert.Ignore("FIXUPNET_MULTI30K names no folder with train.de and train.en.");
        return ParallelText.Read(folder!, "train", "de", "en");
    }
}
