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
            private bool _componentsAreRegistered;
            private readonly OrderedDictionary<string, Parameter> _ownParameters = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _ownBuffers = [];
            private readonly OrderedDictionary<string, Module> _children = [];

            protected Module(string name) => _name = name;

            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            /// <summary>Registers, once, the fields that hold modules, parameters or tensors, under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsAreRegistered) return;
                _componentsAreRegistered = true;
                foreach (var field in s_fields.GetOrAdd(GetType(), static type => FieldsOf(type)))
                {
                    if (IsRegistered(field.Name)) continue;
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
                RequireName(name);
                submodule.RegisterComponents();
                _children.Add(name, submodule);
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                RequireName(name);
                _ownParameters.Add(name, param);
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                RequireName(name);
                _ownBuffers.Add(name, (tensor, persistent));
            }

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in _children.Values) child.train(train);
            }

            public virtual void eval() => train(false);

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

            /// <summary>For modules that register by themselves what their fields and properties hold.</summary>
            private protected void SkipFields() => _componentsAreRegistered = true;

            private bool IsRegistered(string name) =>
                _children.ContainsKey(name) || _ownParameters.ContainsKey(name) || _ownBuffers.ContainsKey(name);

            private void RequireName(string name)
            {
                if (name.Length == 0 || name.Contains('.')) throw new ArgumentException($"A component's name is \"{name}\"; must be non-empty, without dots.");
                if (IsRegistered(name)) throw new InvalidOperationException($"{_name} already has a component named \"{name}\".");
            }

            // The private fields of base classes too; where a name occurs twice, the most derived counts.
            private static FieldInfo[] FieldsOf(Type type)
            {
                var fields = new List<FieldInfo>();
                for (var level = type; level is not null && level != typeof(Module); level = level.BaseType)
                    fields.AddRange(level.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance));
                return [.. fields.DistinctBy(field => field.Name)];
            }
        }

        public interface IModule<T, TResult>
        {
            TResult call(T input1);
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
