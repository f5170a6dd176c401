// What the kernels are written in: CUDA, or, with FIXUPNET_EMULATED, the same names in plain C++ on fibers (emulated/emulator.h), so that
// every kernel's arithmetic is checked on machines without a card.
#pragma once
#include <cstdint>

#ifdef FIXUPNET_EMULATED
#include "emulated/emulator.h"
#else
#include <cuda_runtime.h>

namespace fixupnet {

// The block's dynamic shared memory.
__device__ inline unsigned char* shared_memory() {
  extern __shared__ __align__(16) unsigned char fixupnet_shared[];
  return fixupnet_shared;
}

// Four 8×8 matrices of 16-bit numbers; lane i gives the address of row i % 8 of matrix i / 8, of 16 bytes at a multiple of 16.
__device__ inline void load_matrices(uint32_t (&parts)[4], const void* row) {
  auto address = static_cast<uint32_t>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(parts[0]), "=r"(parts[1]), "=r"(parts[2]), "=r"(parts[3]) : "r"(address));
}

__device__ inline void load_matrices_transposed(uint32_t (&parts)[4], const void* row) {
  auto address = static_cast<uint32_t>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(parts[0]), "=r"(parts[1]), "=r"(parts[2]), "=r"(parts[3]) : "r"(address));
}

// sums[16×8] += a[16×16] · b[16×8]; bfloat16 products, float32 sums.
__device__ inline void multiply_add(float (&sums)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// For kernels that begin before the one queued before them has ended: what is behind the first runs after that end.
__device__ inline void wait_for_predecessor() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

__device__ inline void let_successor_begin() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;");
#endif
}

__device__ inline float shuffle_down(float value, int distance) { return __shfl_down_sync(0xffffffffu, value, distance); }
__device__ inline double shuffle_down(double value, int distance) { return __shfl_down_sync(0xffffffffu, value, distance); }

// Two numbers rounded to the nearest bfloat16, ties to even; the first in the low half.
__device__ inline uint32_t pack(float low, float high) {
  uint32_t pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
}

__device__ inline float low_of(uint32_t pair) { return __uint_as_float(pair << 16); }
__device__ inline float high_of(uint32_t pair) { return __uint_as_float(pair & 0xffff0000u); }

}  // namespace fixupnet

#define FIXUPNET_LAUNCH(kernel, grid, threads, shared, stream, ...) \
  kernel<<<grid, threads, shared, static_cast<cudaStream_t>(stream)>>>(__VA_ARGS__)
#endif
