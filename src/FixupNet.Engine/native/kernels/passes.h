// Passes over activations for the convolutions that oneDNN computes: it knows neither shifts nor sums of gradients.
#pragma once

#include <cstdint>

#include "ends.h"
#include "table.h"

namespace fixupnet::FIXUPNET_ISA {

/// out = in + shift; count is a multiple of 16, here and below.
template <class Value>
void add_shift(const Value* in, float shift, int64_t count, float* out);

/// out = raw.
template <class Value>
void store_values(const float* raw, int64_t count, Value* out);

/// sum += raw.
void add_values(const float* raw, int64_t count, float* sum);

/// out = ReLU(multiplier·raw + bias + skip).
template <class Value>
void end_forward(const float* raw, const ForwardEnd<Value>& end, int64_t count, Value* out);

/// out = multiplier·raw + skip where gate is above 0, else 0; with both sums.
template <class Value>
void end_backward(const float* raw, BackwardEnd<Value>& end, int64_t count, Value* out);


/// out [images][out/16][⌈height/stride⌉][⌈width/stride⌉][16] = the pixels kept of in + shift.
template <class Value>
void sample(const SampleShape& shape, const Value* in, float shift, Value* out);

/// raw [images][in/16][height][width][16] += the gradient of what sample kept.
template <class Value>
void add_sampled_gradient(const SampleShape& shape, const Value* gradient, float* raw);

/// features [images][channels] = the mean over the pixels of in.
template <class Value>
void mean_over_pixels(const Value* in, int images, int channels, int pixels, float* features);

/// out = gradient of the features / pixels where gate is above 0, else 0; returns the sum of what is stored.
template <class Value>
double spread_over_pixels(const float* gradient, const Value* gate, int images, int channels, int pixels, Value* out);

}  // namespace fixupnet::FIXUPNET_ISA
