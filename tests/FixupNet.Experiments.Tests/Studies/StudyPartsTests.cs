using FixupNet.Analysis;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Experiments.Tests.Trials;
using FixupNet.Experiments.Trials;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Randomness;
using FixupNet.Runs.Records;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Tests.Studies;

/// <summary>The parts that studies are made of, against what can be said in advance.</summary>
internal sealed class StudyPartsTests : TrialFixture
{
    // y = row + column without anything of both: the residual is 0 and the parts are the variances of what was added.
    [Test]
    public void TwoWayVariance_FindsTheParts()
    {
        double[] rows = [0, 3, 9], columns = [1, 5];
        var cells = new double[3, 2][];
        for (var row = 0; row < 3; row++) for (var column = 0; column < 2; column++) cells[row, column] = [rows[row] + columns[column], 7];

        var parts = TwoWayVariance.Of(cells);

        // Means over two numbers, of which the second does not vary.
        Assert.That((parts.Rows, parts.Columns, parts.Residual), Is.EqualTo((21 / 2.0, 8 / 2.0, 0.0)));
        Assert.That(TwoWayVariance.Mean([[0, 1], [2, 1], [4, 1]]), Is.EqualTo(2));
    }

    [Test]
    public void Shuffled_KeepsTheAccuracyOfEveryPresentation()
    {
        List<ExampleHistory> run = [.. Enumerable.Range(0, 50).Select(i => ExampleHistory.Of([i < 10, i < 25, i < 40]))];

        var shuffled = ForgettingStudy.Shuffled(run, new SeedPlan(1));

        Assert.That(Enumerable.Range(0, 3).Select(t => shuffled.Count(example => example.Right[t])), Is.EqualTo((int[])[10, 25, 40]));
        Assert.That(run.Sum(example => example.ForgottenAt.Count), Is.Zero);
        Assert.That(shuffled.Sum(example => example.ForgottenAt.Count), Is.Positive);
    }

