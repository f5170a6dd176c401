using FixupNet.Augmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Augmentation;

public class MixupTests
{
    [Test]
    public void Draw_IsAPermutationAndAShare()
    {
        var draw = new Mixup(1.0).Draw(128, seed: 5);

        Assert.Multiple(() =>
        {
            Assert.That(draw.Lambda, Is.InRange(0.0, 1.0));
            Assert.That(draw.Partners.Order(), Is.EqualTo(Enumerable.Range(0, 128)));
        });
    }

    [Test]
    public void Draw_DependsOnTheSeedAlone()
    {
        var (first, again, other) = (new Mixup(1.0).Draw(16, 5), new Mixup(1.0).Draw(16, 5), new Mixup(1.0).Draw(16, 6));

        Assert.Multiple(() =>
        {
            Assert.That(again.Lambda, Is.EqualTo(first.Lambda));
            Assert.That(again.Partners, Is.EqualTo(first.Partners));
            Assert.That(other.Lambda, Is.Not.EqualTo(first.Lambda));
        });
    }

    [Test]
    public void Draw_MixesNothing_WhenAlphaIsZero()
    {
        var draw = new Mixup(0.0).Draw(4, seed: 5);

        Assert.Multiple(() =>
        {
            Assert.That(draw.Lambda, Is.EqualTo(1.0));
            Assert.That(draw.Partners, Is.EqualTo(new[] { 0, 1, 2, 3 }));
        });
    }

    [Test]
    public void Mix_CombinesPartners()
    {
        using var scope = NewDisposeScope();
        var images = tensor(new[] { 1f, 2f, 4f }).view(3, 1, 1, 1);

        var mixed = Mixup.Mix(images, new MixupDraw(0.75, [1, 2, 0]));

        Assert.That(mixed.data<float>().ToArray(), Is.EqualTo(new[] { 1.25f, 2.5f, 3.25f }));
    }

    [Test]
    public void Loss_CombinesBothLabels()
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (tensor(new[] { 1f, 2f, 3f, 0f }).view(2, 2), tensor(new[] { 0L, 1L }));

        var loss = Mixup.Loss(logits, labels, labels.flip(0), 0.25);

        var own = nn.functional.cross_entropy(logits, labels).ToDouble();
        var partners = nn.functional.cross_entropy(logits, tensor(new[] { 1L, 0L })).ToDouble();
        Assert.That(loss.ToDouble(), Is.EqualTo(0.25 * own + 0.75 * partners).Within(1e-6)); // float rounding
    }

    [Test]
    public void Partners_Throws_WhenTheBatchHasAnotherSize()
    {
        using var labels = tensor(new[] { 0L, 1L });

        Assert.That(() => Mixup.Partners(labels, new MixupDraw(0.5, [0])), Throws.TypeOf<ShapeMismatchException>());
    }

    [TestCase(-0.1)]
    [TestCase(double.NaN)]
    public void Constructor_Throws_WhenAlphaIsNoShape(double alpha) => Assert.That(() => new Mixup(alpha), Throws.TypeOf<ArgumentOutOfRangeException>());
}
