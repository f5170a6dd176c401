// What a step does beside convolutions: weights to the form the convolutions read, entry to and exit from a run of blocks, ends of sums,
// gradient norms, SGD.
#pragma once
#include "shapes.h"

namespace fixupnet {

// One layer's weights [out][in][3][3] and where its packed forms go: [tap][in / 16][out / 16][lane] of 16 bytes each.
struct PackedLayer {
  const float* weights;
  uint4* forward;
  uint4* backward;
  int channels;
};

__device__ inline float weight_at(const PackedLayer& layer, bool forward, int out, int in, int tap) {
  // The gradient of a convolution is one with input and output channels exchanged and the taps turned round.
  return forward ? layer.weights[(out * layer.channels + in) * kTaps + tap] : layer.weights[(in * layer.channels + out) * kTaps + kTaps - 1 - tap];
}

// grid: (pieces, layers)
__global__ void __launch_bounds__(kThreads) pack_weights(const PackedLayer* layers) {
  PackedLayer layer = layers[blockIdx.y];
  int groups = layer.channels / 16, half = kTaps * groups * groups * 32;
  for (int i = blockIdx.x * kThreads + threadIdx.x; i < 2 * half; i += gridDim.x * kThreads) {
    bool forward = i < half;
    int index = forward ? i : i - half;
    int lane = index % 32, group = index / 32 % groups, part = index / 32 / groups % groups, tap = index / 32 / groups / groups;
    uint32_t words[4];
    for (int word = 0; word < 4; word++) {
      // Column n of the two products lies at channel 4·(n / 2) + n % 2, that of the second two further: each lane then ends with four neighbours.
      int n = lane / 4, out = group * 16 + n / 2 * 4 + word / 2 * 2 + n % 2;
      int in = part * 16 + lane % 4 * 2 + word % 2 * 8;
      words[word] = pack(weight_at(layer, forward, out, in, tap), weight_at(layer, forward, out, in + 1, tap));
    }
    (forward ? layer.forward : layer.backward)[index] = make_uint4(words[0], words[1], words[2], words[3]);
  }
}

// The stream as a run of blocks takes it: a bfloat16 copy beside the float32 original.
__global__ void __launch_bounds__(kThreads) enter(const float4* stream, uint2* copy, int64_t count) {
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += static_cast<int64_t>(gridDim.x) * kThreads) {
    float4 value = stream[i];
    copy[i] = make_uint2(pack(value.x, value.y), pack(value.z, value.w));
  }
}

// The gradient of the last block's sum: that of its ReLU's output where the output is above 0. One sum a block of threads.
__global__ void __launch_bounds__(kThreads) enter_backward(
    const float4* gradient, const uint2* output, float4* stream, uint2* copy, float* sum, int64_t count) {
  float sums[1] = {0};
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += static_cast<int64_t>(gridDim.x) * kThreads) {
    float4 g = gradient[i];
    uint2 kept = output[i];
    g = make_float4(low_of(kept.x) > 0 ? g.x : 0, high_of(kept.x) > 0 ? g.y : 0, low_of(kept.y) > 0 ? g.z : 0, high_of(kept.y) > 0 ? g.w : 0);
    sums[0] += g.x + g.y + g.z + g.w;
    stream[i] = g;
    copy[i] = make_uint2(pack(g.x, g.y), pack(g.z, g.w));
  }
  float* targets[1] = {sum};
  write_sums<1>(sums, targets);
}

struct GradientEnd {
  const float* parts;    // [part][tap][out][in], of sum_weight_gradient
  const float* weights;  // [out][in][3][3]; null unless scale_sums is wanted
  const float* scale;    // the factor left out so far; null for 1
  float* gradient;       // [out][in][3][3]
  float* scale_sums;     // a number a block: Σ gradient of the bare convolution · weights, which is the gradient of the factor
  int part_count;
  int channels;
  int accumulate;
};

constexpr int kEndElements = 64;

// A block of threads ends 64 elements, a quarter of the parts each thread.
__global__ void __launch_bounds__(kThreads) end_weight_gradient(GradientEnd a) {
  __shared__ float quarters[kThreads];
  int size = kTaps * a.channels * a.channels;
  int index = blockIdx.x * kEndElements + threadIdx.x % kEndElements;
  float sum = 0;
  if (index < size)
    for (int part = threadIdx.x / kEndElements; part < a.part_count; part += kThreads / kEndElements) sum += a.parts[static_cast<int64_t>(part) * size + index];
  quarters[threadIdx.x] = sum;
  __syncthreads();
  float products[1] = {0};
  if (threadIdx.x < kEndElements && index < size) {
    sum = quarters[threadIdx.x] + quarters[threadIdx.x + 64] + quarters[threadIdx.x + 128] + quarters[threadIdx.x + 192];
    int in = index % a.channels, out = index / a.channels % a.channels, tap = index / a.channels / a.channels;
    int target = (out * a.channels + in) * kTaps + tap;
    if (a.scale_sums != nullptr) products[0] = sum * a.weights[target];
    float value = a.scale != nullptr ? sum * *a.scale : sum;
    a.gradient[target] = a.accumulate ? a.gradient[target] + value : value;
  }
  float* targets[1] = {a.scale_sums};
  write_sums<1>(products, targets);
}

