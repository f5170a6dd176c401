namespace FixupNet.Cli;

/// <summary>The folder that relative paths begin at.</summary>
internal static class CurrentFolder
{
    /// <summary>Whether it was removed while a shell or a program still stood in it: relative paths then lead nowhere.</summary>
    public static bool IsGone
    {
        get
        {
            try
            {
                return Directory.GetCurrentDirectory().Length == 0;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }
}
