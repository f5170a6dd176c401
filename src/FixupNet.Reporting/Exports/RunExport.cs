
namespace FixupNet.Reporting.Exports;

/// <summary>Writes the records of a sweep or of a run for other tools, also while it runs.</summary>
public static class RunExport
{
    /// <summary>The formats there are.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["csv", "npy", "tensorboard"];

    /// <summary>Folder of an export, where none is named.</summary>
    /// <param name="path">The folder of the sweep or of the run.</param>
    /// <param name="format">The format.</param>
    public static string DefaultFolder(string path, string format) => Path.Combine(path, "export", format);

    /// <summary>Writes all records; files of an earlier export to the same folder are replaced.</summary>
    /// <param name="path">The folder of a sweep or of a run.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="output">Where to; made where missing.</param>
    /// <returns>Paths of the files written.</returns>
    /// <exception cref="FileNotFoundException">The folder holds neither a sweep nor a run.</exception>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(string path, string format, string output) => Write([path], format, output);

    /// <summary>Writes all records of several sweeps or runs in one; files of an earlier export to the same folder are replaced.</summary>
    /// <param name="paths">Their folders. Of several, tables have the column "sweep", and the folders of trials lie in one for each sweep.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="output">Where to; made where missing.</param>
    /// <returns>Paths of the files written.</returns>
    /// <exception cref="FileNotFoundException">A folder holds neither a sweep nor a run.</exception>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<string> paths, string format, string output)
    {
        var runs = ExportedRun.Find(paths);
        Directory.CreateDirectory(output);
        return format switch
        {
            "csv" => CsvExport.Write(runs, output),
            "npy" => NpyExport.Write(runs, output),
            "tensorboard" => TensorBoardExport.Write(runs, output),
            _ => throw new ArgumentException($"\"{format}\" is no format; there is {string.Join(", ", Formats)}.", nameof(format)),
        };
    }
}