// Sums whose parts blocks of threads have left: the gradients of scalars.
struct ScalarEnd {
  const float* parts;
  float* gradient;
  int part_count;
  int accumulate;
};

// A warp a scalar.
__global__ void __launch_bounds__(kThreads) end_scalars(const ScalarEnd* scalars, int count) {
  int index = blockIdx.x * kWarps + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (index >= count) return;
  ScalarEnd scalar = scalars[index];
  double sum = 0;
  for (int i = lane; i < scalar.part_count; i += 32) sum += scalar.parts[i];
  for (int distance = 16; distance > 0; distance /= 2) sum += shuffle_down(sum, distance);
  if (lane == 0) *scalar.gradient = scalar.accumulate ? *scalar.gradient + static_cast<float>(sum) : static_cast<float>(sum);
}

// A piece of one parameter's gradient in the flat tensor.
struct NormPiece {
  int64_t start;
  int32_t length;
  int32_t padding;
};

// Σx² of each piece in float64, a block of threads a piece.
template <typename T>
__global__ void __launch_bounds__(kThreads) square_pieces(const T* gradients, const NormPiece* pieces, double* squares) {
  __shared__ double parts[kWarps];
  NormPiece piece = pieces[blockIdx.x];
  double sum = 0;
  for (int i = threadIdx.x; i < piece.length; i += kThreads) {
    double value = gradients[piece.start + i];
    sum += value * value;
  }
  for (int distance = 16; distance > 0; distance /= 2) sum += shuffle_down(sum, distance);
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x == 0) {
    sum = 0;
    for (int i = 0; i < kWarps; i++) sum += parts[i];
    squares[blockIdx.x] = sum;
  }
}

// Which pieces are a parameter's: first[k] ≤ piece < first[k + 1]. A warp a parameter.
__global__ void __launch_bounds__(kThreads) square_parameters(const double* squares, const int* first, double* results, int count) {
  int index = blockIdx.x * kWarps + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (index >= count) return;
  double sum = 0;
  for (int i = first[index] + lane; i < first[index + 1]; i += 32) sum += squares[i];
  for (int distance = 16; distance > 0; distance /= 2) sum += shuffle_down(sum, distance);
  if (lane == 0) results[index] = sum;
}

// What a step leaves for the host, in float64: these, then Σg² of every parameter.
enum Result { kLoss, kCorrect, kTotalSquare, kUpdated, kParametersFinite, kResultCount };

// What decides whether weights may change.
struct StopRule {
  double loss_above;
  int at_non_finite;
  int stopped;  // set at the first failure, and never cleared by a step
};

__device__ inline bool is_finite(double value) { return value - value == 0; }

// One block of threads: the total over all parameters, and the verdict.
__global__ void __launch_bounds__(kThreads) conclude(double* results, int count, StopRule* rule) {
  __shared__ double parts[kWarps];
  double sum = 0;
  for (int i = threadIdx.x; i < count; i += kThreads) sum += results[kResultCount + i];
  for (int distance = 16; distance > 0; distance /= 2) sum += shuffle_down(sum, distance);
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x != 0) return;
  sum = 0;
  for (int i = 0; i < kWarps; i++) sum += parts[i];
  results[kTotalSquare] = sum;
  double loss = results[kLoss];
  results[kParametersFinite] = 1;
  bool finite = is_finite(sum) && is_finite(loss);
  results[kUpdated] = !rule->stopped && (finite || !rule->at_non_finite);
  // A loss that is too high ends the run after its own step's update, as on the eager path.
  if (!results[kUpdated]) rule->stopped = 1;
}

struct SgdArguments {
  double momentum, weight_decay;
  int64_t first_end, second_end, third_end;  // where elements at the first, second and third learning rate end; the rest has the fourth
  int64_t count;
  int nesterov;
};

// v ← μv + (g + λw), w ← w − ηv, in one pass, as SgdKernels computes it on the CPU.
template <typename T>
__global__ void __launch_bounds__(kThreads) sgd(T* weights, const T* gradients, T* velocities, const double* rates, double* results, SgdArguments a) {
  if (results[kUpdated] == 0) return;
  T momentum = static_cast<T>(a.momentum), decay = static_cast<T>(a.weight_decay);
  T first = static_cast<T>(rates[0]), second = static_cast<T>(rates[1]), third = static_cast<T>(rates[2]), fourth = static_cast<T>(rates[3]);
  bool finite = true;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < a.count; i += static_cast<int64_t>(gridDim.x) * kThreads) {
    T weight = weights[i];
    T decayed = gradients[i] + weight * decay;
    T velocity = velocities[i] * momentum + decayed;
    velocities[i] = velocity;
    T rate = i < a.first_end ? first : i < a.second_end ? second : i < a.third_end ? third : fourth;
    weight -= (a.nesterov ? decayed + velocity * momentum : velocity) * rate;
    weights[i] = weight;
    finite = finite && is_finite(weight);
  }
  // Many may write the same number: no order is needed.
  if (!finite) results[kParametersFinite] = 0;
}

// A loss above the limit, or parameters that are not finite, stop every later step.
__global__ void settle(const double* results, StopRule* rule) {
  if (threadIdx.x != 0) return;
  if (results[kLoss] > rule->loss_above || (rule->at_non_finite && results[kParametersFinite] == 0)) rule->stopped = 1;
}

}  // namespace fixupnet
