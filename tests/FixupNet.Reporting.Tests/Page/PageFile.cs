using FixupNet.Reporting.Page;
using FixupNet.Reporting.Results;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>Writes pages of sweeps for tests to open.</summary>
internal static class PageFile
{
    /// <summary>Writes a page.</summary>
    /// <param name="fixture">The sweep.</param>
    /// <param name="withCharts">False for the page of a build that had no npm.</param>
    /// <returns>Path of the page.</returns>
    public static string Write(SweepFixture fixture, bool withCharts = true)
    {
        Directory.CreateDirectory(fixture.Sweep.ReportFolder);
        var path = Path.Combine(fixture.Sweep.ReportFolder, "index.html");
        File.WriteAllText(path, Render(fixture, withCharts));
        return path;
    }

    /// <summary>A page as text.</summary>
    public static string Render(SweepFixture fixture, bool withCharts = true) =>
        ReportPage.Render(ReportContent.Read([fixture.Sweep.Root], JointGrouping.Auto), PageAssets.Load(withCharts));
}
