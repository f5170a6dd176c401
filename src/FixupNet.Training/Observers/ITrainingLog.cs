namespace FixupNet.Training.Observers;

/// <summary>Writes a log whose length belongs to a checkpoint.</summary>
public interface ITrainingLog
{
    /// <summary>Forces every line to the device.</summary>
    /// <returns>Length of the file in bytes.</returns>
    /// <exception cref="IOException">The device reported an error.</exception>
    long Sync();
}
