// CUDA's execution model on one core: the threads of a block are fibers that hand over at barriers and at the operations a warp does together.
// Blocks run one after the other, and shared memory is poisoned before each.
#pragma once
#include <cstdint>
#include <cstring>
#include <functional>

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
  dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
};
struct float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) uint2 { uint32_t x, y; };
struct alignas(16) uint4 { uint32_t x, y, z, w; };
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline uint2 make_uint2(uint32_t x, uint32_t y) { return {x, y}; }
inline uint4 make_uint4(uint32_t x, uint32_t y, uint32_t z, uint32_t w) { return {x, y, z, w}; }

#define __global__
#define __device__
#define __forceinline__ inline
#define __restrict__
#define __launch_bounds__(...)
// Blocks run one at a time, so one copy for all of them is enough.
#define __shared__ static

namespace fixupnet::emulated {

struct Place {
  dim3 thread, block, block_size, grid_size;
};

Place& here();
void run(dim3 grid, dim3 threads, unsigned shared_bytes, const std::function<void()>& kernel);
void wait_for_block();
// Publishes what this lane brings and waits for its warp; the answer is what every lane brought, valid until the lane's next exchange but one.
const unsigned char (*exchange(const void* bytes, unsigned count))[64];
unsigned char* shared();

}  // namespace fixupnet::emulated

#define threadIdx (::fixupnet::emulated::here().thread)
#define blockIdx (::fixupnet::emulated::here().block)
#define blockDim (::fixupnet::emulated::here().block_size)
#define gridDim (::fixupnet::emulated::here().grid_size)

inline void __syncthreads() { fixupnet::emulated::wait_for_block(); }
template <typename T> inline T __ldg(const T* address) { return *address; }
inline int atomicOr(int* address, int bits) { int before = *address; *address |= bits; return before; }

namespace fixupnet {

inline unsigned char* shared_memory() { return emulated::shared(); }

inline void load_matrices(uint32_t (&parts)[4], const void* row) {
  auto rows = emulated::exchange(&row, sizeof row);
  unsigned lane = threadIdx.x % 32;
  for (unsigned matrix = 0; matrix < 4; matrix++) {
    const unsigned char* address;
    std::memcpy(&address, rows[8 * matrix + lane / 4], sizeof address);
    std::memcpy(&parts[matrix], address + lane % 4 * 4, 4);
  }
}

inline void load_matrices_transposed(uint32_t (&parts)[4], const void* row) {
  auto rows = emulated::exchange(&row, sizeof row);
  unsigned lane = threadIdx.x % 32;
  for (unsigned matrix = 0; matrix < 4; matrix++) {
    uint16_t pair[2];
    for (unsigned i = 0; i < 2; i++) {
      const unsigned char* address;
      std::memcpy(&address, rows[8 * matrix + lane % 4 * 2 + i], sizeof address);
      std::memcpy(&pair[i], address + lane / 4 * 2, 2);
    }
    std::memcpy(&parts[matrix], pair, 4);
  }
}

inline void wait_for_predecessor() {}
inline void let_successor_begin() {}

inline float low_of(uint32_t pair) { uint32_t bits = pair << 16; float value; std::memcpy(&value, &bits, 4); return value; }
inline float high_of(uint32_t pair) { uint32_t bits = pair & 0xffff0000u; float value; std::memcpy(&value, &bits, 4); return value; }

inline uint32_t rounded(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fffu;
  return (bits + 0x7fffu + (bits >> 16 & 1)) >> 16;
}
inline uint32_t pack(float low, float high) { return rounded(low) | rounded(high) << 16; }

inline void multiply_add(float (&sums)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  uint32_t mine[6] = {a[0], a[1], a[2], a[3], b0, b1};
  auto all = emulated::exchange(mine, sizeof mine);
  auto part = [&](unsigned lane, unsigned index, unsigned half) {
    uint32_t pair;
    std::memcpy(&pair, all[lane] + 4 * index, 4);
    return half ? high_of(pair) : low_of(pair);
  };
  unsigned lane = threadIdx.x % 32;
  for (unsigned i = 0; i < 4; i++) {
    unsigned row = lane / 4, upper = i / 2, column = lane % 4 * 2 + i % 2;
    for (unsigned k = 0; k < 16; k++) {
      float left = part(4 * row + k % 8 / 2, upper + 2 * (k / 8), k % 2);
      float right = part(4 * column + k % 8 / 2, 4 + k / 8, k % 2);
      sums[i] += left * right;
    }
  }
}

template <typename T> inline T shuffle_down(T value, int distance) {
  auto all = emulated::exchange(&value, sizeof value);
  unsigned source = threadIdx.x % 32 + distance;
  if (source < 32) std::memcpy(&value, all[source], sizeof value);
  return value;
}

}  // namespace fixupnet

#define FIXUPNET_LAUNCH(kernel, grid, threads, shared, stream, ...) \
  ::fixupnet::emulated::run(grid, threads, shared, [&] { kernel(__VA_ARGS__); })
