namespace FixupNet.Initialization;

/// <summary>Gives every parameter of a network its first value. A scheme is a record of its own options.</summary>
public interface IInitializationScheme
{
    /// <summary>What it needs beside the parameters; nothing by default.</summary>
    SchemeNeeds Needs => SchemeNeeds.Parameters;

    /// <summary>The networks that it is for, by what they take; all by default.</summary>
    InputKind Inputs => InputKind.Images | InputKind.Sentences;

    /// <summary>Writes every parameter of the topology.</summary>
    /// <param name="context">The network; its parameters may be float32 or float64 and on any device.</param>
    /// <exception cref="ArgumentException">The context lacks what <see cref="Needs"/> says.</exception>
    /// <exception cref="SchemeFailedException">This network has no such initialization.</exception>
    void Initialize(InitializationContext context);
}

/// <summary>What a scheme needs beside the parameters; each need includes the ones before it.</summary>
public enum SchemeNeeds
{
    /// <summary>Nothing.</summary>
    Parameters,

    /// <summary>Forward passes over training images.</summary>
    Forward,

    /// <summary>Gradients too.</summary>
    Gradients,
}

/// <summary>A scheme cannot initialize this network from this sample; the message says which and why.</summary>
/// <param name="message">The message.</param>
public sealed class SchemeFailedException(string message) : InvalidOperationException(message);
