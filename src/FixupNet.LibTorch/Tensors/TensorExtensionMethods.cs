using TorchSharp.Modules;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static Parameter AsParameter(this torch.Tensor tensor) => new(tensor);

    public static float ToSingle(this torch.Tensor value) => (float)value.ToDouble();

    public static double ToDouble(this torch.Tensor value) => Interop.Aten.CallScalar("item", value).Real;

    public static int ToInt32(this torch.Tensor value) => checked((int)value.ToInt64());

    public static long ToInt64(this torch.Tensor value)
    {
        using var integer = value.to(torch.ScalarType.Int64);
        return integer.item<long>();
    }

    public static bool ToBoolean(this torch.Tensor value) => value.ToDouble() != 0;
}
