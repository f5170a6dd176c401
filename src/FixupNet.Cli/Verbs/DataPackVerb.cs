using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Runs.Files;
using FixupNet.Training.Data.Images;

namespace FixupNet.Cli.Verbs;

/// <summary>"data pack": decodes a folder of images once, into one file.</summary>
internal static class DataPackVerb
{
    private const int DefaultSize = 256;

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folder = new Argument<string>("DIR") { Description = "A folder with images as train/CLASS/* and val/CLASS/*." };
        var size = Inputs.Count<int>("--size", $"What the shorter side of larger images is brought down to; default: {DefaultSize}.");
        var output = Inputs.Path("--output", "FILE", "The file to write; default: DIR-SIZE.images.");
        var onBadImage = Inputs.Choice("--on-bad-image", "What is done with images that cannot be decoded.", "stop", "skip");
        var verb = new Verb("pack", "Writes the images of a folder, decoded, into one file that dataset.root may name.", "fixupnet data pack data/imagenette --size 256") { folder, size, output, onBadImage };
        verb.SetAction(parsed =>
        {
            var (path, side) = (Path.TrimEndingDirectorySeparator(parsed.GetRequiredValue(folder)), parsed.GetValue(size) ?? DefaultSize);
            IImageCollection images = ImageFolder.Scan(path);
            images.RequireSound();
            var packer = new ImagePacker(images, side, parsed.GetValue(onBadImage) == "skip" ? BadImageRule.Skip : BadImageRule.Stop);
            var target = parsed.GetValue(output) ?? $"{path}-{side}.images";
            var count = 0;
            DurableFile.Write(target, stream => count = packer.Write(stream, host.Interruption.Listen()));
            foreach (var left in packer.LeftOut) host.Error.WriteLine($"{left.Path} {left.Message}");
            host.Output.WriteLine($"{target}: {images.ClassNames.Count} classes, {count} images, {RunText.Bytes(new FileInfo(target).Length)}");
            if (packer.LeftOut.Count > 0) host.Output.WriteLine($"{packer.LeftOut.Count} images were left out.");
            return ExitCodes.Success;
        });
        return verb;
    }
}
