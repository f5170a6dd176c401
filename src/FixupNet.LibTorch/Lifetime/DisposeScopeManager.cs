namespace TorchSharp;

/// <summary>Keeps the stack of dispose scopes of each thread.</summary>
public sealed class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? s_singleton;

    private readonly Stack<DisposeScope> _scopes = new();

    internal static DisposeScopeManager ThreadSingleton => s_singleton ??= new();

    internal DisposeScope? Current => _scopes.TryPeek(out var scope) ? scope : null;

    internal DisposeScope New()
    {
        var scope = new DisposeScope(this, Current);
        _scopes.Push(scope);
        return scope;
    }

    internal void Close(DisposeScope scope)
    {
        // Scopes nest; one closed out of order takes the forgotten inner ones with it.
        while (_scopes.TryPop(out var top) && !ReferenceEquals(top, scope)) top.DisposeEverything();
    }
}
