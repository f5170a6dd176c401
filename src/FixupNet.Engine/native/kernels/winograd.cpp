#include "winograd.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "vector.h"
#include "weights.h"
#include "winograd_transforms.h"

// Compiled once for each instruction set; FIXUPNET_ISA names the namespace of this build.
namespace fixupnet::FIXUPNET_ISA {
namespace {

// A tile of 4×4 outputs needs 6×6 inputs, and becomes 36 products a pair of channels instead of 144.
constexpr int kTile = 4;
constexpr int kPoints = 36;

/// Tiles that are transformed, multiplied and transformed back together: as many as keep a core's second-level cache half empty.
int tiles_at_once(const TileShape& shape) {
  constexpr int64_t kBudget = 96 * 1024;  // floats
  const int64_t fitting = kBudget / (kPoints * (shape.in_channels + shape.out_channels));
  return static_cast<int>(std::clamp<int64_t>(fitting / kLanes * kLanes, kLanes, 64));
}

/// Where a tile lies.
struct Place {
  int image, row, column;
};

/// The tiles of a batch in order, some at a time.
class Tiles {
 public:
  explicit Tiles(const TileShape& shape)
      : rows_((shape.height + kTile - 1) / kTile), columns_((shape.width + kTile - 1) / kTile), count_(shape.images * rows_ * columns_) {}

  int count() const { return count_; }

  Place at(int index) const {
    const int column = index % columns_, line = index / columns_;
    return {line / rows_, line % rows_ * kTile, column * kTile};
  }

 private:
  int rows_, columns_, count_;
};

/// Buffers of one call. The 36 planes of a buffer are one cache line further apart than they need be: at a distance of a power of two they
/// would fall on the same lines of the first-level cache.
struct Scratch {
  Scratch(const TileShape& shape, float* memory)
      : tiles(tiles_at_once(shape)),
        in_step(static_cast<int64_t>(tiles) * shape.in_channels + kLanes),
        out_step(static_cast<int64_t>(tiles) * shape.out_channels + kLanes),
        weights_step(static_cast<int64_t>(shape.in_channels) * shape.out_channels + kLanes),
        in(memory),
        out(in + kPoints * in_step),
        weights(out + kPoints * out_step) {}

