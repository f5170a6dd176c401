using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Analysis;
using FixupNet.Execution;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "adversarial" study. Lengths are in pixels, of which 1 is white and 0 black.</summary>
/// <param name="Epsilon">The most that an element of an image may change (L∞).</param>
/// <param name="StepSize">Length of a step of PGD.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Restarts">Its random starts; an image counts as right if it survives all of them.</param>
/// <param name="NoiseDeviation">Standard deviation of the Gaussian noise that it is compared with.</param>
/// <param name="RandomCorners">Random corners of the bound that are tried on each image, without any gradient: where they turn more images than PGD does, its gradients say nothing.</param>
/// <param name="Images">Test images, the first ones.</param>
public sealed record AdversarialOptions(
    [property: Description("Most that an element of an image may change."), Range(0.0, 1.0)] double Epsilon = 8 / 255.0,
    [property: Description("Length of a step of PGD."), Range(0.0, 1.0)] double StepSize = 2 / 255.0,
    [property: Description("Steps of PGD."), Range(1, 10_000)] int Steps = 20,
    [property: Description("Random starts of PGD."), Range(1, 1000)] int Restarts = 1,
    [property: Description("Standard deviation of Gaussian noise."), Range(0.0, 1.0)] double NoiseDeviation = 8 / 255.0,
    [property: Description("Random corners of the bound tried on each image, without any gradient."), Range(1, 100_000)] int RandomCorners = 10,
    [property: Description("Test images, the first ones."), Range(1, 1_000_000)] int Images = 200);

/// <summary>Accuracy under attack (arXiv:1706.06083), with what shows whether an attack was stopped by gradients that say nothing.</summary>
internal static class AdversarialStudy
{
    private const int ImagesAtOnce = 50;
    // Of ε; the whole of it is what the options ask for, the others draw the curve.
    private static readonly double[] s_shares = [0.25, 0.5, 1, 2];
    private static readonly int s_whole = Array.IndexOf(s_shares, 1);

