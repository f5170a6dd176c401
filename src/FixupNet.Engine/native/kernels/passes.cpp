#include "passes.h"

#include <algorithm>

#include "vector.h"

namespace fixupnet::FIXUPNET_ISA {
namespace {

// Sums of float32 vectors are handed to float64 after this many values: long sums would lose digits.
constexpr int64_t kRun = 4096;

int blocks_of(int channels) { return padded(channels) / kLanes; }

/// 1 in the lanes of a block that belong to the first count channels.
Vector lanes_before(int count, int block) {
  Vector mask{};
  for (int lane = 0; lane < kLanes; lane++) mask[lane] = block * kLanes + lane < count ? 1.0f : 0.0f;
  return mask;
}

/// Calls visit(sampled, full, mask) for every pixel that sampling keeps: offsets into the two tensors, and the lanes that count.
template <class Visit>
void for_each_sampled(const SampleShape& shape, Visit&& visit) {
  const int in_blocks = blocks_of(shape.in_channels), out_blocks = blocks_of(shape.out_channels);
  const int height = (shape.height + shape.stride - 1) / shape.stride, width = (shape.width + shape.stride - 1) / shape.stride;
  for (int image = 0; image < shape.images; image++)
    for (int block = 0; block < out_blocks; block++) {
      const Vector mask = lanes_before(shape.in_channels, block);
      const int64_t sampled = (static_cast<int64_t>(image) * out_blocks + block) * height * width;
      const int64_t full = (static_cast<int64_t>(image) * in_blocks + block) * shape.height * shape.width;
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          visit((sampled + static_cast<int64_t>(y) * width + x) * kLanes,
                block < in_blocks ? (full + static_cast<int64_t>(y) * shape.stride * shape.width + x * shape.stride) * kLanes : -1, mask);
    }
}

}  // namespace

template <class Value>
void add_shift(const Value* in, float shift, int64_t count, float* out) {
  const Vector shifts = broadcast(shift);
  for (int64_t i = 0; i < count; i += kLanes) store(out + i, load(in + i) + shifts);
}

template <class Value>
void store_values(const float* raw, int64_t count, Value* out) {
  for (int64_t i = 0; i < count; i += kLanes) store(out + i, load(raw + i));
}

void add_values(const float* raw, int64_t count, float* sum) {
  for (int64_t i = 0; i < count; i += kLanes) store(sum + i, load(sum + i) + load(raw + i));
}

template <class Value>
void end_forward(const float* raw, const ForwardEnd<Value>& end, int64_t count, Value* out) {
  const Vector multiplier = broadcast(end.multiplier), bias = broadcast(end.bias);
  for (int64_t i = 0; i < count; i += kLanes) {
    Vector value = load(raw + i) * multiplier + bias;
    if (end.skip != nullptr) value += load(end.skip + i);
    store(out + i, relu(value));
  }
}

template <class Value>
void end_backward(const float* raw, BackwardEnd<Value>& end, int64_t count, Value* out) {
  const Vector multiplier = broadcast(end.multiplier);
  for (int64_t first = 0; first < count; first += kRun) {
    Vector all{}, passed{};
    for (int64_t i = first; i < std::min(first + kRun, count); i += kLanes) {
      Vector value = load(raw + i) * multiplier;
      all += value;
      if (end.skip != nullptr) value += load(end.skip + i);
      value = load(end.gate + i) > 0.0f ? value : Vector{};
      passed += value;
      store(out + i, value);
    }
    end.sum += sum(all);
    end.gated_sum += sum(passed);
  }
}

template <class Value>
void sample(const SampleShape& shape, const Value* in, float shift, Value* out) {
  const Vector shifts = broadcast(shift);
  for_each_sampled(shape, [&](int64_t sampled, int64_t full, Vector mask) {
    // Not mask·value: a lane that does not count may hold anything, NaN included.
    store(out + sampled, full < 0 ? Vector{} : mask > 0.0f ? load(in + full) + shifts : Vector{});
  });
}

template <class Value>
void add_sampled_gradient(const SampleShape& shape, const Value* gradient, float* raw) {
  for_each_sampled(shape, [&](int64_t sampled, int64_t full, Vector mask) {
    if (full >= 0) store(raw + full, load(raw + full) + (mask > 0.0f ? load(gradient + sampled) : Vector{}));
  });
}

template <class Value>
void mean_over_pixels(const Value* in, int images, int channels, int pixels, float* features) {
  const int blocks = blocks_of(channels);
  for (int image = 0; image < images; image++)
    for (int block = 0; block < blocks; block++) {
      Vector total{};
      const Value* from = in + (static_cast<int64_t>(image) * blocks + block) * pixels * kLanes;
      for (int i = 0; i < pixels; i++) total += load(from + static_cast<int64_t>(i) * kLanes);
      for (int lane = 0; lane < kLanes && block * kLanes + lane < channels; lane++)
        features[static_cast<int64_t>(image) * channels + block * kLanes + lane] = total[lane] / static_cast<float>(pixels);
    }
}

template <class Value>
double spread_over_pixels(const float* gradient, const Value* gate, int images, int channels, int pixels, Value* out) {
  const int blocks = blocks_of(channels);
  double total = 0;
  for (int image = 0; image < images; image++)
    for (int block = 0; block < blocks; block++) {
      Vector share{}, passed{};
      for (int lane = 0; lane < kLanes && block * kLanes + lane < channels; lane++)
        share[lane] = gradient[static_cast<int64_t>(image) * channels + block * kLanes + lane] / static_cast<float>(pixels);
      const int64_t first = (static_cast<int64_t>(image) * blocks + block) * pixels * kLanes;
      for (int64_t i = first; i < first + static_cast<int64_t>(pixels) * kLanes; i += kLanes) {
        const Vector value = load(gate + i) > 0.0f ? share : Vector{};
        passed += value;
        store(out + i, value);
      }
      total += sum(passed);
    }
  return total;
}

#define FIXUPNET_INSTANTIATE(Value)                                                                 \
  template void add_shift(const Value*, float, int64_t, float*);                                    \
  template void store_values(const float*, int64_t, Value*);                                        \
  template void end_forward(const float*, const ForwardEnd<Value>&, int64_t, Value*);               \
  template void end_backward(const float*, BackwardEnd<Value>&, int64_t, Value*);                   \
  template void sample(const SampleShape&, const Value*, float, Value*);                            \
  template void add_sampled_gradient(const SampleShape&, const Value*, float*);                     \
  template void mean_over_pixels(const Value*, int, int, int, float*);                              \
  template double spread_over_pixels(const float*, const Value*, int, int, int, Value*);
FIXUPNET_INSTANTIATE(float)
FIXUPNET_INSTANTIATE(BFloat16)

}  // namespace fixupnet::FIXUPNET_ISA
