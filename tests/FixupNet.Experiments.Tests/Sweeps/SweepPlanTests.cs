using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class SweepPlanTests : SweepFixture
{
    [Test]
    public void Load_OrdersTrials_FirstKeySlowestSeedFastest()
    {
        var plan = Plan("""
            { "name": "s", "base": "base.json", "grid": { "model.variant": ["fixup", "plain"], "model.depth": [20, 56] }, "seeds": [1, 2] }
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Trials.Select(trial => trial.ShortName), Is.EqualTo(new[]
            {
                "variant=fixup-depth=20-seed=1", "variant=fixup-depth=20-seed=2", "variant=fixup-depth=56-seed=1", "variant=fixup-depth=56-seed=2",
                "variant=plain-depth=20-seed=1", "variant=plain-depth=20-seed=2", "variant=plain-depth=56-seed=1", "variant=plain-depth=56-seed=2",
            }));
            Assert.That(plan.Trials.Select(trial => trial.Index), Is.EqualTo(Enumerable.Range(0, 8)));
            Assert.That(plan.Trials.Select(trial => trial.Hash8), Is.Unique.And.All.Match("^[0-9a-f]{8}$"));
            Assert.That(plan.Hash6, Does.Match("^[0-9a-f]{6}$"));
        }
    }

    [Test]
    public void Load_GivesTrialsThatRunAlone()
    {
        var trial = Plan("""{ "name": "s", "base": "base.json", "grid": { "model.depth": [20, 56] }, "seeds": [7] }""").Trials[1];

        var alone = Some.Parse(trial.ConfigJson);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(alone.Json, Is.EqualTo(trial.ConfigJson));
            Assert.That(alone.Config, Is.EqualTo(trial.Config));
            Assert.That(alone.Hash, Does.StartWith(trial.Hash8));
            Assert.That((trial.Config.Name, trial.Config.Seed, trial.Seed, trial.Config.Training.Epochs), Is.EqualTo(("base", 7L, 7L, 3)));
            Assert.That(trial.Config.Model.Options, Is.EqualTo(new ResNetOptions(56)));
            Assert.That(trial.Overrides.Select(pair => $"{pair.Key}={pair.Value}"), Is.EqualTo(new[] { "model.depth=56" }));
        }
    }

    [Test]
    public void Load_PlansOneTrial_WhenThereIsOnlyABase()
    {
        var plan = Plan("""{ "name": "s", "base": {} }""");

        Assert.That(plan.Trials.Select(trial => (trial.ShortName, trial.Config.Name, trial.Seed)), Is.EqualTo(new[] { ("seed=1", "s", 1L) }));
    }

    [TestCase("""[{ "model.variant": "plain", "model.depth": 56 }]""", "fixup-20 fixup-56 plain-20")]
    [TestCase("""[{ "model.variant": "plain" }, { "model.depth": 56.0 }]""", "fixup-20")]
    [TestCase("""[{ "model.variant": ["plain"] }]""", "fixup-20 fixup-56")]
    [TestCase("""[{ "model.width": 16, "model.variant": "fixup" }]""", "plain-20 plain-56")] // width by its default
    public void Load_LeavesOutExcludedTrials(string exclude, string expected)
    {
        var plan = Plan($$"""
            { "name": "s", "base": {}, "grid": { "model.variant": ["fixup", "plain"], "model.depth": [20, 56] }, "exclude": {{exclude}} }
            """);

        Assert.That(string.Join(' ', plan.Trials.Select(trial => (ResNetOptions)trial.Config.Model.Options).Select(options => $"{options.Variant}-{options.Depth}")), Is.EqualTo(expected));
    }

    [Test]
    public void Load_DoesNotCheckExcludedTrials()
    {
        var plan = Plan("""{ "name": "s", "base": {}, "grid": { "model.depth": [20, 21] }, "exclude": [{ "model.depth": 21 }] }""");

        Assert.That(plan.Trials, Has.Count.EqualTo(1));
    }

    [Test]
    public void Load_TakesWholeSectionsAndArraysAsValues()
    {
        var plan = Plan("""
            { "name": "s", "base": {}, "grid": { "model": [{ "name": "mlp" }, { "depth": 26 }],
              "schedule": [{ "name": "steps", "milestonesEpochs": [1, 2] }] } }
            """);

        Assert.That(plan.Trials.Select(trial => (trial.ShortName, trial.Config.Model.Name)), Is.EqualTo(new[]
        {
            ("model=mlp-schedule=steps-seed=1", "mlp"), ("model=object-schedule=steps-seed=1", "resnet-cifar"),
        }));
    }

    [Test]
    public void Load_AppliesStopMemberByMember()
    {
        var plan = Plan("""{ "name": "s", "base": { "stop": { "lossAbove": 5, "maxMinutes": 1 } }, "stop": { "maxMinutes": null, "nonFinite": false } }""");

        Assert.That(plan.Trials[0].Config.Stop, Is.EqualTo(new StopConfig(false, 5, null)));
    }

    [TestCase("model.depth=26", "variant=fixup-seed=1 variant=plain-seed=1")]
    [TestCase("model.depth=26,32", "variant=fixup-depth=26-seed=1 variant=fixup-depth=32-seed=1 variant=plain-depth=26-seed=1 variant=plain-depth=32-seed=1")]
    [TestCase("seed=5", "variant=fixup-depth=20-seed=5 variant=plain-depth=20-seed=5")]
    [TestCase("seeds=5,6", "variant=fixup-depth=20-seed=5 variant=fixup-depth=20-seed=6 variant=plain-depth=20-seed=5 variant=plain-depth=20-seed=6")]
    [TestCase("seeds=[4]", "variant=fixup-depth=20-seed=4 variant=plain-depth=20-seed=4")]
    [TestCase("training.epochs=2", "variant=fixup-depth=20-seed=1 variant=plain-depth=20-seed=1")]
    [TestCase("optimizer.learningRate=0.1,1e-3", "variant=fixup-depth=20-learning-rate=0.1-seed=1 variant=fixup-depth=20-learning-rate=1e-3-seed=1 " +
        "variant=plain-depth=20-learning-rate=0.1-seed=1 variant=plain-depth=20-learning-rate=1e-3-seed=1")]
    public void Load_AppliesTheCommandLine(string argument, string expected)
    {
        var plan = Plan("""{ "name": "s", "base": "base.json", "grid": { "model.variant": ["fixup", "plain"], "model.depth": [20] } }""", argument);

        Assert.That(string.Join(' ', plan.Trials.Select(trial => trial.ShortName)), Is.EqualTo(expected));
    }

    // A comma inside quotes or brackets belongs to a value; blanks around one do not.
    [TestCase("about=\"a,b\", c", "about=a-b-seed=1 about=c-seed=1")]
    [TestCase("about=\"[\",\"]\"", "about=--seed=1 about=--seed=1")]
    [TestCase("model={\"depth\":20,\"width\":8},{\"name\":\"mlp\"}", "model=object-seed=1 model=mlp-seed=1")]
    [TestCase("schedule={\"name\":\"steps\",\"milestonesEpochs\":[1,2]},{\"name\":\"constant\"}", "schedule=steps-seed=1 schedule=constant-seed=1")]
    [TestCase("schedule={\"name\":\"steps\",\"milestonesEpochs\":[1,2]},{\"name\":\"steps\",\"milestonesEpochs\":[1]}",
        "schedule=steps-milestones-epochs-1-2-seed=1 schedule=steps-milestones-epochs-1-seed=1")]
    [TestCase("augmentation.crop=true,false", "crop=true-seed=1 crop=false-seed=1")]
    public void Load_SplitsListsOfTheCommandLine(string argument, string expected) =>
        Assert.That(string.Join(' ', Plan("""{ "name": "s", "base": {} }""", argument).Trials.Select(trial => trial.ShortName)), Is.EqualTo(expected));

    [Test]
    public void Load_TellsArraysApart()
    {
        var plan = Plan("""{ "name": "s", "base": { "schedule": { "name": "steps" } }, "grid": { "schedule.milestonesEpochs": [[1, 2], [1, 3], [12]] } }""");

        Assert.That(plan.Trials.Select(trial => trial.ShortName), Is.EqualTo(
            new[] { "milestones-epochs=1-2-seed=1", "milestones-epochs=1-3-seed=1", "milestones-epochs=12-seed=1" }));
    }

    [Test]
    public void Load_TakesKeysOfWhichOneBeginsLikeTheOther()
    {
        var plan = Plan("""
            { "name": "s", "base": { "dataset": { "name": "every-kind" } }, "grid": { "dataset.text": ["a"], "dataset.texts": [["b", "c"]] } }
            """);

        Assert.That(plan.Trials.Select(trial => trial.ShortName), Is.EqualTo(new[] { "text=a-texts=b-c-seed=1" }));
    }

    [Test]
    public void Load_KeepsTheOrderOfTheGrid_WhenTheCommandLineReplacesAnAxis()
    {
        var plan = Plan("""{ "name": "s", "base": {}, "grid": { "model.depth": [20], "model.variant": ["fixup"] } }""", "model.depth=26,32");

        Assert.That(plan.Trials.Select(trial => trial.ShortName), Is.EqualTo(new[] { "depth=26-variant=fixup-seed=1", "depth=32-variant=fixup-seed=1" }));
    }

    [Test]
    public void ResolvedJson_PlansTheSameTrials()
    {
        var plan = Plan("""
            { "name": "s", "about": "x", "base": "base.json", "grid": { "model": [{ "name": "mlp" }, { "depth": 26 }] }, "seeds": [1, 2],
              "exclude": [{ "seed": 2, "model.name": "mlp" }], "stop": { "maxMinutes": 5 } }
            """, "record.layers=weights,all", "training.epochs=9");

        var again = Plan(plan.ResolvedJson);

        Assert.That((again.Hash6, again.ResolvedJson, again.Trials.Count), Is.EqualTo((plan.Hash6, plan.ResolvedJson, 6)));
    }

    [Test]
    public void ResolvedJson_HoldsTheDefaultsOfTheBase_WhereTheGridLeavesThemAlone()
    {
        var json = JsonNode.Parse(Plan("""
            { "name": "s", "base": { "model": { "depth": 26 } }, "grid": { "training.epochs": [1, 2], "dataset.name": ["every-kind"] } }
            """).ResolvedJson)!["base"]!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(json["model"]!.ToJsonString(), Is.EqualTo("""{"name":"resnet-cifar","depth":26,"variant":"fixup","width":16}"""));
            Assert.That(json["training"]!["epochs"], Is.Null);
            Assert.That(((int)json["training"]!["batchSize"]!, (double)json["optimizer"]!["learningRate"]!), Is.EqualTo((128, 0.1)));
            Assert.That((json["dataset"], json["seed"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)), "the grid chooses the dataset, the seeds are the sweep's");
        }
    }

    [TestCase("""{ "about": "other", "name": "s", "base": { "name": "base", "seed": 1, "training": { "epochs": 3.0 } }, "grid": { "model.depth": [20] } }""", true)]
    [TestCase("""{ "name": "s", "base": "base.json", "grid": { "model.depth": [26] } }""", false)]
    [TestCase("""{ "name": "t", "base": "base.json", "grid": { "model.depth": [20] } }""", false)]
    [TestCase("""{ "name": "s", "base": "base.json", "grid": { "model.depth": [20] }, "stop": { "lossAbove": 9 } }""", false)]
    public void Hash6_FollowsTheResolvedSweep(string other, bool isSame)
    {
        var plan = Plan("""{ "name": "s", "base": "base.json", "grid": { "model.depth": [20] } }""");

        Assert.That(Plan(other).Hash6 == plan.Hash6, Is.EqualTo(isSame));
    }

    [Test]
    // Counted in allocated bytes, which a busy machine does not change.
    public void Load_PlansTenThousandTrials_WithWorkInProportionToTheirNumber()
    {
        var (few, fewBytes) = Count(100);
        var (many, manyBytes) = Count(1000);

        Assert.That((few, many), Is.EqualTo((1_000, 10_000)));
        Assert.That(manyBytes, Is.LessThan(12 * fewBytes)); // ten times as much, and room for lists that grow by doubling

        (int Trials, long Bytes) Count(int depthCount)
        {
            var depths = string.Join(',', Enumerable.Range(1, depthCount).Select(n => (6 * n) + 2));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var plan = Plan($$"""{ "name": "s", "base": "base.json", "grid": { "model.depth": [{{depths}}], "model.variant": ["fixup", "plain"] }, "seeds": [1, 2, 3, 4, 5] }""");
            return (plan.Trials.Count, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Test]
    public void ShortName_IsSafeAndShort()
    {
        var plan = Plan($$"""{ "name": "s", "base": {}, "grid": { "about": ["../É {{new string('x', 200)}}"], "model.name": ["mlp"], "optimizer.name": ["sgd"] } }""");

        Assert.That(plan.Trials[0].ShortName, Does.Match("^about=[a-z0-9.=-]+-seed=1$").And.Length.EqualTo(80));
    }

    [Test]
    public void ShortName_TellsKeysOfOneNameApart()
    {
        var plan = Plan("""{ "name": "s", "base": {}, "grid": { "model.name": ["mlp"], "optimizer.name": ["sgd"] } }""");

        Assert.That(plan.Trials[0].ShortName, Is.EqualTo("model.name=mlp-optimizer.name=sgd-seed=1"));
    }

    [TestCase("$schema", """{"type":"string","default":"schemas/sweep.v1.json"}""")]
    [TestCase("name", """{"type":"string","maxLength":1000,"pattern":"^(?:[a-z0-9][a-z0-9.-]{0,63})(?!\\n)$","description":"Name of the sweep; part of its folder\u0027s name."}""")]
    [TestCase("grid", """{"type":"object","additionalProperties":{"type":"array","minItems":1,"uniqueItems":true},"description":"For each key, joined by dots, the values it takes; the first changes slowest."}""")]
    [TestCase("seeds", """{"type":"array","maxItems":1000,"items":{"type":"integer","minimum":0,"maximum":9007199254740992},"description":"The seeds of every point of the grid.","default":[1]}""")]
    [TestCase("exclude", """{"type":"array","items":{"type":"object","minProperties":1},"description":"Trials left out: those that have, for every key of a rule, one of its values.","default":[]}""")]
    public void Schema_DescribesEveryKey(string key, string expected) =>
        Assert.That(SweepPlan.Schema(Some.Registries)["properties"]![key]!.ToJsonString(), Is.EqualTo(expected));

    // What the base lacks, the sweep's name and its grid may give.
    [Test]
    public void Schema_TakesABaseFileOrAnIncompleteDocument()
    {
        var choices = SweepPlan.Schema(Some.Registries)["properties"]!["base"]!["oneOf"]!.AsArray();

        Assert.That((choices.Count, choices[0]!.ToJsonString(), choices[1]!["required"]), Is.EqualTo((2, """{"type":"string"}""", (JsonNode?)null)));
    }

    [Test]
    public void Schema_HasATitle()
    {
        var schema = SweepPlan.Schema(Some.Registries);

        Assert.That(((string?)schema["$schema"], (string?)schema["title"]), Is.EqualTo(("https://json-schema.org/draft/2020-12/schema", "FixupNet sweep document, version 1")));
    }

    [Test]
    public void Schema_HasEveryKey()
    {
        var schema = SweepPlan.Schema(Some.Registries);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', schema["properties"]!.AsObject().Select(member => member.Key)), Is.EqualTo("$schema name about base grid seeds exclude stop studies"));
            Assert.That(schema["required"]!.ToJsonString(), Is.EqualTo("""["name","base"]"""));
            Assert.That(schema["additionalProperties"]!.GetValue<bool>(), Is.False);
            Assert.That(schema["properties"]!["base"]!["oneOf"]![1]!["properties"]!["training"], Is.InstanceOf<JsonObject>());
            Assert.That(schema["properties"]!["stop"]!["properties"]!["lossAbove"], Is.InstanceOf<JsonObject>());
        }
    }
}
