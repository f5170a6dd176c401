using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>Training steps and evaluations of a planned network, whatever the precision.</summary>
internal unsafe interface ITrainingTeam : IDisposable
{
    /// <summary>Loss and gradients of a batch. Every gradient is written, not added to.</summary>
    EngineStepResult Step(in Images batch);

    /// <summary>Class scores [count][classes] of images.</summary>
    void Evaluate(float* pixels, int count, float* logits);
}

/// <summary>How a network's steps are cut, whatever the network.</summary>
internal interface IEnginePlan
{
    /// <summary>Bytes of all workers together, beside the parameters and their gradients.</summary>
    long Bytes { get; }

    /// <summary>Multiply-adds of one image's convolutions, forward and both backward, computed directly.</summary>
    double MultiplyAdds { get; }

    /// <summary>The threads that compute the steps.</summary>
    ITrainingTeam CreateTeam(VectorWidth vectors);
}
