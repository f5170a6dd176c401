using System.Collections.Concurrent;
using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Holds parameters, buffers and submodules under their names, in the order of registration.</summary>
        public partial class Module : IDisposable
        {
            private static readonly ConcurrentDictionary<Type, FieldInfo[]> s_fields = new();

            private readonly string _name;
            private readonly OrderedDictionary<string, Parameter> _ownParameters = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _ownBuffers = [];
            private readonly OrderedDictionary<string, Module> _children = [];

            protected Module(string name) => _name = name;

            public bool training { get; private set; } = true;

            public string GetName() => _name;

            /// <summary>Registers the fields of this object's own type that hold modules, parameters or tensors, under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                var fields = s_fields.GetOrAdd(
                    GetType(), static type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance));
                foreach (var field in fields)
                {
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(field.Name, module); break;
                        case Parameter parameter: register_parameter(field.Name, parameter); break;
                        case Tensor tensor: register_buffer(field.Name, tensor); break;
                    }
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (_children.TryGetValue(name, out var known) && ReferenceEquals(known, submodule)) return;
                RequireName(name);
                submodule.train(training);
                _children.Add(name, submodule);
            }

            public void register_parameter(string name, Parameter param)
            {
                RequireName(name);
                _ownParameters.Add(name, param);
            }

            public void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                RequireName(name);
                _ownBuffers.Add(name, (tensor, persistent));
            }

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in _children.Values) child.train(train);
            }

            public void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }
                    using var gradient = parameter.grad;
                    gradient?.fill_(0);
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var parameter in _ownParameters.Values) parameter.Dispose();
                foreach (var (tensor, _) in _ownBuffers.Values) tensor.Dispose();
                foreach (var child in _children.Values) child.Dispose();
            }

            private void RequireName(string name)
            {
                if (name.Length == 0 || name.Contains('.')) throw new ArgumentException($"A component's name is \"{name}\"; must be non-empty, without dots.");
                if (_children.ContainsKey(name) || _ownParameters.ContainsKey(name) || _ownBuffers.ContainsKey(name))
                    throw new InvalidOperationException($"{_name} already has a component named \"{name}\".");
            }
        }

        public interface IModule<T, TResult>
        {
            TResult call(T input);
        }

        /// <summary>A module that maps one input to one result.</summary>
        public abstract class Module<T, TResult> : Module, IModule<T, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}
