// Compiled once for each instruction set.
#include "passes.h"
#include "table.h"
#include "weights.h"
#include "winograd.h"

namespace fixupnet::FIXUPNET_ISA {
namespace {

template <class Value>
constexpr Kernels<Value> kTable = {
    winograd_scratch,
    winograd_forward<Value>,
    winograd_backward_data<Value>,
    winograd_backward_weights<Value>,
    unpack_weight_gradients,
    add_shift<Value>,
    store_values<Value>,
    add_values,
    end_forward<Value>,
    end_backward<Value>,
    sample<Value>,
    add_sampled_gradient<Value>,
    mean_over_pixels<Value>,
    spread_over_pixels<Value>,
};

}  // namespace

const Kernels<float>& kernels_of_float32() { return kTable<float>; }
const Kernels<BFloat16>& kernels_of_bfloat16() { return kTable<BFloat16>; }

}  // namespace fixupnet::FIXUPNET_ISA
