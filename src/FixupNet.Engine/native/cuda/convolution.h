// 3×3 convolutions of stride 1 between images of the same shape, on tensor cores, with everything element-wise around them in the same pass.
// Activations are [image][row][column][channel], those inside a branch bfloat16, the sums of the residual stream float32.
#pragma once
#include "shapes.h"

namespace fixupnet {

enum class Pass {
  // branch = ReLU(conv(input + input_bias) + output_bias)
  First,
  // stream_out = ReLU(scale · conv(input + input_bias) + output_bias + stream_in)
  Second,
  // t = scale · conv(input); branch = t where `kept` > 0, else 0; sums: Σt, Σbranch
  SecondBackward,
  // s = conv(input); stream_out = s + stream_in where `kept` > 0, else 0; sums: Σs, Σstream_out
  FirstBackward,
};

struct ConvolutionArguments {
  const uint16_t* input;
  const uint4* weights;  // as packed by pack_weights
  const float* input_bias;
  const float* output_bias;
  const float* scale;
  const uint16_t* kept;
  const float* stream_in;
  float* stream_out;
  uint16_t* output;  // bfloat16: the branch, or a copy of the stream
  float* sums[2];    // one number a block; null where nobody asks
  int height;
  int overlaps;      // whether it may begin, up to its first look at activations, before the kernel queued before it has ended
};

template <typename Shape, Pass pass>
__global__ void __launch_bounds__(kThreads, Shape::kChannels == 16 ? 4 : Shape::kChannels == 32 ? 2 : 1) convolve(ConvolutionArguments a) {
  constexpr int kGroups = Shape::kChannels / 16;
  // Every warp computes tiles of 16 pixels × 16 channels, two at a time, which share their weights.
  constexpr int kTasks = Shape::kPixels / 32 * kGroups;
  constexpr int kTasksOfWarp = kTasks / kWarps;
  // So that every task of a warp has the same output channels, whose weights stay in registers.
  static_assert(kTasks % kWarps == 0 && kWarps % kGroups == 0, "a warp's tasks must share their weights");
  constexpr bool kForward = pass == Pass::First || pass == Pass::Second;
  constexpr bool kHasStream = pass == Pass::Second || pass == Pass::FirstBackward;
  auto tile = shared_memory();
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, group = warp % kGroups;
  int tiles_per_image = a.height / Shape::kRows;
  int image = blockIdx.x / tiles_per_image, first_row = blockIdx.x % tiles_per_image * Shape::kRows;
  uint4 weights[kTaps][kGroups];
#pragma unroll
  for (int tap = 0; tap < kTaps; tap++) {
#pragma unroll
    for (int part = 0; part < kGroups; part++) weights[tap][part] = __ldg(a.weights + ((tap * kGroups + part) * kGroups + group) * 32 + lane);
  }
  // Weights and scalars are of this step since its beginning; what follows is the work of the kernel before.
  let_successor_begin();
  wait_for_predecessor();
  Halo<Shape, kThreads> halo;
  halo.load(a.input, image, first_row, a.height);
  float output_bias = kForward ? __ldg(a.output_bias) : 0.0f;
  float scale = pass == Pass::Second || pass == Pass::SecondBackward ? __ldg(a.scale) : 1.0f;
  halo.template store<kForward>(tile, kForward ? __ldg(a.input_bias) : 0.0f);
  __syncthreads();

  float sums[2] = {0, 0};
#pragma unroll
  for (int turn = 0; turn < kTasksOfWarp; turn++) {
    int first_pixel = (turn * kWarps + warp) / kGroups * 32;
    const unsigned char* rows[2];
    for (int i = 0; i < 2; i++) {
      int pixel = first_pixel + 16 * i + lane % 16;
      rows[i] = tile + (pixel / Shape::kWidth * Shape::kHaloWidth + pixel % Shape::kWidth) * Shape::kStride + lane / 16 * 16;
    }
    int64_t offset = ((static_cast<int64_t>(image) * a.height + first_row) * Shape::kWidth + first_pixel + lane / 4) * Shape::kChannels
        + group * 16 + lane % 4 * 4;
    // What the end of the task reads is under way while it multiplies.
    float4 streams[2][2];
    uint2 kept[2][2];
#pragma unroll
    for (int i = 0; i < 2; i++) {
#pragma unroll
      for (int half = 0; half < 2; half++) {
        int64_t place = offset + (16 * i + 8 * half) * Shape::kChannels;
        streams[i][half] = kHasStream ? *reinterpret_cast<const float4*>(a.stream_in + place) : make_float4(0, 0, 0, 0);
        kept[i][half] = kForward ? make_uint2(0, 0) : __ldg(reinterpret_cast<const uint2*>(a.kept + place));
      }
    }
    float products[2][2][4] = {};
#pragma unroll
    for (int tap = 0; tap < kTaps; tap++) {
      int shift = (tap / 3 * Shape::kHaloWidth + tap % 3) * Shape::kStride;
#pragma unroll
      for (int part = 0; part < kGroups; part++) {
        uint4 w = weights[tap][part];
#pragma unroll
        for (int i = 0; i < 2; i++) {
          uint32_t pixels[4];
          load_matrices(pixels, rows[i] + shift + part * 32);
          multiply_add(products[i][0], pixels, w.x, w.y);
          multiply_add(products[i][1], pixels, w.z, w.w);
        }
      }
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
#pragma unroll
      for (int half = 0; half < 2; half++) {
        int64_t place = offset + (16 * i + 8 * half) * Shape::kChannels;
        // Four channels side by side: pack_weights orders the columns so.
        float values[4] = {products[i][0][2 * half], products[i][0][2 * half + 1], products[i][1][2 * half], products[i][1][2 * half + 1]};
        const float stream[4] = {streams[i][half].x, streams[i][half].y, streams[i][half].z, streams[i][half].w};
        const float signs[4] = {low_of(kept[i][half].x), high_of(kept[i][half].x), low_of(kept[i][half].y), high_of(kept[i][half].y)};
#pragma unroll
        for (int k = 0; k < 4; k++) {
          float value = values[k] * scale;
          if (kForward) {
            value += output_bias + stream[k];
            // Not fmaxf, which would turn NaN into 0 and hide it.
            values[k] = value < 0 ? 0 : value;
          } else {
            sums[0] += value;
            value += stream[k];
            values[k] = signs[k] > 0 ? value : 0;
            sums[1] += values[k];
          }
        }
        if (kHasStream) *reinterpret_cast<float4*>(a.stream_out + place) = make_float4(values[0], values[1], values[2], values[3]);
        *reinterpret_cast<uint2*>(a.output + place) = make_uint2(pack(values[0], values[1]), pack(values[2], values[3]));
      }
    }
  }
  if (!kForward) write_sums<2>(sums, a.sums);
}

struct WeightGradientArguments {
  const uint16_t* input;       // of the convolution, before its bias
  const float* input_bias;
  const uint16_t* gradient;    // of its output
  float* parts;                // [block][tap][out][in]
  int height;
  int tile_count;
};

// dW[out][in][tap] = Σ gradient[pixel][out] · (input + bias)[pixel + tap][in]: every block sums some tiles into a part of its own.
template <typename Shape>
__global__ void __launch_bounds__(Shape::kGradientThreads, Shape::kGradientThreads == 256 ? 2 : 1) sum_weight_gradient(WeightGradientArguments a) {
  constexpr int kChannels = Shape::kChannels;
  // A warp computes 16 output channels × 16 input channels, all taps, for its share of the pixels.
  constexpr int kGroups = kChannels / 16;
  constexpr int kThreadsHere = Shape::kGradientThreads, kShares = Shape::kGradientShares;
  constexpr int kSteps = Shape::kPixels / 16;
  auto halo = shared_memory();
  auto plain = halo + Shape::kHaloBytes;
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  int out = warp % kGroups * 16, in = warp / kGroups % kGroups * 16, share = warp / (kGroups * kGroups);
  float sums[kTaps][2][4] = {};
  float bias = __ldg(a.input_bias);
  int tiles_per_image = a.height / Shape::kRows;
  Halo<Shape, kThreadsHere> inputs_ahead;
  Plain<Shape, kThreadsHere> gradients_ahead;
  auto load = [&](int t) {
    int image = t / tiles_per_image, first_row = t % tiles_per_image * Shape::kRows;
    inputs_ahead.load(a.input, image, first_row, a.height);
    gradients_ahead.load(a.gradient, image, first_row, a.height);
  };
  if (blockIdx.x < static_cast<unsigned>(a.tile_count)) load(blockIdx.x);
  for (int t = blockIdx.x; t < a.tile_count; t += gridDim.x) {
    __syncthreads();
    inputs_ahead.template store<true>(halo, bias);
    gradients_ahead.store(plain);
    __syncthreads();
    // The next tile is under way while this one is multiplied.
    if (t + static_cast<int>(gridDim.x) < a.tile_count) load(t + gridDim.x);
    for (int step = share; step < kSteps; step += kShares) {
      uint32_t gradients[4];
      load_matrices_transposed(gradients, plain + (step * 16 + lane % 8 + lane / 16 * 8) * Shape::kStride + (out + lane / 8 % 2 * 8) * 2);
      int pixel = step * 16 + lane % 16;
      const unsigned char* row =
          halo + (pixel / Shape::kWidth * Shape::kHaloWidth + pixel % Shape::kWidth) * Shape::kStride + (in + lane / 16 * 8) * 2;
#pragma unroll
      for (int tap = 0; tap < kTaps; tap++) {
        uint32_t inputs[4];
        load_matrices_transposed(inputs, row + (tap / 3 * Shape::kHaloWidth + tap % 3) * Shape::kStride);
        multiply_add(sums[tap][0], gradients, inputs[0], inputs[1]);
        multiply_add(sums[tap][1], gradients, inputs[2], inputs[3]);
      }
    }
  }

  // Every share has a place of its own; they are added in the same order at every run, and so rounded alike.
  auto places = reinterpret_cast<float*>(shared_memory());
  float* part = a.parts + static_cast<int64_t>(blockIdx.x) * Shape::kGradientFloats;
  float* target = kShares > 1 ? places + share * Shape::kGradientFloats : part;
  __syncthreads();
#pragma unroll
  for (int tap = 0; tap < kTaps; tap++) {
#pragma unroll
    for (int j = 0; j < 2; j++) {
#pragma unroll
      for (int half = 0; half < 2; half++)
        *reinterpret_cast<float2*>(target + (tap * kChannels + out + lane / 4 + 8 * half) * kChannels + in + 8 * j + lane % 4 * 2) =
            make_float2(sums[tap][j][2 * half], sums[tap][j][2 * half + 1]);
    }
  }
  if (kShares == 1) return;
  __syncthreads();
  for (int i = threadIdx.x; i < Shape::kGradientFloats / 4; i += kThreadsHere) {
    float4 sum = reinterpret_cast<const float4*>(places)[i];
#pragma unroll
    for (int other = 1; other < kShares; other++) {
      float4 more = reinterpret_cast<const float4*>(places + other * Shape::kGradientFloats)[i];
      sum = make_float4(sum.x + more.x, sum.y + more.y, sum.z + more.z, sum.w + more.w);
    }
    reinterpret_cast<float4*>(part)[i] = sum;
  }
}

}  // namespace fixupnet