  int tiles;
  int64_t in_step, out_step, weights_step;
  float* in;       // [36][tiles][in_channels]
  float* out;      // [36][tiles][out_channels]
  float* weights;  // [36][in_channels][out_channels]
};

template <class Value>
void transform_inputs(const TileShape& shape, const Tiles& tiles, int first, int count, const Value* in, float shift, const Scratch& scratch) {
  const int64_t plane = static_cast<int64_t>(shape.height) * shape.width * kLanes;
  const int blocks = shape.in_channels / kLanes;
  for (int block = 0; block < blocks; block++)
    for (int t = 0; t < count; t++) {
      const Place place = tiles.at(first + t);
      const Value* from = in + (static_cast<int64_t>(place.image) * blocks + block) * plane;
      float* to = scratch.in + static_cast<int64_t>(t) * shape.in_channels + block * kLanes;
      transform_input(from, shape.height, shape.width, place.row, place.column, shift, to, scratch.in_step);
    }
}

template <class Value>
void transform_gradients(const TileShape& shape, const Tiles& tiles, int first, int count, const Value* gradient, const Scratch& scratch) {
  const int64_t plane = static_cast<int64_t>(shape.height) * shape.width * kLanes;
  const int blocks = shape.out_channels / kLanes;
  for (int block = 0; block < blocks; block++)
    for (int t = 0; t < count; t++) {
      const Place place = tiles.at(first + t);
      const Value* from = gradient + (static_cast<int64_t>(place.image) * blocks + block) * plane;
      float* to = scratch.out + static_cast<int64_t>(t) * shape.out_channels + block * kLanes;
      transform_gradient(from, shape.height, shape.width, place.row, place.column, to, scratch.out_step);
    }
}

/// out[t][k] = Σ_c in[t][c]·weights[c][k] for a few tiles and 16·KVectors channels, all sums in registers.
template <int TileCount, int KVectors>
FIXUPNET_INLINE void multiply_block(const float* in, int in_channels, const float* weights, int out_channels, float* out) {
  Vector sums[TileCount][KVectors];
  FIXUPNET_UNROLL for (int t = 0; t < TileCount; t++)
    FIXUPNET_UNROLL for (int k = 0; k < KVectors; k++) sums[t][k] = Vector{};
  for (int c = 0; c < in_channels; c++) {
    Vector row[KVectors];
    FIXUPNET_UNROLL for (int k = 0; k < KVectors; k++) row[k] = load(weights + static_cast<int64_t>(c) * out_channels + k * kLanes);
    FIXUPNET_UNROLL for (int t = 0; t < TileCount; t++) {
      if constexpr (KVectors == 1) {
        multiply_add(sums[t][0], row[0], in + t * in_channels + c);
      } else {
        const Vector value = broadcast(in[t * in_channels + c]);
        FIXUPNET_UNROLL for (int k = 0; k < KVectors; k++) sums[t][k] += value * row[k];
      }
    }
  }
  FIXUPNET_UNROLL for (int t = 0; t < TileCount; t++)
    FIXUPNET_UNROLL for (int k = 0; k < KVectors; k++) store(out + static_cast<int64_t>(t) * out_channels + k * kLanes, sums[t][k]);
}

/// The products at all 36 points. Tiles beyond count, up to the block of 8 or 16, are computed from what is there and never read.
void multiply(const TileShape& shape, int count, const Scratch& scratch) {
  const int in_channels = shape.in_channels, out_channels = shape.out_channels;
  for (int point = 0; point < kPoints; point++) {
    const float* in = scratch.in + point * scratch.in_step;
    const float* weights = scratch.weights + point * scratch.weights_step;
    float* out = scratch.out + point * scratch.out_step;
    int k = 0;
    for (; k + 2 * kLanes <= out_channels; k += 2 * kLanes)
      for (int t = 0; t < count; t += 8)
        multiply_block<8, 2>(in + t * in_channels, in_channels, weights + k, out_channels, out + t * out_channels + k);
    for (; k < out_channels; k += kLanes)
      for (int t = 0; t < count; t += 16)
        multiply_block<16, 1>(in + t * in_channels, in_channels, weights + k, out_channels, out + t * out_channels + k);
  }
}

template <class Value, class Finish>
void transform_outputs(const TileShape& shape, const Tiles& tiles, int first, int count, const Scratch& scratch, Finish&& finish) {
  const int64_t plane = static_cast<int64_t>(shape.height) * shape.width * kLanes;
  const int blocks = shape.out_channels / kLanes;
  for (int block = 0; block < blocks; block++)
    for (int t = 0; t < count; t++) {
      const Place place = tiles.at(first + t);
      const int64_t at = (static_cast<int64_t>(place.image) * blocks + block) * plane;
      const float* from = scratch.out + static_cast<int64_t>(t) * shape.out_channels + block * kLanes;
      transform_output(from, scratch.out_step, shape.height, shape.width, place.row, place.column,
                       [&](int64_t pixel, Vector value) __attribute__((always_inline)) { finish(at + pixel * kLanes, value); });
    }
}

/// out_gradient[c][k] += Σ_t in[t][c]·gradient[t][k] for a few channels, all sums in registers.
template <int CCount, int KVectors>
FIXUPNET_INLINE void accumulate_block(int count, const float* in, int in_channels, const float* gradient, int out_channels, float* sums_at) {
  Vector sums[CCount][KVectors];
  FIXUPNET_UNROLL for (int c = 0; c < CCount; c++)
    FIXUPNET_UNROLL for (int k = 0; k < KVectors; k++) sums[c][k] = load(sums_at + static_cast<int64_t>(c) * out_channels + k * kLanes);
  for (int t = 0; t < count; t++) {
    Vector row[KVectors];
    FIXUPNET_UNROLL for (int k = 0; k < KVectors; k++) row[k] = load(gradient + static_cast<int64_t>(t) * out_channels + k * kLanes);
    FIXUPNET_UNROLL for (int c = 0; c < CCount; c++) {
      if constexpr (KVectors == 1) {
        multiply_add(sums[c][0], row[0], in + static_cast<int64_t>(t) * in_channels + c);
      } else {
        const Vector value = broadcast(in[static_cast<int64_t>(t) * in_channels + c]);
        FIXUPNET_UNROLL for (int k = 0; k < KVectors; k++) sums[c][k] += value * row[k];
      }
    }
  }
  FIXUPNET_UNROLL for (int c = 0; c < CCount; c++)
    FIXUPNET_UNROLL for (int k = 0; k < KVectors; k++) store(sums_at + static_cast<int64_t>(c) * out_channels + k * kLanes, sums[c][k]);
}

void accumulate(const TileShape& shape, int count, const Scratch& scratch) {
  const int in_channels = shape.in_channels, out_channels = shape.out_channels;
  for (int point = 0; point < kPoints; point++) {
    const float* in = scratch.in + point * scratch.in_step;
    const float* gradient = scratch.out + point * scratch.out_step;
    float* sums = scratch.weights + point * scratch.weights_step;
    int k = 0;
    for (; k + 2 * kLanes <= out_channels; k += 2 * kLanes)
      for (int c = 0; c < in_channels; c += 8)
        accumulate_block<8, 2>(count, in + c, in_channels, gradient + k, out_channels, sums + static_cast<int64_t>(c) * out_channels + k);
    for (; k < out_channels; k += kLanes)
      for (int c = 0; c < in_channels; c += 16)
        accumulate_block<16, 1>(count, in + c, in_channels, gradient + k, out_channels, sums + static_cast<int64_t>(c) * out_channels + k);
  }
}

/// Shape of the backward pass to the input: the channels change places.
TileShape transposed(const TileShape& shape) { return {shape.images, shape.out_channels, shape.in_channels, shape.height, shape.width}; }

}  // namespace

template <class Value>
void winograd_forward(const TileShape& shape, const WeightView& weights, const Value* in, float shift, const ForwardEnd<Value>& end, Value* out,
                      float* memory) {
  const Scratch scratch(shape, memory);
  const Tiles tiles(shape);
  transform_weights(weights, Direction::kForward, shape.in_channels, shape.out_channels, scratch.weights, scratch.weights_step);
  const Vector multiplier = broadcast(end.multiplier), bias = broadcast(end.bias);
  for (int first = 0; first < tiles.count(); first += scratch.tiles) {
    const int count = std::min(scratch.tiles, tiles.count() - first);
    transform_inputs(shape, tiles, first, count, in, shift, scratch);
    multiply(shape, count, scratch);
    if (end.skip != nullptr)
      transform_outputs<Value>(shape, tiles, first, count, scratch, [&](int64_t at, Vector value) __attribute__((always_inline)) {
        store(out + at, relu(value * multiplier + bias + load(end.skip + at)));
      });
    else
      transform_outputs<Value>(shape, tiles, first, count, scratch, [&](int64_t at, Vector value) __attribute__((always_inline)) {
        store(out + at, relu(value * multiplier + bias));
      });
  }
}

template <class Value>
void winograd_backward_data(const TileShape& forward, const WeightView& weights, const Value* gradient, BackwardEnd<Value>& end, Value* out,
                            float* memory) {
  const TileShape shape = transposed(forward);
  const Scratch scratch(shape, memory);
  const Tiles tiles(shape);
  transform_weights(weights, Direction::kBackward, shape.in_channels, shape.out_channels, scratch.weights, scratch.weights_step);
  const Vector multiplier = broadcast(end.multiplier);
  for (int first = 0; first < tiles.count(); first += scratch.tiles) {
    const int count = std::min(scratch.tiles, tiles.count() - first);
    transform_inputs(shape, tiles, first, count, gradient, 0.0f, scratch);
    multiply(shape, count, scratch);
    // Vectors of float32 hold the sums of a few tiles only; what is long is added up in float64.
    Vector all{}, passed{};
    const auto finish = [&](int64_t at, Vector value, Vector skip) __attribute__((always_inline)) {
      value *= multiplier;
      all += value;
      value += skip;
      value = load(end.gate + at) > 0.0f ? value : Vector{};
      passed += value;
      store(out + at, value);
    };
    if (end.skip != nullptr)
      transform_outputs<Value>(shape, tiles, first, count, scratch,
                               [&](int64_t at, Vector value) __attribute__((always_inline)) { finish(at, value, load(end.skip + at)); });
    else
      transform_outputs<Value>(shape, tiles, first, count, scratch,
                               [&](int64_t at, Vector value) __attribute__((always_inline)) { finish(at, value, Vector{}); });
    end.sum += sum(all);
    end.gated_sum += sum(passed);
  }
}

template <class Value>
void winograd_backward_weights(const TileShape& shape, const Value* in, float shift, const Value* gradient, float* packed, float* memory) {
  const Scratch scratch(shape, memory);
  const Tiles tiles(shape);
  std::memset(scratch.weights, 0, sizeof(float) * kPoints * scratch.weights_step);
  for (int first = 0; first < tiles.count(); first += scratch.tiles) {
    const int count = std::min(scratch.tiles, tiles.count() - first);
    transform_inputs(shape, tiles, first, count, in, shift, scratch);
    transform_gradients(shape, tiles, first, count, gradient, scratch);
    accumulate(shape, count, scratch);
  }
  add_weight_gradients(scratch.weights, scratch.weights_step, shape.in_channels, shape.out_channels, packed);
}

int64_t winograd_scratch(const TileShape& shape) {
  const Scratch scratch(shape, nullptr);
  const TileShape back = transposed(shape);
  const Scratch backward(back, nullptr);
  return kPoints * (std::max(scratch.in_step + scratch.out_step, backward.in_step + backward.out_step) + scratch.weights_step);
}

#define FIXUPNET_INSTANTIATE(Value)                                                                                                    \
  template void winograd_forward(const TileShape&, const WeightView&, const Value*, float, const ForwardEnd<Value>&, Value*, float*); \
  template void winograd_backward_data(const TileShape&, const WeightView&, const Value*, BackwardEnd<Value>&, Value*, float*);       \
  template void winograd_backward_weights(const TileShape&, const Value*, float, const Value*, float*, float*);
FIXUPNET_INSTANTIATE(float)
FIXUPNET_INSTANTIATE(BFloat16)

}  // namespace fixupnet::FIXUPNET_ISA