    [Test]
    public void ReorderedTask_ReordersItsPartAlone()
    {
        using var trial = TrialAssembly.Create(Document().Config, OnCpu);
        using var other = TrialAssembly.Create(Document().Config, OnCpu);
        using var reordered = new ExampleOrderStudy.ReorderedTask(other.Task, trial.Seeds, epochs: 2, (1, 4), draw: 3);

        // Two epochs of seven steps: the second of four parts is steps 3 to 6.
        var before = Enumerable.Range(0, 14).Select(step => Indices(trial.Task, step)).ToList();
        var after = Enumerable.Range(0, 14).Select(step => Indices(reordered, step)).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Where((_, step) => step is < 3 or > 6), Is.EqualTo(before.Where((_, step) => step is < 3 or > 6)));
            Assert.That(after[3..7], Is.EquivalentTo(before[3..7]).And.Not.EqualTo(before[3..7]));
        }

        static string Indices(ITask task, int step)
        {
            using var scope = NewDisposeScope();
            return string.Join(' ', task.Training(step / 7, step % 7).Indices!.data<long>().ToArray());
        }
    }

    [Test]
    public void DistilledTask_HasTheLossOfItsFormula()
    {
        using var scope = NewDisposeScope();
        using var trial = TrialAssembly.Create(Document("training.precision=float64").Config, OnCpu);
        using var task = new DistillationStudy.DistilledTask(new VariedTask(trial.Task), trial.Network, temperature: 3, alpha: 0.7);
        using var mode = no_grad();
        trial.Network.eval();
        var batch = trial.Task.Training(0, 0);
        var goals = trial.Network.call(batch.Input);
        var outputs = goals * 0.5 + tensor([.. Enumerable.Range(0, (int)goals.numel()).Select(i => Math.Sin(i))]).view(goals.shape);

        var (p, q) = ((goals / 3).softmax(1), (outputs / 3).softmax(1));
        var divergence = (p * (p.log() - q.log())).sum().ToDouble() / batch.Count;
        var expected = 0.7 * 9 * divergence + 0.3 * trial.Task.Loss(outputs, batch).ToDouble();

        Assert.That(task.Loss(outputs, batch).ToDouble(), Is.EqualTo(expected).Within(1e-12)); // double rounding
    }

    [Test]
    public void Masks_HoldInEveryEngine([Values("auto", "eager")] string engine, [Values("fixup", "batchnorm", "plain")] string method)
    {
        var document = Document($"training.engine={engine}", $"model.variant={method}", "training.epochs=1");
        var masks = new Dictionary<string, Tensor>();

        using var training = Trainings(document).Train("masked", new TrainingVariation
        {
            Start = network =>
            {
                using var mode = no_grad();
                foreach (var (name, parameter) in network.named_parameters().Where(item => item.parameter.dim() == 4))
                {
                    masks[name] = tensor([.. Enumerable.Range(0, (int)parameter.numel()).Select(i => i % 3 > 0 ? 1f : 0f)]).view(parameter.shape);
                    parameter.mul_(masks[name]);
                }
            },
            Transform = target => new GradientMask(target, masks),
        });

        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in training.Network.named_parameters().Where(item => masks.ContainsKey(item.name)))
        {
            Assert.That((parameter * (1 - masks[name])).abs().max().ToDouble(), Is.Zero, name);
            Assert.That((parameter * masks[name]).ne(0).sum().ToInt64(), Is.EqualTo(masks[name].sum().ToInt64()), name);
        }
    }

    [Test]
    public void Steps_LeaveTrainingOff_WhereTheWholeOnePassed()
    {
        var trainings = Trainings(Document());
        using var start = trainings.Train("start", new TrainingVariation { Steps = 0 });
        using var begun = TrialAssembly.Create(Document().Config, OnCpu);
        using var third = trainings.Train("third", new TrainingVariation { Steps = 3 });
        using var again = trainings.Train("third", new TrainingVariation { Steps = 3 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Sum(start.Network), Is.EqualTo(Sum(begun.Network)));
            Assert.That(Sum(third.Network), Is.Not.EqualTo(Sum(start.Network)));
            Assert.That(Sum(again.Network), Is.EqualTo(Sum(third.Network)));
        }
    }

    [Test]
    public void Pruning_InLevels_LeavesOutTheSameShareEachTime([Values(0, 3)] int rewindSteps)
    {
        var record = Ask("pruning", "images=50", "levels=2", "rate=0.5", "epochs=1", $"rewindSteps={rewindSteps}");

        var curves = record.Curves.Skip(1).ToList();
        Assert.That(curves, Has.Count.EqualTo(3));
        Assert.That(curves.Select(curve => curve.Xs), Has.All.EqualTo((double[])[0, 0.5, 0.75]).Within(1e-3)); // whole numbers of weights
    }

    // Without strength the penalty is none: the very weights of plain training.
    [Test]
    public void ElasticWeights_WithoutStrength_ArePlain([Values] ForgettingScenario scenario)
    {
        var record = Ask("catastrophic-forgetting", "tasks=2", "epochs=1", "fisherImages=2", "strength=0", $"scenario={scenario.ToString().ToLowerInvariant()}");

        Assert.That(Values("elastic weights"), Is.EqualTo(Values("plain")));
        Assert.That(Values("plain"), Has.Count.EqualTo(3));

        List<double> Values(string way) => [.. record.Values.Where(value => value.Name.StartsWith($"{way}: ", StringComparison.Ordinal)).Select(value => value.Value)];
    }

    // A network whose task is told never answers with a class of another one, and so knows each at least by chance, forgotten or not.
    [Test]
    public void Tasks_AreToldInTheScenarioOfThatName()
    {
        var (told, competing) = (Ask("catastrophic-forgetting", "tasks=5", "epochs=1", "fisherImages=1", "scenario=task"), Ask("catastrophic-forgetting", "tasks=5", "epochs=1", "fisherImages=1"));

        Assert.That(After(told), Is.GreaterThan(After(competing)));

        static double After(StudyRecord record) => record.Values.Single(value => value.Name == "plain: accuracy after all tasks").Value;
    }

    // Of the accuracy matrix R: the mean of its last row, of R(T,j) − R(j,j), and of the best R(t,j), t < T, less R(T,j).
    [Test]
    public void CatastrophicForgetting_IsMeasuredOnItsMatrix()
    {
        var record = Ask("catastrophic-forgetting", "tasks=5", "epochs=2", "fisherImages=1");
        var matrix = record.Matrices!.Single(matrix => matrix.Name.StartsWith("rehearsal: ", StringComparison.Ordinal)).Values;

        double[] expected =
        [
            matrix[4].Average(),
            Enumerable.Range(0, 4).Average(j => matrix[4][j] - matrix[j][j]),
            Enumerable.Range(0, 4).Average(j => matrix.Take(4).Max(row => row[j]) - matrix[4][j]),
        ];
        Assert.That(record.Values.Where(value => value.Name.StartsWith("rehearsal: ", StringComparison.Ordinal)).Select(value => value.Value), Is.EqualTo(expected).Within(1e-14)); // double rounding
        Assert.That(matrix, Has.Count.EqualTo(5));
    }

    [Test]
    public void Cameras_SeeEveryImageOnce_AndLeaveTheFirstAlone()
    {
        using var trial = TrialAssembly.Create(Document().Config, OnCpu);
        var study = StudyOf(trial);

        var sources = ImageSources.Of(study, new NameThatDatasetOptions());

        var (own, seen) = (study.Dataset.Train, sources.Train);
        byte[] ImageOf(ImageSet set, int image) => set.Pixels[(image * ImageSet.BytesPerImage)..((image + 1) * ImageSet.BytesPerImage)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Labels, Is.EqualTo(Enumerable.Range(0, own.Count).Select(image => (byte)(image % 4))));
            for (var image = 0; image < 8; image++) Assert.That(ImageOf(seen, image), image % 4 == 0 ? Is.EqualTo(ImageOf(own, image)) : Is.Not.EqualTo(ImageOf(own, image)));
            Assert.That(ImageOf(seen, 1), Is.EqualTo(ImageOf(own, 1).Select(value => (byte)Math.Round(128 + 0.9 * (value - 128)))));
            Assert.That(ImageOf(seen, 2)[1], Is.EqualTo((byte)Math.Round((ImageOf(own, 2)[0] + 2 * ImageOf(own, 2)[1] + ImageOf(own, 2)[2]) / 4.0)));
        }
    }

    [Test]
    public void Halves_AreOfOneSource_AndOfOneSize()
    {
        using var trial = TrialAssembly.Create(Document().Config, OnCpu);
        var study = StudyOf(trial);
        var sources = ImageSources.Of(study, new NameThatDatasetOptions());

        var halves = ImageSources.Halves(sources, study.Seeds);

        Assert.That(halves.Train.Count, Is.EqualTo(sources.Train.Labels.Count(label => label == 0)));
        Assert.That(halves.Train.Labels.Count(label => label == 0), Is.EqualTo((halves.Train.Count + 1) / 2));
        Assert.That(ImageSources.Part(sources, 0.5).Train.Labels.CountBy(label => label).Select(source => source.Value), Is.All.EqualTo(sources.Train.Count / 8));
    }

    // Learned of one source: 0.6 on itself, (0.3 + 0.15)/2 on the others; of the next ones 0.5 and 0.45, 0 and 0.3. The mean row is 1.1/3 and 0.975/3.
    [Test]
    public void CrossDataset_HasThePercentDropOfEverySource_AndOfTheirMean()
    {
        var values = CrossDataset.ValuesOf(["a", "b", "c"], [[0.6, 0.3, 0.15], [0.5, 0.5, 0.4], [0.6, 0, 0]]).ToDictionary(value => value.Name["cross-dataset, ".Length..], value => value.Value);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((values["a: self"], values["b: self"], values["c: self"]), Is.EqualTo((0.6, 0.5, 0.0)));
            Assert.That(values["a: mean of others"], Is.EqualTo(0.225).Within(1e-15)); // double rounding, here and below
            Assert.That(values["a: percent drop"], Is.EqualTo(62.5).Within(1e-12));
            Assert.That(values["b: percent drop"], Is.EqualTo(10).Within(1e-12));
            Assert.That(values.Keys, Has.None.EqualTo("c: percent drop"), "of nothing");
            Assert.That(values["mean of the sources: self"], Is.EqualTo(1.1 / 3).Within(1e-15));
            Assert.That(values["mean of the sources: mean of others"], Is.EqualTo(0.325).Within(1e-15));
            Assert.That(values["mean of the sources: percent drop"], Is.EqualTo(100 * (1.1 - 0.975) / 1.1).Within(1e-12));
        }
    }

    [Test]
    public void CrossDataset_IsOfWhatEachNetworkSaysOfEverySource()
    {
        var record = Ask("name-that-dataset", "cross=true", "sizes=1", "epochs=1");

        var matrix = record.Matrices!.Single(matrix => matrix.Name == "cross-dataset accuracy");
        double[] self = [.. record.Values.Where(value => value.Name.EndsWith(": self", StringComparison.Ordinal)).Select(value => value.Value)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That((matrix.Rows, matrix.Columns), Is.EqualTo(("trained on", "tested on")));
            Assert.That(matrix.RowNames, Is.EqualTo(new[] { "as they are", "less contrast", "blurred", "noisy" }).And.EqualTo(matrix.ColumnNames));
            Assert.That(self, Is.EqualTo(new[] { self.Skip(1).Average() }.Concat(Enumerable.Range(0, 4).Select(source => matrix.Values[source][source]))).Within(1e-15)); // double rounding
        }
    }

    // Every camera sees every image, and labels stay those of the classes.
    [Test]
    public void ByClass_KeepsClasses_WithEveryImageThroughEveryCamera()
    {
        using var trial = TrialAssembly.Create(Document().Config, OnCpu);
        var study = StudyOf(trial);

        var (cameras, sources) = (ImageSources.ByClass(study, new NameThatDatasetOptions()), ImageSources.Of(study, new NameThatDatasetOptions()));

        byte[] ImageOf(ImageSet set, int image) => set.Pixels[(image * ImageSet.BytesPerImage)..((image + 1) * ImageSet.BytesPerImage)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(cameras.Select(camera => camera.Train.Labels), Has.All.EqualTo(study.Dataset.Train.Labels));
            Assert.That(cameras[0].Train.Pixels, Is.EqualTo(study.Dataset.Train.Pixels));
            for (var image = 0; image < 8; image++) Assert.That(ImageOf(cameras[image % 4].Train, image), Is.EqualTo(ImageOf(sources.Train, image)), "the same cameras as those to be told apart");
        }
    }

    [Test]
    public void NameThatDataset_ReadsAFileASource_WithItsClasses()
    {
        string[] train = [ClassFile("a.bin", 30, 0, 3), ClassFile("b.bin", 40, 1, 4)], test = [ClassFile("c.bin", 9, 0, 3), ClassFile("d.bin", 12, 1, 4)];
        string[] options = [$"train={string.Join(',', train)}", $"test={string.Join(',', test)}", "names=first,second"];
        using var trial = TrialAssembly.Create(Document().Config, OnCpu);
        var parsed = (NameThatDatasetOptions)StudyChoice.Parse("name-that-dataset", options, ProductRegistries.All).Options;

        var (named, sources) = (ImageSources.Of(StudyOf(trial), parsed), ImageSources.ByClass(StudyOf(trial), parsed));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(named.Train.Labels, Is.EqualTo(Enumerable.Repeat((byte)0, 30).Concat(Enumerable.Repeat((byte)1, 40))));
            Assert.That(sources.Select(source => source.Name), Is.EqualTo(new[] { "first", "second" }));
            Assert.That(sources.Select(source => source.ClassNames), Has.All.EqualTo(named.ClassNames.Count == 2 ? StudyOf(trial).Images.Dataset.ClassNames.Skip(1).Take(2) : []), "classes 1 and 2 are in both");
            Assert.That(sources.Select(source => source.TrainCount), Has.All.EqualTo(20), "as many of each as the smaller one has");
            Assert.That(sources[1].Train.Labels.Take(4), Is.EqualTo(new byte[] { 0, 1, 0, 1 }));
            Assert.That(() => Ask("name-that-dataset", [$"train={train[0]}", $"test={test[0]}", "cross=true", "epochs=1", "sizes=1"]), Throws.InstanceOf<ConfigException>().With.Message.Contains("cross"));
            Assert.That(() => Ask("name-that-dataset", [$"train={train[0]},{train[1]}", $"test={test[0]}"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("names 2 files"));
            Assert.That(() => Ask("name-that-dataset", [$"train={train[0]},{ClassFile("e.bin", 8, 5, 9)}", $"test={test[0]},{test[1]}", "cross=true", "epochs=1", "sizes=1"]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("share 0 classes"));
        }
    }

    // Images of classes in turn, each of one brightness.
    private string ClassFile(string name, int count, int first, int end)
    {
        var path = Path.Combine(Folder.Path, name);
        File.WriteAllBytes(path, [.. Enumerable.Range(0, count).Select(i => first + i % (end - first)).SelectMany(label => (byte[])[(byte)label, .. Enumerable.Repeat((byte)(label * 25), ImageSet.BytesPerImage)])]);
        return path;
    }

    [Test]
    public void NameThatDataset_ReadsSourcesFromFiles()
    {
        string File(string name, int count, byte sources) => ClassFile(name, count, 0, sources);
        var (train, test) = (File("train.bin", 24, 3), File("test.bin", 9, 3));

        var record = Ask("name-that-dataset", $"train={train}", $"test={test}", "names=a,b,c", "sizes=1", "epochs=1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(record.Matrices!.Single().RowNames, Is.EqualTo(new[] { "a", "b", "c" }));
            Assert.That(record.Values.Single(value => value.Name == "chance").Value, Is.EqualTo(1.0 / 3));
            Assert.That(record.Curves.Single(curve => curve.X == "sources").Xs, Is.EqualTo(new[] { 2.0, 3.0 }));
            Assert.That(() => Ask("name-that-dataset", $"train={train}"), Throws.TypeOf<InvalidDataException>().With.Message.Contains("needs test="));
            Assert.That(() => Ask("name-that-dataset", $"train={train}", $"test={File("more.bin", 8, 4)}"), Throws.TypeOf<InvalidDataException>().With.Message.Contains("is not among the 3"));
            Assert.That(() => Ask("name-that-dataset", $"train={train}", $"test={test}", "names=a,b"), Throws.TypeOf<InvalidDataException>().With.Message.Contains("names= has 2 names"));
        }
    }

    [Test]
    public void Studies_RefuseWhatTheyCannotSplitOrTell() => Assert.Multiple(() =>
    {
        Assert.That(() => Ask("catastrophic-forgetting", "tasks=3"), Throws.InstanceOf<ConfigException>().With.Message.Contains("10 classes"));
        Assert.That(() => Ask(Document("augmentation.mixupAlpha=0.7"), "forgetting"), Throws.InstanceOf<ConfigException>().With.Message.Contains("mixupAlpha"));
    });

    private static StudyTrial StudyOf(TrialAssembly trial) =>
        new(trial.Network, trial.Task, trial.Seeds, trial.Device) { Trainings = null! };

    private static StudyRecord Ask(string study, params string[] options) => Ask(Document(), study, options);

    private static StudyRecord Ask(TrainDocument document, string study, params string[] options) =>
        StudyRunner.Run(StudyChoice.Parse(study, options, ProductRegistries.All), document, null, OnCpu);

    private static double Sum(nn.Module network) => network.parameters().Sum(parameter => parameter.detach().to(ScalarType.Float64).square().sum().ToDouble());

    private StudyTrainings Trainings(TrainDocument document) => new(
        document, document.Config.Registries.Datasets[document.Config.Dataset.Name].Load(document.Config.Dataset.Options), OnCpu,
        new StudyWork(Path.Combine(Folder.Path, "work"), Services(), CancellationToken.None));
}
