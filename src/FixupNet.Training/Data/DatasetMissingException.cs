using FixupNet.Registries;

namespace FixupNet.Training.Data;

/// <summary>Files of a dataset are not there; the message says where they were looked for and how to get them.</summary>
public sealed class DatasetMissingException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="dataset">Registry name of the dataset.</param>
    /// <param name="lookedIn">Every folder that was tried.</param>
    /// <param name="missing">Names of the files that are missing.</param>
    /// <param name="source">What they can be made of without a network; null where there is nothing.</param>
    public DatasetMissingException(string dataset, IReadOnlyList<string> lookedIn, IReadOnlyList<string> missing, string? source = null)
        : base($"{dataset} is not there: looked in {string.Join(" and ", lookedIn)} for {string.Join(", ", missing)}. "
            + (source is null ? "" : $"{source} is there, of which \"fixupnet data fetch {dataset} --root {lookedIn[^1]}\" makes them without a network. ")
            + $"Get it with \"fixupnet data fetch {dataset}\", or name the folder that holds it in dataset.root or {DataFolder.Variable}.")
    {
        Dataset = dataset;
        LookedIn = lookedIn;
        Missing = missing;
    }

    /// <summary>Creates the exception for files that nobody can fetch but their owner.</summary>
    /// <param name="folder">Where they were looked for.</param>
    /// <param name="missing">Names of the files that are missing.</param>
    /// <param name="note">What is expected there, in a sentence.</param>
    public DatasetMissingException(string folder, IReadOnlyList<string> missing, string note)
        : base($"{folder}: {string.Join(" and ", missing)} is not there. {note}")
    {
        Dataset = folder;
        LookedIn = [folder];
        Missing = missing;
    }

    /// <summary>Creates the exception for a folder that is not there, or not what it has to be.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cause">Says it.</param>
    public DatasetMissingException(string folder, DirectoryNotFoundException cause) : base(cause.Message, cause) => (Dataset, LookedIn, Missing) = (folder, [folder], [folder]);

    /// <summary>Registry name of the dataset.</summary>
    public string Dataset { get; }

    /// <summary>Every folder that was tried.</summary>
    public IReadOnlyList<string> LookedIn { get; }

    /// <summary>Names of the files that are missing.</summary>
    public IReadOnlyList<string> Missing { get; }
}
