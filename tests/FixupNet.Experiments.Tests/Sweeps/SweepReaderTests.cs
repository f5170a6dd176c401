using FixupNet.Experiments.Tests.Configuration;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class SweepReaderTests : SweepFixture
{
    [TestCase("""{ "name": "s" }""", "s.json:1: base is missing; must be a file name or an object.")]
    [TestCase("""{ "name": "s", "base": 1 }""", "s.json:1: base is 1; must be a file name or an object.")]
    [TestCase("""{ "name": "s", "base": {}, "grids": {} }""", "s.json:1: grids is not a known key (did you mean \"grid\"?).")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model.depth": [] } }""", "s.json:1: grid.model.depth is an array of 0; must be an array of at least one value.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model.depth": 20 } }""", "s.json:1: grid.model.depth is 20; must be an array of at least one value.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model.deph": [20] } }""", "s.json:1: grid.model.deph has the unknown key \"deph\" (did you mean \"depth\"?).")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model.depth": [20, 2e1] } }""", "s.json:1: grid.model.depth holds 2e1 twice.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "seed": [20] } }""", "s.json:1: grid.seed does not belong here; list the values under \"seeds\".")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model.depth": [20], "model": [{}] } }""", "s.json:1: grid.model overlaps model.depth; one would replace what the other sets.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model": [{}], "model.depth": [20] } }""", "s.json:1: grid.model.depth overlaps model; one would replace what the other sets.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model depth": [20] } }""", "s.json:1: grid.model depth is not a key; write keys joined by dots: model.depth.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "optimizer.momentum": [0, -0.0] } }""", "s.json:1: grid.optimizer.momentum holds -0.0 twice.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "augmentation.crop": [true, true] } }""", "s.json:1: grid.augmentation.crop holds true twice.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "about": ["x", "x"] } }""", "s.json:1: grid.about holds \"x\" twice.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model": [{ "name": "mlp", "layers": 2 }, { "layers": 2.0, "name": "mlp" }] } }""", "s.json:1: grid.model holds an object twice.")]
    [TestCase("""{ "name": "s", "base": { "schedule": { "name": "steps" } }, "grid": { "schedule.milestonesEpochs": [[1, 2], [1, 2.0]] } }""", "s.json:1: grid.schedule.milestonesEpochs holds an array of 2 twice.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": [] }""", "s.json:1: grid is an array of 0; must be an object.")]
    [TestCase("""{ "name": "s", "base": {}, "exclude": {} }""", "s.json:1: exclude is an object; must be an array.")]
    [TestCase("""{ "name": "s", "base": {}, "exclude": [1] }""", "s.json:1: exclude[0] is 1; must be an object of at least one key and its values.")]
    [TestCase("""{ "name": "s", "base": {}, "exclude": [{ "model depth": 1 }] }""", "s.json:1: exclude[0].model depth is not a key; write keys joined by dots: model.depth.")]
    [TestCase("""{ "name": "s", "base": {}, "exclude": [{ "model.depth": 20 }, { "model.width": [] }] }""", "s.json:1: exclude[1].model.width is an empty array; it would exclude nothing.")]
    [TestCase("""{ "name": "s", "base": {}, "stop": [] }""", "s.json:1: stop is an array of 0; must be an object.")]
    [TestCase("""{ "base": {} }""", "s.json:1: name is missing; must be a string.")]
    [TestCase("""{ "name": "s", "base": {}, "seeds": [] }""", "s.json:1: seeds is empty; must hold at least one seed.")]
    [TestCase("""{ "name": "s", "base": {}, "seeds": [1, 1] }""", "s.json:1: seeds holds 1 twice.")]
    [TestCase("""{ "name": "s", "base": {}, "seeds": [-1] }""", "s.json:1: seeds[0] is -1; must be in [0, 9007199254740992].")]
    [TestCase("""{ "name": "s", "base": {}, "exclude": [{}] }""", "s.json:1: exclude[0] is an object; must be an object of at least one key and its values.")]
    [TestCase("""{ "name": "s", "base": {}, "exclude": [{ "model.deph": 1 }] }""", "s.json:1: exclude[0].model.deph has the unknown key \"deph\" (did you mean \"depth\"?).")]
    [TestCase("""{ "name": "s", "base": {}, "exclude": [{ "seed": 1 }] }""", "s.json:1: exclude leaves no trial.")]
    [TestCase("""{ "name": "s", "base": {}, "stop": { "lossAbov": 1 } }""", "s.json:1: stop.lossAbov is not a known key (did you mean \"lossAbove\"?). In every trial.")]
    [TestCase("""{ "$schema": "sweep.v2.json", "name": "s", "base": {} }""", "s.json:1: $schema is \"sweep.v2.json\"; this program reads sweep.v1.json here.")]
    [TestCase("""{ "name": "s", "base": {}, "grid": { "model.depth": [20, 21, 26] }, "seeds": [1, 2] }""",
        "s.json:1: model.depth is 21; must be 6n+2 (nearest: 20, 26). In trial depth=21-seed=1 and 1 more.")]
    [TestCase("""{ "name": "s", "base": "../base.json" }""", "s.json:1: base is \"../base.json\"; must be a relative path with forward slashes to a file beside the sweep or below, without \"..\".")]
    [TestCase("""{ "name": "s", "base": "/etc/passwd" }""", "s.json:1: base is \"/etc/passwd\"; must be a relative path with forward slashes to a file beside the sweep or below, without \"..\".")]
    [TestCase("""{ "name": "s", "base": "C:\\a.json" }""", "s.json:1: base is \"C:\\a.json\"; must be a relative path with forward slashes to a file beside the sweep or below, without \"..\".")]
    [TestCase("""{ "name": "s", "base": "./base.json" }""", "s.json:1: base is \"./base.json\"; must be a relative path with forward slashes to a file beside the sweep or below, without \"..\".")]
    [TestCase("""{ "name": "s", "base": "C:a.json" }""", "s.json:1: base is \"C:a.json\"; must be a relative path with forward slashes to a file beside the sweep or below, without \"..\".")]
    [TestCase("""{ "name": "s", "base": "a\u0007.json" }""", "s.json:1: base is \"a\\u0007.json\"; must be a relative path with forward slashes to a file beside the sweep or below, without \"..\".")]
    [TestCase("""{ "name": "s", "base": "" }""", "s.json:1: base is \"\"; must be a relative path with forward slashes to a file beside the sweep or below, without \"..\".")]
    public void Load_Refuses(string json, string expected) => Assert.That(ErrorsOf(json), Is.EqualTo(new[] { expected }));

    [Test]
    public void Load_TellsErrorsOfBaseAndGridAtOnce_EachWithItsFile()
    {
        Folder.Write("bad.json", "{ \"name\": \"b\",\n \"sead\": 1 }");

        var errors = ErrorsOf("{ \"name\": \"s\", \"base\": \"bad.json\",\n\"grid\": { \"model.depth\": [20, \"x\"] } }", "model.width=no");

        Assert.That(errors, Is.EqualTo(new[]
        {
            "bad.json:2: sead is not a known key (did you mean \"seed\"?). In every trial.",
            "command line: model.width is \"no\"; must be an integer. In every trial.",
            "s.json:2: model.depth is \"x\"; must be an integer. In trial depth=x-seed=1.",
        }));
    }

    [Test]
    public void Load_Refuses_WhenTheBaseIsASweep()
    {
        Folder.Write("sweep.json", """{ "$schema": "schemas/sweep.v1.json", "name": "other", "base": {}, "grid": { "model.depth": [20] } }""");

        Assert.That(ErrorsOf("""{ "name": "s", "base": "sweep.json" }"""), Is.EqualTo(new[]
        {
            "s.json:1: base is \"sweep.json\", which is a sweep; must be a train document. That sweep has a base of its own: name or copy it here.",
        }));
    }

    // What is wrong in one part hides nothing of another.
    [Test]
    public void Load_TellsEverythingAtOnce_WhateverIsWrong()
    {
        Folder.Write("bad.json", "{ \"name\": \"b\",\n \"sead\": 1 }");

        var errors = ErrorsOf("""
            { "base": "bad.json", "abuot": "x",
              "grid": { "model.deph": [20], "model.depth": [21, 26], "optimizer.momentum": [] },
              "seeds": [-1], "exclude": [{ "model.widht": 3 }] }
            """, "model.width=no");

        Assert.That(errors, Is.EqualTo(new[]
        {
            "s.json:1: abuot is not a known key (did you mean \"about\"?).",
            "s.json:1: name is missing; must be a string.",
            "s.json:3: seeds[0] is -1; must be in [0, 9007199254740992].",
            "s.json:2: grid.model.deph has the unknown key \"deph\" (did you mean \"depth\"?).",
            "s.json:2: grid.optimizer.momentum is an array of 0; must be an array of at least one value.",
            "s.json:3: exclude[0].model.widht has the unknown key \"widht\" (did you mean \"width\"?).",
            "bad.json:2: sead is not a known key (did you mean \"seed\"?). In every trial.",
            "command line: model.width is \"no\"; must be an integer. In every trial.",
        }));
    }

    [Test]
    public void Load_LooksIntoAGridThatIsTooLarge()
    {
        var epochs = string.Join(',', Enumerable.Range(0, 10_001));

        Assert.That(ErrorsOf($$"""{ "name": "s", "base": { "sead": 1 }, "grid": { "training.epochs": [{{epochs}}] } }"""), Is.EqualTo(new[]
        {
            "s.json:1: grid makes 10001 trials; must be at most 10000.", "s.json:1: sead is not a known key (did you mean \"seed\"?). In every trial.",
        }));
    }

    [TestCase("""[{ "model.depth": 57 }]""", "s.json:1: exclude[0].model.depth is 57, which no trial has; they have 20, 56.")]
    [TestCase("""[{ "model.depth": [56, 57] }]""", "s.json:1: exclude[0].model.depth is 57, which no trial has; they have 20, 56.")]
    [TestCase("""[{ "model.width": 17 }]""", "s.json:1: exclude[0].model.width is 17, which no trial has; they have 16.")]
    [TestCase("""[{ "model.depth": 20 }, { "model.layers": 2 }]""", "s.json:1: exclude[1].model.layers is 2, which no trial has; none has this key.")]
    [TestCase("""[{ "model.depth": 20, "model.variant": "plain" }]""", "s.json:1: exclude[0].model.variant is \"plain\", which no trial has; they have \"fixup\".")]
    public void Load_Refuses_WhenARuleExcludesNothing(string exclude, string expected) =>
        Assert.That(ErrorsOf($$"""{ "name": "s", "base": {}, "grid": { "model.depth": [20, 56] }, "exclude": {{exclude}} }"""), Is.EqualTo(new[] { expected }));

    [TestCase("""{ "model.depth": [20, 55] }""", "s.json:1: model.depth is 55; must be 6n+2 (nearest: 50, 56). In trial depth=55-seed=1.")]
    [TestCase("""{ "model.depth": 56 }""", "s.json:1: grid.model.depth is 56; must be an array of at least one value.")]
    public void Load_SaysNothingOfARule_WhoseKeyHasAnErrorInTheGrid(string grid, string expected) =>
        Assert.That(ErrorsOf($$"""{ "name": "s", "base": {}, "grid": {{grid}}, "exclude": [{ "model.depth": 56 }] }"""), Is.EqualTo(new[] { expected }));

    [Test]
    public void Load_SuggestsTheSection_OfAKeyWithoutOne() =>
        Assert.That(ErrorsOf("""{ "name": "s", "base": {}, "grid": { "depth": [20] } }"""), Is.EqualTo(new[] { "s.json:1: grid.depth has the unknown key \"depth\" (did you mean \"model.depth\"?)." }));

    [Test]
    public void Load_Refuses_WhenNoTrialHasAllValuesOfARule() =>
        Assert.That(ErrorsOf("""
            { "name": "s", "base": {}, "grid": { "model": [{ "depth": 20, "width": 4 }, { "depth": 26, "width": 8 }] }, "exclude": [{ "model.depth": 20, "model.width": 8 }] }
            """), Is.EqualTo(new[] { "s.json:1: exclude[0] leaves out no trial: none has all of its values at once. Correct it, or remove it." }));

    [TestCase("model.depth=20")]
    [TestCase("model.depth=20,26")]
    [TestCase("model.variant=plain")]
    public void Load_TakesARuleThatTheCommandLineEmptied_AndWritesItNoMore(string argument)
    {
        var plan = Plan("""
            { "name": "s", "base": {}, "grid": { "model.depth": [20, 56], "model.variant": ["fixup", "plain"] }, "exclude": [{ "model.depth": 56, "model.variant": "fixup" }] }
            """, argument);

        Assert.That((plan.ResolvedJson.Contains("\"exclude\": []"), Plan(plan.ResolvedJson).Hash6), Is.EqualTo((true, plan.Hash6)));
    }

    [TestCase("model.depth=20,x", "command line: model.depth is \"x\"; must be an integer. In trial depth=x-seed=1.")]
    [TestCase("model.deph=20,26", "command line: model.deph has the unknown key \"deph\" (did you mean \"depth\"?).")]
    [TestCase("model.depth=20,20", "command line: model.depth holds 20 twice.")]
    [TestCase("schedule.name=steps", "command line: schedule.name would be replaced by the grid, which sets all of schedule.")]
    [TestCase("record.layers=all,all", "command line: record.layers holds \"all\" twice.")]
    [TestCase("schedule.name=constant,steps", "command line: schedule.name overlaps schedule; one would replace what the other sets.")]
    [TestCase("seeds=[]", "command line: seeds is empty; must hold at least one seed.")]
    [TestCase("seeds=1,1", "command line: seeds holds 1 twice.")]
    [TestCase("seed=x", "command line: seeds[0] is \"x\"; must be an integer.")]
    public void Load_RefusesArguments(string argument, string expected) =>
        Assert.That(ErrorsOf("""{ "name": "s", "base": {}, "grid": { "schedule": [{ "name": "constant" }] } }""", argument).Select(line => line.Replace("schedule=constant-", "")),
            Is.EqualTo(new[] { expected }));

    [Test]
    public void Load_Refuses_WhenTheBaseIsMissing() =>
        Assert.That(ErrorsOf("""{ "name": "s", "base": "no.json" }"""), Is.EqualTo(new[] { "s.json:1: base is \"no.json\"; there is no file no.json." }));

    [Test]
    public void Load_Refuses_WhenTheBasePassesThroughALink()
    {
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write("base.json", Base);
        Directory.CreateSymbolicLink(Path.Combine(Folder.Path, "link"), elsewhere.Path);

        var errors = ErrorsOf("""{ "name": "s", "base": "link/base.json" }""");

        Assert.That(errors, Is.EqualTo(new[] { "s.json:1: base is \"link/base.json\"; must not pass through a symbolic link." }));
    }

    [Test]
    public void Load_ReadsABaseInAFolderBelow()
    {
        Folder.Write("below/base.json", """{ "name": "below" }""");

        Assert.That(Plan("""{ "name": "s", "base": "below/base.json" }""").Trials[0].Config.Name, Is.EqualTo("below"));
    }

    [Test]
    public void Load_RefusesAtOnce_WhenTheGridIsAstronomic()
    {
        var values = string.Join(',', Enumerable.Range(1, 1000));
        var keys = string.Join(',', new[] { "epochs", "batchSize", "microBatchSize", "evaluateEveryEpochs" }.Select(key => $"\"training.{key}\": [{values}]"));

        Assert.That(ErrorsOf($$"""{ "name": "s", "base": {}, "grid": { {{keys}} } }"""), Is.EqualTo(new[] { "s.json:1: grid makes 1000000000000 trials; must be at most 10000." }));
    }

    [Test]
    public void Load_Refuses_WhenThereIsOneTrialTooMany()
    {
        var json = $$"""
            { "name": "s", "base": {}, "grid": { "training.epochs": [{{string.Join(',', Enumerable.Range(1, 73))}}] }, "seeds": [{{string.Join(',', Enumerable.Range(0, 137))}}] }
            """;

        Assert.That(ErrorsOf(json), Is.EqualTo(new[] { "s.json:1: grid makes 10001 trials; must be at most 10000." }));
    }

    [Test]
    public void Load_StopsEarly_WhenABaseIsHopeless()
    {
        var json = $"{{ \"name\": \"s\", \"base\": {{ {string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"k{i}\": 0"))} }}, \"grid\": {{ \"training.epochs\": [{string.Join(',', Enumerable.Range(0, 10_000))}] }} }}";

        Assert.That(ErrorsOf(json), Has.Length.EqualTo(101));
    }
}