    internal static StudyFindings Run(StudyTrial trial, AdversarialOptions options)
    {
        var count = Math.Min(options.Images, trial.Images.TestCount);
        var pgd = new AttackOptions(Epsilon: options.Epsilon, StepSize: options.StepSize, Steps: options.Steps);
        var (clean, fgsm, noisy, silent, corners, masked) = (0L, 0L, 0L, 0L, 0L, 0L);
        // M. Awais et al., "Towards an adversarially robust normalization approach" (2020): with the statistics of the attacked images themselves, batch normalization answers otherwise.
        var usesBatchStatistics = trial.Network.Topology.UsesBatchStatistics;
        var (cleanOfBatch, attackedOfBatch) = (0L, 0L);
        var byEpsilon = new long[s_shares.Length];
        for (var start = 0; start < count; start += ImagesAtOnce)
        {
            using var scope = NewDisposeScope();
            var size = Math.Min(ImagesAtOnce, count - start);
            var (pixels, labels) = (trial.Images.TestPixels(start, size), trial.Images.Test(start, size).Labels);
            var gradient = AdversarialAttack.PixelGradient(Logits, pixels, labels);
            silent += gradient.eq(0).sum([1, 2, 3]).eq(pixels.numel() / size).sum().ToInt64();
            clean += Right(pixels).sum().ToInt64();
            fgsm += Right(new AdversarialAttack(Logits, AttackOptions.Fgsm(options.Epsilon)).Run(pixels, labels)).sum().ToInt64();
            noisy += Right(Noisy(pixels, start)).sum().ToInt64();
            foreach (var (i, share) in s_shares.Index())
            {
                var attack = pgd with { Epsilon = share * options.Epsilon, StepSize = share * options.StepSize };
                var first = Attacked(attack, 0);
                var survives = Survivors(Enumerable.Range(1, i == s_whole ? options.Restarts - 1 : 0).Select(restart => Attacked(attack, restart)).Prepend(first));
                byEpsilon[i] += survives.sum().ToInt64();
                if (i != s_whole) continue;
                if (usesBatchStatistics) attackedOfBatch += RightByBatchStatistics(first).sum().ToInt64();
                var survivesCorners = Survivors(Enumerable.Range(0, options.RandomCorners).Select(draw => Corner(pixels, start, draw)));
                corners += survivesCorners.sum().ToInt64();
                masked += (survives - survives * survivesCorners).sum().ToInt64();
            }
            if (usesBatchStatistics) cleanOfBatch += RightByBatchStatistics(pixels).sum().ToInt64();

            Tensor Right(Tensor images)
            {
                using var mode = no_grad();
                return Logits(images).argmax(1).eq(labels);
            }

            Tensor Attacked(AttackOptions attack, int restart) => new AdversarialAttack(Logits, attack)
                .Run(pixels, labels, [.. Enumerable.Range(start, size).Select(image => trial.Seeds.Stream("study-adversarial", restart, image))]);

            // 1 for each image that stays right in all of its forms.
            Tensor Survivors(IEnumerable<Tensor> forms) => forms.Aggregate(ones([size], ScalarType.Int64, trial.Device), (right, images) => right * Right(images).to(ScalarType.Int64));

            Tensor RightByBatchStatistics(Tensor images)
            {
                using var buffers = new BufferSnapshot(trial.Network);
                trial.Network.train();
                var right = Right(images);
                trial.Network.eval();
                return right;
            }
        }
        return new StudyFindings(
            [
                Share("clean accuracy", clean), Share("accuracy under FGSM", fgsm), Share("accuracy under PGD", byEpsilon[s_whole]), Share("accuracy under noise", noisy),
                Share("images without a gradient", silent), Share("accuracy under random corners", corners), Share("images that random corners turn and PGD does not", masked),
                .. usesBatchStatistics
                    ? [Share("clean accuracy by batch statistics", cleanOfBatch), Share("accuracy under PGD by batch statistics", attackedOfBatch)]
                    : Array.Empty<StudyValue>(),
            ],
            [
                new StudyCurve("accuracy against the size of an attack", "ε of PGD", "accuracy", [0, .. s_shares.Select(share => share * options.Epsilon)],
                    [clean / (double)count, .. byEpsilon.Select(right => right / (double)count)], Metric.Share),
            ]);

        Tensor Logits(Tensor images) => trial.Network.call(trial.Images.Normalize(images));

        // Of k of n images: the error of a share.
        StudyValue Share(string name, long right)
        {
            var share = right / (double)count;
            return new StudyValue(name, share, Metric.Share, Math.Sqrt(share * (1 - share) / count));
        }

        // Every element moved by the whole of ε, up or down.
        Tensor Corner(Tensor pixels, int start, int draw)
        {
            var perImage = (int)(pixels.numel() / pixels.shape[0]);
            var moves = new double[pixels.numel()];
            for (var i = 0; i < moves.Length; i += perImage)
            {
                var random = new CounterRandom(trial.Seeds.Stream("study-corners", draw, start + i / perImage));
                for (var k = 0; k < perImage; k++) moves[i + k] = random.NextDouble() < 0.5 ? -options.Epsilon : options.Epsilon;
            }
            return (pixels + tensor(moves).view(pixels.shape).to(pixels.dtype).to(pixels.device)).clamp_(0, 1);
        }

        Tensor Noisy(Tensor pixels, int start)
        {
            var random = new CounterRandom(trial.Seeds.Stream("study-noise", 0, start));
            var noise = new double[pixels.numel()];
            for (var i = 0; i < noise.Length; i++) noise[i] = options.NoiseDeviation * random.NextGaussian();
            return (pixels + tensor(noise).view(pixels.shape).to(pixels.dtype).to(pixels.device)).clamp_(0, 1);
        }
    }
}
