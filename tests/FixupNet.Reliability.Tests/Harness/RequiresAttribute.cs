using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>Skips tests where something that they need is missing.</summary>
/// <param name="needs">What they need.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresAttribute(params Need[] needs) : NUnitAttribute, IApplyToTest
{
    void IApplyToTest.ApplyToTest(Test test)
    {
        if (test.RunState == RunState.NotRunnable) return;
        foreach (var missing in needs.Where(need => !Needs.IsMet(need)))
        {
            test.RunState = RunState.Ignored;
            test.Properties.Set(PropertyNames.SkipReason, Needs.Remedy(missing));
        }
    }
}
