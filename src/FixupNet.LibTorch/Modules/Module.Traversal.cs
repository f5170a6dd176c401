using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<Module> children() => _children.Values;

            public virtual IEnumerable<(string name, Module module)> named_children() => _children.Select(pair => (pair.Key, pair.Value));

            public virtual IEnumerable<Module> modules() => named_modules().Select(pair => pair.module);

            /// <summary>Every submodule, depth first, in the order of registration; not this module itself.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules() => Walk("").Skip(1);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(pair => pair.parameter);

            /// <summary>The live parameters; one that is registered twice counts once, under its first name.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                AllParameters(recurse).DistinctBy(pair => pair.parameter.Handle);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(pair => pair.buffer);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                AllBuffers(recurse, include_nonpersistent).DistinctBy(pair => pair.buffer.Handle);

            /// <summary>The live parameters and persistent buffers, under each of their names.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (name, parameter) in AllParameters(recurse: true)) destination.TryAdd(Join(prefix ?? "", name), parameter);
                foreach (var (name, buffer) in AllBuffers(recurse: true, include_nonpersistent: false)) destination.TryAdd(Join(prefix ?? "", name), buffer);
                return destination;
            }

            /// <summary>Copies values into the parameters and buffers of the same names.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                var skipped = skip ?? [];
                var missing = own.Keys.Where(name => !source.ContainsKey(name) && !skipped.Contains(name)).ToList();
                var unexpected = source.Keys.Where(name => !own.ContainsKey(name) && !skipped.Contains(name)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                using var mode = no_grad();
                foreach (var (name, target) in own)
                {
                    if (!source.TryGetValue(name, out var value) || skipped.Contains(name)) continue;
                    // copy_ alone would spread a smaller tensor over a larger one.
                    if (!value.shape.SequenceEqual(target.shape))
                        throw new InvalidOperationException($"{name} is [{string.Join(",", value.shape)}]; must be [{string.Join(",", target.shape)}].");
                    target.copy_(value);
                }
                return (missing, unexpected);
            }

            internal void Convert(ScalarType? type, Device? device)
            {
                using var mode = no_grad();
                foreach (var parameter in parameters()) parameter.ConvertInPlace(type, device);
                foreach (var buffer in buffers()) buffer.ConvertInPlace(type, device);
            }

            private IEnumerable<(string name, Parameter parameter)> AllParameters(bool recurse) =>
                from owner in recurse ? Walk("") : [("", this)]
                from own in owner.module._ownParameters
                where !own.Value.IsInvalid
                select (Join(owner.name, own.Key), own.Value);

            private IEnumerable<(string name, Tensor buffer)> AllBuffers(bool recurse, bool include_nonpersistent) =>
                from owner in recurse ? Walk("") : [("", this)]
                from own in owner.module._ownBuffers
                where !own.Value.Tensor.IsInvalid && (include_nonpersistent || own.Value.Persistent)
                select (Join(owner.name, own.Key), own.Value.Tensor);

            // Iterative, so that depth is bounded by memory alone.
            private IEnumerable<(string name, Module module)> Walk(string root)
            {
                var pending = new Stack<(string, Module)>([(root, this)]);
                while (pending.TryPop(out var current))
                {
                    yield return current;
                    var (name, module) = current;
                    for (var i = module._children.Count - 1; i >= 0; i--)
                    {
                        var (childName, child) = module._children.GetAt(i);
                        pending.Push((Join(name, childName), child));
                    }
                }
            }

            private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";
        }
    }
}
