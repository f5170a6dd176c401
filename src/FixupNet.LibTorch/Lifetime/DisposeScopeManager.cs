namespace TorchSharp;

/// <summary>Keeps the chain of open dispose scopes of each thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? s_singleton;

    internal DisposeScopeManager() { }

    internal static DisposeScopeManager ThreadSingleton => s_singleton ??= new();

    internal DisposeScope? Current { get; private set; }

    internal DisposeScope New() => Current = new DisposeScope(this, Current);

    /// <summary>Takes a scope out of the chain; one closed before the scopes inside it leaves those open.</summary>
    internal void Close(DisposeScope scope)
    {
        if (ReferenceEquals(Current, scope)) Current = scope.OuterScope;
        for (var inner = Current; inner is not null; inner = inner.OuterScope)
        {
            if (ReferenceEquals(inner.OuterScope, scope)) inner.OuterScope = scope.OuterScope;
        }
    }
}
