using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace FixupNet.Reporting.Tests.Browser;

/// <summary>Puts tests into the category Browser, and skips them where there is no browser.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequiresBrowserAttribute : CategoryAttribute, IApplyToTest
{
    public RequiresBrowserAttribute() : base("Browser")
    {
    }

    void IApplyToTest.ApplyToTest(Test test)
    {
        ApplyToTest(test);
        if (Chromium.Find() is not null || test.RunState == RunState.NotRunnable) return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, "There is no Chromium; \"./fixupnet test --browser\" installs it (Debian: apt-get install chromium).");
    }
}
