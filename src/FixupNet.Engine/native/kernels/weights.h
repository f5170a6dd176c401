// Weights between the model's layout [out][in][3][3] and that of the Winograd products, and their gradients back.
#pragma once

#include <cstdint>

#include "ends.h"

namespace fixupnet::FIXUPNET_ISA {

enum class Direction { kForward, kBackward };

/// to[36][rows][columns], its planes step apart: rows are the channels summed over, columns those of the result; backward the filters are turned by 180 degrees.
void transform_weights(const WeightView& weights, Direction direction, int rows, int columns, float* to, int64_t step);

/// packed[in_channels][9][out_channels] += the 3×3 gradients of points[36][in_channels][out_channels], planes step apart.
void add_weight_gradients(const float* points, int64_t step, int in_channels, int out_channels, float* packed);

/// gradients[out][in][3][3] = packed[in_channels][9][padded_out_channels], which is other memory.
void unpack_weight_gradients(const float* packed, int padded_out_channels, const WeightView& shape, float* gradients);

}  // namespace fixupnet::FIXUPNET_ISA
