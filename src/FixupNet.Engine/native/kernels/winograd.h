// 3×3 convolutions with stride 1 and padding 1 by Winograd's minimal filtering (arXiv:1509.09308), with a residual block's scalars, ReLU
// and sum computed while a tile is in registers: F(4×4, 3×3) for values and input gradients, F(3×3, 4×4) for weight gradients.
#pragma once

#include <cstdint>

#include "ends.h"

namespace fixupnet::FIXUPNET_ISA {

/// Floats of scratch that any of the calls below needs.
int64_t winograd_scratch(const TileShape& shape);

/// out = ReLU(multiplier·conv(in + shift) + bias + skip); the padding around in + shift is 0. skip may be out.
template <class Value>
void winograd_forward(const TileShape& shape, const WeightView& weights, const Value* in, float shift, const ForwardEnd<Value>& end, Value* out,
                      float* memory);

/// out = multiplier·convᵀ(gradient) + skip where gate is above 0, else 0. skip may be out.
template <class Value>
void winograd_backward_data(const TileShape& shape, const WeightView& weights, const Value* gradient, BackwardEnd<Value>& end, Value* out,
                            float* memory);

/// packed [in_channels][9][out_channels] += the gradient of the weights.
template <class Value>
void winograd_backward_weights(const TileShape& shape, const Value* in, float shift, const Value* gradient, float* packed, float* memory);

}  // namespace fixupnet::FIXUPNET_ISA
