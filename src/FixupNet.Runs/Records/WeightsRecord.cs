namespace FixupNet.Runs.Records;

/// <summary>Content of weights.json: the files that trials of a sweep start from, as they were when the sweep was written.</summary>
/// <param name="Sha256">SHA-256 of each file by its full path, as hexadecimal digits.</param>
public sealed record WeightsRecord(IReadOnlyDictionary<string, string> Sha256);
