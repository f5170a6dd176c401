using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Runs.Studies;

namespace FixupNet.Cli.Verbs;

/// <summary>Asks a study of one trained network and keeps the answer in its folder.</summary>
internal static class StudyQuestion
{
    /// <summary>Asks; what an interrupted call before has trained is taken up again.</summary>
    /// <param name="host">The surroundings.</param>
    /// <param name="choice">The study.</param>
    /// <param name="trial">The network's folder.</param>
    /// <param name="options">Where and how it computes.</param>
    /// <param name="isShown">Whether anybody looks at its progress.</param>
    /// <returns>The answer; null where it was interrupted.</returns>
    public static StudyRecord? Ask(CliHost host, StudyChoice choice, TrialDirectory trial, TrialOptions options, bool isShown)
    {
        var (config, weights) = choice.Entry.IsOfStart ? (RunFolder.Config(trial), null) : RunFolder.Resolve(trial.Root, null);
        var document = SomeDocument.LoadTrain(config, [], host.Registries);
        var folder = trial.StudyWorkFolder(choice.Entry.Name);
        var log = host.Log.Current;
        try
        {
            log.Debug("Study {Study} begins", choice.Entry.Name);
            var answer = ProgressDisplay.Show(host, isShown, progress => StudyRunner.Run(
                choice, document, weights, options, new StudyWork(folder, new TrialServices(log, host.Clock, progress), host.Interruption.Token)));
            RunJson.WriteFile(trial.StudyFile(choice.Entry.Name), answer);
            Directory.Delete(folder, recursive: true);
            log.Debug("Study {Study} has answered, {Seconds:F1} s", choice.Entry.Name, answer.ElapsedSeconds);
            return answer;
        }
        catch (OperationCanceledException) when (host.Interruption.Token.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Asks what a sweep asks of each network and this one has no answer to.</summary>
    /// <param name="host">The surroundings.</param>
    /// <param name="studiesFile">What is asked, a <see cref="StudyRequests"/>.</param>
    /// <param name="trial">The network's folder.</param>
    /// <param name="state">How the network's training ended.</param>
    /// <param name="options">Where and how it computes.</param>
    /// <returns>Whether all of it is answered; false where it was interrupted.</returns>
    public static bool AskAll(CliHost host, string studiesFile, TrialDirectory trial, TrialState state, TrialOptions options)
    {
        foreach (var request in RunJson.ReadFile<StudyRequests>(studiesFile).Studies)
        {
            if (!request.IsAskedOf(state) || StudyAnswers.Find(trial, request) is not null) continue;
            if (host.Interruption.Token.IsCancellationRequested || Ask(host, StudyChoice.Of(request, host.Registries), trial, options, isShown: false) is null) return false;
        }
        return true;
    }
}
