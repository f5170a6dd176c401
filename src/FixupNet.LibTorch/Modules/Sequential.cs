using System.Runtime.CompilerServices;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Applies modules one after the other.</summary>
    public class Sequential : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly List<torch.nn.IModule<torch.Tensor, torch.Tensor>> _modules = [];

        internal Sequential() : base(nameof(Sequential)) => SkipFields();

        public int Count => _modules.Count;

        [IndexerName("SequentialItems")]
        public torch.nn.IModule<torch.Tensor, torch.Tensor> this[int index] => _modules[index];

        public Sequential append(string name, torch.nn.IModule<torch.Tensor, torch.Tensor> module)
        {
            register_module(name, (torch.nn.Module)module);
            _modules.Add(module);
            return this;
        }

        public Sequential append(torch.nn.IModule<torch.Tensor, torch.Tensor> module) => append($"{_modules.Count}", module);

        public override torch.Tensor forward(torch.Tensor tensor)
        {
            if (_modules.Count == 0) return tensor.alias();
            var result = _modules[0].call(tensor);
            foreach (var module in _modules.Skip(1))
            {
                using var input = result;
                result = module.call(input);
            }
            return result;
        }
    }

    /// <summary>Modules by index, without a forward of their own; registered when the list itself is, and not added to after that.</summary>
    public class ModuleList<T> : torch.nn.Module, IEnumerable<T> where T : torch.nn.Module
    {
        private readonly List<T> _list = [];
        private bool _registered;

        public ModuleList(params T[] modules) : base(nameof(ModuleList<>)) => append(modules);

        public int Count => _list.Count;

        public T this[int index] => _list[index];

        public void Add(T item)
        {
            // TorchSharp keeps such a module without its parameters.
            if (_registered) throw new InvalidOperationException("A module was added to a ModuleList that is already registered.");
            _list.Add(item);
        }

        public void append(params T[] parameters)
        {
            foreach (var module in parameters) Add(module);
        }

        protected override void RegisterComponents()
        {
            if (_registered) return;
            _registered = true;
            for (var i = 0; i < _list.Count; i++) register_module($"{i}", _list[i]);
        }

        public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules)
            {
                var sequential = new Sequential();
                foreach (var module in modules) sequential.append(module);
                return sequential;
            }

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules)
            {
                var sequential = new Sequential();
                foreach (var (name, submodule) in modules) sequential.append(name, submodule);
                return sequential;
            }

            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}
