namespace FixupNet.Reliability.Tests.Harness;

/// <summary>What some tests need beyond the product.</summary>
internal enum Need
{
    /// <summary>strace, allowed to trace here: kills or fails a process at a system call.</summary>
    Strace,

    /// <summary>libfaketime: another clock for one process.</summary>
    FakeClock,

    /// <summary>To be root, so as to start processes as somebody else whom permissions bind, and who can read the program.</summary>
    OtherUser,

    /// <summary>To be allowed to mount file systems that only one process sees.</summary>
    OwnMounts,

    /// <summary>Python 3, for the verifier that shares no code with the product.</summary>
    Python,
}
