using FixupNet.Initialization;

namespace FixupNet.Tests.Initialization;

public class BranchScaleTests
{
    [TestCase(100, 2, 0.1)]
    [TestCase(10_000, 3, 0.1)]
    [TestCase(54, 2, 0.1360827634879543)]
    [TestCase(33, 3, 0.417226)]
    [TestCase(30, 4, 0.5673)]
    [TestCase(1, 5, 1.0)]
    public void Of_FollowsRule2(int branchCount, int layersPerBranch, double expected) =>
        Assert.That(BranchScale.Of(branchCount, layersPerBranch), Is.EqualTo(expected).Within(5e-5));

    [TestCase(0, 2)]
    [TestCase(-1, 2)]
    [TestCase(1, 1)]
    public void Of_Throws_WhenArgumentIsBelowItsMinimum(int branchCount, int layersPerBranch) =>
        Assert.That(() => BranchScale.Of(branchCount, layersPerBranch), Throws.TypeOf<ArgumentOutOfRangeException>());
}
