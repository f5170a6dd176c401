using FixupNet.Experiments.Launchers;
using YamlDotNet.RepresentationModel;

namespace FixupNet.Experiments.Tests.Launchers;

internal sealed class KubernetesJobTests
{
    private static readonly KubernetesOptions s_options = new(
        new LaunchOptions(8, Cpus: 4, MemoryMebibytes: 2048, GraceSeconds: 90, Restarts: 6), "registry.example/fixupnet:1.0", "shared-runs");

    [Test]
    public void Of_IsAnIndexedJob()
    {
        var job = Parse(s_options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((Text(job, "apiVersion"), Text(job, "kind")), Is.EqualTo(("batch/v1", "Job")));
            Assert.That(Text(job, "metadata", "name"), Is.EqualTo("fixupnet-tiny-1a2b3c"));
            Assert.That(Text(job, "spec", "completionMode"), Is.EqualTo("Indexed"));
            Assert.That((Text(job, "spec", "completions"), Text(job, "spec", "parallelism")), Is.EqualTo(("8", "8")));
            Assert.That(Text(job, "spec", "backoffLimitPerIndex"), Is.EqualTo("6"));
            Assert.That(Text(job, "spec", "template", "spec", "restartPolicy"), Is.EqualTo("Never"));
            Assert.That(Text(job, "spec", "template", "spec", "terminationGracePeriodSeconds"), Is.EqualTo("90"));
        }
    }

    [Test]
    public void Of_RunsAWorkerOnTheSharedVolume()
    {
        var pod = At(Parse(s_options), "spec", "template", "spec");
        var worker = ((YamlSequenceNode)At(pod, "containers")).Children.Single();
        var mount = ((YamlSequenceNode)At(worker, "volumeMounts")).Children.Single();
        var volume = ((YamlSequenceNode)At(pod, "volumes")).Children.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Text(worker, "image"), Is.EqualTo("registry.example/fixupnet:1.0"));
            Assert.That(Texts(worker, "args"), Is.EqualTo(new[] { "sweep", "worker", "/shared/runs/tiny-1a2b3c", "--no-wait", "--threads", "4" }));
            Assert.That((Text(worker, "resources", "limits", "cpu"), Text(worker, "resources", "limits", "memory")), Is.EqualTo(("4", "2048Mi")));
            Assert.That((Text(worker, "resources", "requests", "cpu"), Text(worker, "resources", "requests", "memory")), Is.EqualTo(("4", "2048Mi")));
            Assert.That(Text(mount, "mountPath"), Is.EqualTo("/shared/runs"));
            Assert.That(Text(mount, "name"), Is.EqualTo(Text(volume, "name")));
            Assert.That(Text(volume, "persistentVolumeClaim", "claimName"), Is.EqualTo("shared-runs"));
        }
    }

    [Test]
    public void Of_ReplacesPodsAsTheirExitCodesAsk()
    {
        var rules = (YamlSequenceNode)At(Parse(s_options), "spec", "podFailurePolicy", "rules");

        var byCode = rules.Children.Where(rule => ((YamlMappingNode)rule).Children.ContainsKey("onExitCodes"))
            .SelectMany(rule => Texts(rule, "onExitCodes", "values").Select(code => (Code: code, Action: Text(rule, "action")))).ToDictionary();

        Assert.That(byCode, Is.EqualTo(new Dictionary<string, string>
        {
            ["75"] = "Ignore", ["3"] = "FailIndex",
            ["64"] = "FailJob", ["65"] = "FailJob", ["66"] = "FailJob", ["69"] = "FailJob", ["73"] = "FailJob", ["77"] = "FailJob", ["78"] = "FailJob",
        }));
    }

    [Test]
    public void Of_IgnoresDisruptions()
    {
        var rules = (YamlSequenceNode)At(Parse(s_options), "spec", "podFailurePolicy", "rules");

        var rule = rules.Children.Single(rule => ((YamlMappingNode)rule).Children.ContainsKey("onPodConditions"));

        Assert.That((Text(rule, "action"), Text(((YamlSequenceNode)At(rule, "onPodConditions"))[0], "type")), Is.EqualTo(("Ignore", "DisruptionTarget")));
    }

    [Test]
    public void Of_LeavesOutWhatIsNotAsked()
    {
        var job = Parse(s_options with { Common = new LaunchOptions(1) });

        var limits = (YamlMappingNode)At(((YamlSequenceNode)At(job, "spec", "template", "spec", "containers"))[0], "resources", "limits");
        Assert.That((limits.Children.ContainsKey("memory"), ((YamlMappingNode)At(job, "metadata")).Children.ContainsKey("namespace")), Is.EqualTo((false, false)));
    }

    [Test]
    public void Of_NamesTheNamespace() =>
        Assert.That(Text(Parse(s_options with { ClusterNamespace = "lab" }), "metadata", "namespace"), Is.EqualTo("lab"));

    [TestCase("depth-sweep-1a2b3c", "fixupnet-depth-sweep-1a2b3c")]
    [TestCase("a.b=c_D-1a2b3c", "fixupnet-a-b-c-d-1a2b3c")]
    [TestCase("a-very-long-name-of-a-sweep-that-nobody-would-ever-type-1a2b3c", "fixupnet-a-sweep-that-nobody-would-ever-type-1a2b3c")]
    public void Name_IsALabelOfKubernetes(string sweep, string expected)
    {
        var name = KubernetesJob.Name(sweep);

        Assert.That((name, LaunchValue.ClusterName.Allows(name + "-99999")), Is.EqualTo((expected, true)));
    }

    [TestCaseSource(typeof(Some), nameof(Some.HostileTexts))]
    public void Of_RefusesHostileTexts(string text)
    {
        KubernetesOptions[] options = [s_options with { Image = text }, s_options with { VolumeClaim = text }, s_options with { ClusterNamespace = text }];

        using (Assert.EnterMultipleScope())
        {
            foreach (var option in options) Assert.That(() => KubernetesJob.Of(option, Some.Sweep), Throws.ArgumentException);
            Assert.That(() => KubernetesJob.Of(s_options, Some.Sweep with { Folder = text }), Throws.ArgumentException);
        }
    }

    private static YamlNode Parse(KubernetesOptions options)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(KubernetesJob.Of(options, Some.Sweep)));
        return stream.Documents.Single().RootNode;
    }

    private static YamlNode At(YamlNode node, params string[] keys) => keys.Aggregate(node, (current, key) => ((YamlMappingNode)current).Children[key]);

    private static string Text(YamlNode node, params string[] keys) => ((YamlScalarNode)At(node, keys)).Value!;

    private static IEnumerable<string> Texts(YamlNode node, params string[] keys) =>
        ((YamlSequenceNode)At(node, keys)).Select(item => ((YamlScalarNode)item).Value!);
}
