namespace FixupNet.Reliability.Tests.Harness;

/// <summary>A command that can be tried again and again, each time in another folder.</summary>
/// <param name="NewFolder">Names a folder, and makes what the command is to find in it.</param>
/// <param name="Command">The command for a folder.</param>
internal sealed record Attempt(Func<string> NewFolder, Func<string, IReadOnlyList<string>> Command);

/// <summary>A run that something was done to.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Process">How its process ended.</param>
internal sealed record Disturbed(string Folder, ProgramRun Process);
