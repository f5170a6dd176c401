namespace TorchSharp;

/// <summary>Disposes, at its end, every tensor created on its thread since its beginning, but for those moved out.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly HashSet<IDisposable> _disposables = new(ReferenceEqualityComparer.Instance);
    private bool _closed;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (_manager, OuterScope) = (manager, outer);

    internal DisposeScope? OuterScope { get; }

    public int DisposablesCount => _disposables.Count;

    public bool Contains(IDisposable disposable) => _disposables.Contains(disposable);

    public void Attach(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningScope?._disposables.Remove(tensor);
            tensor.OwningScope = this;
        }
        _disposables.Add(disposable);
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        MarkAsDisposed(disposable);
        if (disposable is torch.Tensor tensor) tensor.OwningScope = null;
        return disposable;
    }

    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        Detach(disposable);
        OuterScope?.Attach(disposable);
        return disposable;
    }

    public T MoveToOther<T>(DisposeScope scope, T disposable) where T : IDisposable
    {
        Detach(disposable);
        scope.Attach(disposable);
        return disposable;
    }

    public void DisposeEverything()
    {
        var all = _disposables.ToArray();
        _disposables.Clear();
        foreach (var disposable in all) disposable.Dispose();
    }

    public void MarkAsDisposed(IDisposable disposable) => _disposables.Remove(disposable);

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        DisposeEverything();
        _manager.Close(this);
    }
}
