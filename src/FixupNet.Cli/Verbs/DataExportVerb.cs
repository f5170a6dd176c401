using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Images;

namespace FixupNet.Cli.Verbs;

/// <summary>"data export": writes a dataset as a folder of images.</summary>
internal static class DataExportVerb
{
    private const int MaxSize = 1024;

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var name = new Argument<string>("DATASET") { Description = "Name of a dataset." };
        var folder = new Argument<string>("DIR") { Description = "The folder to write: train/CLASS/*.png and val/CLASS/*.png." };
        var size = Inputs.Count<int>("--size", "Height and width of the images; default: 32, as they are.");
        var (train, test) = (Inputs.Count<int>("--train", "The first training images; default: all."), Inputs.Count<int>("--test", "The first test images; default: all."));
        var root = DataVerb.Root();
        var verb = new Verb("export", "Writes the images of a dataset as a folder of PNG files.", "fixupnet data export synthetic-shapes shapes-64 --size 64")
        {
            name, folder, size, train, test, root,
        };
        verb.SetAction(parsed =>
        {
            var entry = host.Registries.Datasets[parsed.GetRequiredValue(name)];
            var side = parsed.GetValue(size) ?? ImageSet.Side;
            if (side > MaxSize) throw new UsageException($"--size is {side}; must be at most {MaxSize}.");
            var dataset = Load(entry, parsed.GetValue(root), parsed.GetValue(train), parsed.GetValue(test));
            var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetRequiredValue(folder)));
            if (File.Exists(target) || Directory.Exists(target)) throw new CannotCreateException(target, new IOException("it is there already, and nothing is replaced"));
            Write(host, dataset, side, target);
            host.Output.WriteLine($"{target}: {dataset.ClassNames.Count} classes, {dataset.Train.Count} + {dataset.Test.Count} images of {side}×{side}");
            return ExitCodes.Success;
        });
        return verb;
    }

    // Under another name until it is whole.
    private static void Write(CliHost host, ImageDataset dataset, int side, string target)
    {
        var staging = OutputFolder.Create(target + ".partial");
        try
        {
            ImageFolderWriter.Write(dataset, side, staging, host.Interruption.Listen());
            Directory.Move(staging, target);
        }
        finally
        {
            if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        }
    }

    private static ImageDataset Load(DatasetEntry entry, string? root, int? train, int? test)
    {
        var all = new FileDatasetOptions(root, train, test);
        var shapes = new SyntheticShapesOptions();
        object? options = entry.OptionsType == typeof(FileDatasetOptions) ? all
            : entry.OptionsType == typeof(SyntheticShapesOptions) ? shapes with { TrainExamples = train ?? shapes.TrainExamples, TestExamples = test ?? shapes.TestExamples }
            : null;
        return options is not null && entry.Load(options) is ImageDataset dataset
            ? dataset
            : throw new UsageException($"\"{entry.Name}\" cannot be exported: its images are files already, or a program's own.");
    }
}
