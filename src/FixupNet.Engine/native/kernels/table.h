// The kernels of one instruction set, behind pointers: chosen once, when the library meets its processor.
#pragma once

#include <cstdint>

#include "ends.h"

namespace fixupnet {

struct SampleShape {
  int images, in_channels, out_channels;  // channels as the model counts them
  int height, width, stride;              // of the input
};

/// Documented where they are declared: winograd.h, weights.h, passes.h.
template <class Value>
struct Kernels {
  int64_t (*winograd_scratch)(const TileShape&);
  void (*winograd_forward)(const TileShape&, const WeightView&, const Value*, float, const ForwardEnd<Value>&, Value*, float*);
  void (*winograd_backward_data)(const TileShape&, const WeightView&, const Value*, BackwardEnd<Value>&, Value*, float*);
  void (*winograd_backward_weights)(const TileShape&, const Value*, float, const Value*, float*, float*);
  void (*unpack_weight_gradients)(const float*, int, const WeightView&, float*);
  void (*add_shift)(const Value*, float, int64_t, float*);
  void (*store_values)(const float*, int64_t, Value*);
  void (*add_values)(const float*, int64_t, float*);
  void (*end_forward)(const float*, const ForwardEnd<Value>&, int64_t, Value*);
  void (*end_backward)(const float*, BackwardEnd<Value>&, int64_t, Value*);
  void (*sample)(const SampleShape&, const Value*, float, Value*);
  void (*add_sampled_gradient)(const SampleShape&, const Value*, float*);
  void (*mean_over_pixels)(const Value*, int, int, int, float*);
  double (*spread_over_pixels)(const float*, const Value*, int, int, int, Value*);
};

/// The best kernels for this processor.
template <class Value>
const Kernels<Value>& kernels();

/// Those of one set that this processor has, from "portable" (0) on; null where it has no such set. For checks.
template <class Value>
const Kernels<Value>* kernels_of_set(int set);

/// "avx512", "avx2" or "portable".
const char* instruction_set();

/// Whether the processor converts to bfloat16 itself.
bool has_bfloat16();

}  // namespace fixupnet
