using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Calls ATen operators by name through libtorch's dispatcher.</summary>
internal static unsafe class Aten
{
    private const int SmallListLength = 32;

    private static readonly ConcurrentDictionary<string, nint> s_operators = new();

    /// <summary>Calls an operator with a single tensor as result.</summary>
    /// <param name="name">Name within aten, with the overload after a dot: "add.Tensor".</param>
    /// <param name="arguments">In the schema's order; trailing ones left out take its defaults.</param>
    internal static torch.Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(name, arguments, out var results, out _);
        return new torch.Tensor(results->Pointer);
    }

    /// <summary>Calls an in-place operator, whose result is its first argument.</summary>
    internal static torch.Tensor CallInPlace(torch.Tensor self, string name, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(name, arguments, out var results, out _);
        NativeMethods.fx_tensor_release(results->Pointer);
        return self;
    }

    /// <summary>Calls an operator whose result is a tuple or list of tensors.</summary>
    internal static torch.Tensor[] CallMany(string name, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(name, arguments, out var results, out var count);
        var handles = new ReadOnlySpan<NativeValue>(results, count).ToArray();
        return Array.ConvertAll(handles, value => new torch.Tensor(value.Pointer));
    }

    /// <summary>Calls an operator without a result.</summary>
    internal static void CallNothing(string name, params ReadOnlySpan<Argument> arguments) => Invoke(name, arguments, out _, out _);

    /// <summary>Calls an operator whose result is a number.</summary>
    internal static Scalar CallScalar(string name, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(name, arguments, out var results, out _);
        return results->Tag switch
        {
            ValueTag.Double => results->Real,
            ValueTag.Bool => results->Integer != 0,
            _ => results->Integer,
        };
    }

    private static void Invoke(string name, ReadOnlySpan<Argument> arguments, out NativeValue* results, out int resultCount)
    {
        var listLength = 0;
        foreach (ref readonly var argument in arguments) listLength += (argument.Reference as Array)?.Length ?? 0;

        var values = stackalloc NativeValue[arguments.Length];
        var small = stackalloc long[SmallListLength];
        fixed (long* large = listLength <= SmallListLength ? null : new long[listLength])
        {
            Marshal(arguments, values, large is null ? small : large);
            var status = NativeMethods.fx_call(Find(name), values, arguments.Length, out results, out resultCount);
            KeepAlive(arguments);
            NativeMethods.Check(status);
        }
    }

    // The handles were read from objects nothing else may refer to: their finalizers must wait until the call has ended.
    private static void KeepAlive(ReadOnlySpan<Argument> arguments)
    {
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
    }

    private static void Marshal(ReadOnlySpan<Argument> arguments, NativeValue* values, long* lists)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            ref var value = ref values[i];
            value.Tag = argument.Tag;
            switch (argument.Tag)
            {
                case ValueTag.Int or ValueTag.Bool: value.Integer = argument.Integer; break;
                case ValueTag.Double: value.Real = argument.Real; break;
                case ValueTag.Tensor: value.Pointer = ((torch.Tensor)argument.Reference!).Handle; break;
                case ValueTag.Generator: value.Pointer = ((torch.Generator)argument.Reference!).Handle; break;
                case ValueTag.Device:
                    var device = (torch.Device)argument.Reference!;
                    (value.Integer, value.Count) = ((long)device.type, device.index);
                    break;
                case ValueTag.IntList:
                    var integers = (long[])argument.Reference!;
                    (value.Pointer, value.Count) = ((nint)lists, integers.Length);
                    foreach (var integer in integers) *lists++ = integer;
                    break;
                case ValueTag.TensorList or ValueTag.OptionalTensorList:
                    var tensors = (torch.Tensor?[])argument.Reference!;
                    (value.Pointer, value.Count) = ((nint)lists, tensors.Length);
                    foreach (var tensor in tensors) *lists++ = tensor?.Handle ?? 0;
                    break;
            }
        }
    }

    private static nint Find(string name) => s_operators.GetOrAdd(name, static name =>
    {
        var dot = name.IndexOf('.');
        var (operatorName, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        NativeMethods.Check(NativeMethods.fx_operator("aten::" + operatorName, overload, out var handle));
        return handle;
    });
}
