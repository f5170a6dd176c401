namespace FixupNet.Engine.DepthFirst;

/// <summary>What the engine measured in a step.</summary>
/// <param name="Loss">Mean cross-entropy of the batch, in nats.</param>
/// <param name="Correct">Images whose largest logit is that of their label.</param>
/// <param name="PartnerCorrect">Images whose largest logit is that of their partner's label; equals <paramref name="Correct"/> without mixup.</param>
/// <param name="ForwardTime">Of a worker on average: forward pass and loss.</param>
/// <param name="BackwardTime">Of a worker on average: backward pass, recomputation included.</param>
/// <param name="FinishTime">Adding up the workers' gradients.</param>
public sealed record EngineStepResult(
    double Loss, double Correct, double PartnerCorrect, TimeSpan ForwardTime, TimeSpan BackwardTime, TimeSpan FinishTime);
