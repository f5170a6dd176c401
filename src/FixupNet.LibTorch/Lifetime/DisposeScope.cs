namespace TorchSharp;

/// <summary>Disposes, at its end, every tensor created on its thread since its beginning, but for those moved out.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly HashSet<torch.Tensor> _tensors = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new(); // another thread may dispose a tensor of this scope
    private bool _closed;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (_manager, OuterScope) = (manager, outer);

    internal DisposeScope? OuterScope { get; set; }

    public int DisposablesCount
    {
        get
        {
            lock (_gate) return _tensors.Count;
        }
    }

    public bool Contains(IDisposable disposable)
    {
        lock (_gate) return disposable is torch.Tensor tensor && _tensors.Contains(tensor);
    }

    public void Attach(IDisposable disposable)
    {
        if (disposable is not torch.Tensor tensor) throw new InvalidOperationException("DisposeScope can only manage tensors.");
        if (ReferenceEquals(tensor.OwningScope, this)) return;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _tensors.Add(tensor);
        }
        tensor.OwningScope?.Remove(tensor);
        tensor.OwningScope = this;
    }

    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    /// <summary>Moves a tensor of this scope to another, or to none; one that this scope does not hold stays where it is.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (disposable is torch.Tensor tensor && Remove(tensor))
        {
            tensor.OwningScope = null;
            scope?.Attach(tensor);
        }
        return disposable;
    }

    public void DisposeEverything()
    {
        torch.Tensor[] all;
        lock (_gate)
        {
            all = [.. _tensors];
            _tensors.Clear();
        }
        foreach (var tensor in all)
        {
            tensor.OwningScope = null;
            tensor.Dispose();
        }
    }

    public void MarkAsDisposed(IDisposable disposable) => Detach(disposable);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }
        DisposeEverything();
        _manager.Close(this);
    }

    private bool Remove(torch.Tensor tensor)
    {
        lock (_gate) return _tensors.Remove(tensor);
    }
}
