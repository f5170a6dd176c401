// What every convolution here is given, whatever computes it.
#pragma once

#include <cstdint>

namespace fixupnet {

/// Activations come in blocks of 16 channels.
constexpr int kLanes = 16;

/// The next multiple of 16.
template <class Integer>
constexpr Integer padded(Integer count) {
  return (count + kLanes - 1) / kLanes * kLanes;
}

/// A bfloat16 value: the upper half of a float32.
struct BFloat16 {
  uint16_t bits;
};

/// Shape of a 3×3 convolution over activations [images][channels/16][height][width][16]; channels are multiples of 16.
struct TileShape {
  int images, in_channels, out_channels, height, width;
};

/// Weights [out_channels][in_channels][3][3] as the model holds them; channels beyond these are 0.
struct WeightView {
  const float* values;
  int out_channels, in_channels;
};

/// The end of a forward pass: ReLU(multiplier·conv(in + shift) + bias + skip).
template <class Value>
struct ForwardEnd {
  float multiplier, bias;
  const Value* skip;  // shape of the output, or null
};

/// The end of a backward pass: multiplier·convᵀ(gradient) + skip where gate is above 0, else 0.
template <class Value>
struct BackwardEnd {
  float multiplier;
  const Value* skip;  // shape of the output, or null
  const Value* gate;  // shape of the output
  double sum;         // increased by Σ multiplier·convᵀ(gradient)
  double gated_sum;   // increased by Σ of what is stored
};

}  // namespace fixupnet
