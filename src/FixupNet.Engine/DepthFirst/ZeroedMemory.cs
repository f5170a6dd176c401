using System.Runtime.InteropServices;

namespace FixupNet.Engine.DepthFirst;

/// <summary>Large memory of zeros on cache lines of its own; pages count only once they are written.</summary>
internal sealed unsafe partial class ZeroedMemory : IDisposable
{
    private const int CacheLine = 64;
    private const int HugePage = 2 << 20;
    private const int AdviseHugePages = 14;
    private void* _memory;

    /// <param name="bytes">Size, at least 0.</param>
    /// <exception cref="OutOfMemoryException">There is not so much.</exception>
    internal ZeroedMemory(long bytes)
    {
        _memory = NativeMemory.AllocZeroed((nuint)bytes + CacheLine);
        Start = (byte*)(((nuint)_memory + CacheLine - 1) & ~(nuint)(CacheLine - 1));
        // A step walks through all of it: fewer, larger pages. Where the system does not know them, nothing is lost.
        var page = ((nuint)Start + HugePage - 1) & ~(nuint)(HugePage - 1);
        if (OperatingSystem.IsLinux() && (nuint)Start + (nuint)bytes > page) _ = madvise((void*)page, (nuint)Start + (nuint)bytes - page, AdviseHugePages);
    }

    ~ZeroedMemory() => Free();

    /// <summary>The first byte, at a multiple of 64.</summary>
    internal byte* Start { get; private set; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_memory);
        _memory = null;
        Start = null;
    }

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
