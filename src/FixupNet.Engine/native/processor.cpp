// Chooses the kernels by what the processor says of itself.
#include "kernels/table.h"

namespace fixupnet {

#define FIXUPNET_DECLARE(isa)                       \
  namespace isa {                                   \
  const Kernels<float>& kernels_of_float32();       \
  const Kernels<BFloat16>& kernels_of_bfloat16();   \
  }
FIXUPNET_DECLARE(portable)
#if defined(__x86_64__)
FIXUPNET_DECLARE(avx2)
FIXUPNET_DECLARE(avx512)
FIXUPNET_DECLARE(avx512_bf16)
#endif

namespace {

enum class Set { kPortable, kAvx2, kAvx512, kAvx512Bf16 };

Set detect() {
#if defined(__x86_64__)
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd");
  if (avx512) return __builtin_cpu_supports("avx512bf16") ? Set::kAvx512Bf16 : Set::kAvx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Set::kAvx2;
#endif
  return Set::kPortable;
}

Set set() {
  static const Set found = detect();
  return found;
}

}  // namespace

#if defined(__x86_64__)
#define FIXUPNET_CHOOSE(which, of)                                                 \
  if (which < 0 || which > static_cast<int>(set())) return nullptr;                \
  switch (static_cast<Set>(which)) {                                               \
    case Set::kAvx512Bf16: return &avx512_bf16::of();                              \
    case Set::kAvx512: return &avx512::of();                                       \
    case Set::kAvx2: return &avx2::of();                                           \
    case Set::kPortable: break;                                                    \
  }                                                                                \
  return &portable::of();
#else
#define FIXUPNET_CHOOSE(which, of) return which == 0 ? &portable::of() : nullptr;
#endif

template <>
const Kernels<float>* kernels_of_set<float>(int which) {
  FIXUPNET_CHOOSE(which, kernels_of_float32)
}

template <>
const Kernels<BFloat16>* kernels_of_set<BFloat16>(int which) {
  FIXUPNET_CHOOSE(which, kernels_of_bfloat16)
}

template <>
const Kernels<float>& kernels<float>() {
  static const Kernels<float>& chosen = *kernels_of_set<float>(static_cast<int>(set()));
  return chosen;
}

template <>
const Kernels<BFloat16>& kernels<BFloat16>() {
  static const Kernels<BFloat16>& chosen = *kernels_of_set<BFloat16>(static_cast<int>(set()));
  return chosen;
}

const char* instruction_set() {
  switch (set()) {
    case Set::kAvx512Bf16:
    case Set::kAvx512: return "avx512";
    case Set::kAvx2: return "avx2";
    case Set::kPortable: break;
  }
  return "portable";
}

bool has_bfloat16() { return set() == Set::kAvx512Bf16; }

}  // namespace fixupnet
