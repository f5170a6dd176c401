// Sixteen float32 lanes, written with the compiler's vector extension: one source for every instruction set it is compiled for.
#pragma once

#include <cstdint>
#include <cstring>

#include "ends.h"

#ifdef __AVX512F__
#include <immintrin.h>
#endif

namespace fixupnet {

typedef float Vector __attribute__((vector_size(64), may_alias));

#define FIXUPNET_UNROLL _Pragma("GCC unroll 64")
#define FIXUPNET_INLINE static inline __attribute__((always_inline))

FIXUPNET_INLINE Vector broadcast(float value) { return Vector{} + value; }

FIXUPNET_INLINE Vector load(const float* from) { return *reinterpret_cast<const Vector*>(from); }
FIXUPNET_INLINE void store(float* to, Vector value) { *reinterpret_cast<Vector*>(to) = value; }

FIXUPNET_INLINE Vector load(const BFloat16* from) {
  typedef uint16_t Halves __attribute__((vector_size(32), may_alias));
  typedef uint32_t Words __attribute__((vector_size(64)));
  const Words words = __builtin_convertvector(*reinterpret_cast<const Halves*>(from), Words) << 16;
  return reinterpret_cast<Vector>(words);
}

FIXUPNET_INLINE void store(BFloat16* to, Vector value) {
#ifdef __AVX512BF16__
  const __m256bh halves = _mm512_cvtneps_pbh(reinterpret_cast<__m512>(value));
  std::memcpy(to, &halves, sizeof halves);
#else
  // Only a build for processors with bfloat16 instructions is ever asked to run this.
  for (int lane = 0; lane < kLanes; lane++) to[lane] = BFloat16{};
  (void)value;
#endif
}

FIXUPNET_INLINE double sum(Vector value) {
  double total = 0;
  for (int lane = 0; lane < kLanes; lane++) total += value[lane];
  return total;
}

/// max(0, x), and NaN where x is NaN.
FIXUPNET_INLINE Vector relu(Vector value) { return value < 0.0f ? Vector{} : value; }

/// accumulator += weights · factor: the factor comes from memory, as the multiplier's own operand where the processor has that.
FIXUPNET_INLINE void multiply_add(Vector& accumulator, Vector weights, const float* factor) {
#ifdef __AVX512F__
  // The compiler splits this into a load and a multiplication, which costs a third of the speed at 16 channels.
  asm("vfmadd231ps %2%{1to16%}, %1, %0" : "+v"(accumulator) : "v"(weights), "m"(*factor));
#else
  accumulator += weights * *factor;
#endif
}

}  // namespace fixupnet
