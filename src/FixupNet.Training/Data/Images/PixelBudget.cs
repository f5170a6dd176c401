namespace FixupNet.Training.Data.Images;

/// <summary>Keeps threads from decoding more pixels at once than memory is meant for; an image that is larger by itself is decoded alone.</summary>
/// <param name="pixels">Pixels at once.</param>
public sealed class PixelBudget(long pixels)
{
    private readonly object _gate = new();
    private long _taken;

    /// <summary>Runs something when there is room for it.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="size">Pixels that it decodes.</param>
    /// <param name="decode">What is run.</param>
    public T Run<T>(long size, Func<T> decode)
    {
        lock (_gate)
        {
            while (_taken > 0 && _taken + size > pixels) Monitor.Wait(_gate);
            _taken += size;
        }
        try
        {
            return decode();
        }
        finally
        {
            lock (_gate)
            {
                _taken -= size;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
