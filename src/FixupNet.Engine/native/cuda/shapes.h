// The shapes the convolution kernels are made for, and how a block of threads shares one.
#pragma once
#include "language.h"

namespace fixupnet {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kTaps = 9;

// A tile is kRows rows of one image, all columns and channels; a block of threads computes one tile at a time.
template <int Channels, int Width>
struct Tile {
  static constexpr int kChannels = Channels;
  static constexpr int kWidth = Width;
  static constexpr int kRows = 8;
  static constexpr int kPixels = kRows * Width;
  // 16 bytes between neighbouring pixels, so that the eight rows of a matrix lie in different banks.
  static constexpr int kStride = 2 * Channels + 16;
  // With one pixel around: what a 3×3 convolution looks at.
  static constexpr int kHaloWidth = Width + 2;
  static constexpr int kHaloPixels = (kRows + 2) * kHaloWidth;
  static constexpr int kHaloBytes = kHaloPixels * kStride;
  static constexpr int kPlainBytes = kPixels * kStride;
  // Of a weight gradient: a warp has 16 × 16 channels, so that 64 × 64 take sixteen warps; fewer channels leave room for two blocks of threads
  // on a multiprocessor, which load in turn.
  static constexpr int kGradientThreads = Channels == 64 ? 512 : 256;
  static constexpr int kGradientShares = kGradientThreads / 32 / (Channels / 16 * (Channels / 16));
  static constexpr int kGradientFloats = kTaps * Channels * Channels;
  static constexpr int kTileBytes = kHaloBytes + kPlainBytes;
  static constexpr int kShareBytes = kGradientShares > 1 ? kGradientShares * kGradientFloats * 4 : 0;
  // Shares are added up where the tiles were.
  static constexpr int kGradientBytes = kTileBytes > kShareBytes ? kTileBytes : kShareBytes;
};

// Shapes of the CIFAR networks of width 1, and what of wider ones fits the same kernels.
#define FIXUPNET_FOR_SHAPES(apply) \
  apply(16, 32) apply(32, 32) apply(64, 32) apply(32, 16) apply(64, 16) apply(64, 8)

// Adds a number to both halves of a pair.
__device__ inline uint32_t shifted(uint32_t pair, float bias) { return pack(low_of(pair) + bias, high_of(pair) + bias); }

// A tile and the pixels around it on their way from global to shared memory, some vectors of 8 channels a thread: all loads are under way before
// the first of them is waited for.
template <typename Shape, int Threads>
struct Halo {
  static constexpr int kVectors = Shape::kChannels / 8;
  static constexpr int kCount = Shape::kHaloPixels * kVectors;
  static constexpr int kLoads = (kCount + Threads - 1) / Threads;
  uint4 values[kLoads];
  uint32_t inside;

  __device__ inline void load(const uint16_t* images, int image, int first_row, int height) {
    inside = 0;
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      int index = i * Threads + threadIdx.x, vector = index % kVectors, pixel = index / kVectors;
      int row = first_row + pixel / Shape::kHaloWidth - 1, column = pixel % Shape::kHaloWidth - 1;
      values[i] = make_uint4(0, 0, 0, 0);
      if (index >= kCount || row < 0 || row >= height || column < 0 || column >= Shape::kWidth) continue;
      int64_t offset = ((static_cast<int64_t>(image) * height + row) * Shape::kWidth + column) * Shape::kChannels + vector * 8;
      values[i] = __ldg(reinterpret_cast<const uint4*>(images + offset));
      inside |= 1u << i;
    }
  }

  // `bias` is added inside the image, and 0 stays around it.
  template <bool Biased>
  __device__ inline void store(unsigned char* target, float bias) const {
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      int index = i * Threads + threadIdx.x;
      if (index >= kCount) break;
      uint4 v = values[i];
      if (Biased && (inside >> i & 1)) v = make_uint4(shifted(v.x, bias), shifted(v.y, bias), shifted(v.z, bias), shifted(v.w, bias));
      *reinterpret_cast<uint4*>(target + index / kVectors * Shape::kStride + index % kVectors * 16) = v;
    }
  }
};

// A tile alone, likewise.
template <typename Shape, int Threads>
struct Plain {
  static constexpr int kVectors = Shape::kChannels / 8;
  static constexpr int kCount = Shape::kPixels * kVectors;
  static constexpr int kLoads = (kCount + Threads - 1) / Threads;
  uint4 values[kLoads];

  __device__ inline void load(const uint16_t* images, int image, int first_row, int height) {
    const uint16_t* tile = images + (static_cast<int64_t>(image) * height + first_row) * Shape::kWidth * Shape::kChannels;
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      int index = i * Threads + threadIdx.x;
      values[i] = index < kCount ? __ldg(reinterpret_cast<const uint4*>(tile + static_cast<int64_t>(index) * 8)) : make_uint4(0, 0, 0, 0);
    }
  }

  __device__ inline void store(unsigned char* target) const {
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      int index = i * Threads + threadIdx.x;
      if (index < kCount) *reinterpret_cast<uint4*>(target + index / kVectors * Shape::kStride + index % kVectors * 16) = values[i];
    }
  }
};

// The sums of a block's threads, written by one of them; every thread of the block calls this.
template <int Count>
__device__ inline void write_sums(float (&sums)[Count], float* const (&targets)[Count]) {
  __shared__ float parts[Count][kWarps];
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
#pragma unroll
  for (int i = 0; i < Count; i++) {
    for (int distance = 16; distance > 0; distance /= 2) sums[i] += shuffle_down(sums[i], distance);
    if (lane == 0) parts[i][warp] = sums[i];
  }
  __syncthreads();
#pragma unroll
  for (int i = 0; i < Count; i++) {
    if (threadIdx.x != static_cast<unsigned>(i) || targets[i] == nullptr) continue;
    float sum = 0;
    for (int warp_of_sum = 0; warp_of_sum < kWarps; warp_of_sum++) sum += parts[i][warp_of_sum];
    targets[i][blockIdx.x] = sum;
  }
}

}  // namespace fixupnet
