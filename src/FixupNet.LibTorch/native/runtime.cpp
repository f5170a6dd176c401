// What belongs to the process or the thread: version, errors, threads, gradient mode, generators, devices.
#include "shim.h"

#include <mutex>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/Generator.h>
#include <c10/core/GradMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/version.h>

namespace {
thread_local std::string last_error;
}

void fx::set_last_error(const char* text) noexcept {
  try {
    last_error = text;
  } catch (...) {
    last_error.clear();  // out of memory: the status code alone must do
  }
}

FX_EXPORT const char* fx_last_error() { return last_error.c_str(); }
FX_EXPORT int32_t fx_revision() { return fx::kRevision; }
FX_EXPORT const char* fx_libtorch_version() { return TORCH_VERSION; }

namespace {
// FixupNet.OneDnn, which tells what goes wrong there, asks the same: whether this is a processor of AMD's whose CPUID describes no cache.
[[maybe_unused]] bool hides_caches() {
#if defined(__x86_64__)
  constexpr unsigned caches = 0x8000001D, cache_type = 31;
  unsigned a, b, c, d;
  return __get_cpuid(0, &a, &b, &c, &d) && b == signature_AMD_ebx && c == signature_AMD_ecx && d == signature_AMD_edx &&
         __get_cpuid_count(caches, 0, &a, &b, &c, &d) && !(a & cache_type);
#else
  return false;
#endif
}
}  // namespace

// First call after loading: takes over CPU allocation before any tensor exists.
FX_EXPORT int32_t fx_initialize(int32_t thread_count) {
  return fx::guarded([&] {
    fx::install_caching_allocator();
    at::set_num_threads(thread_count);
#if TORCH_VERSION_MAJOR >= 2
    if (hides_caches()) {
      at::globalContext().setUserEnabledMkldnn(false);
#if TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 4
      // libtorch would try it next, and say at every convolution that it knows no such processor either.
      at::globalContext().setUserEnabledNNPACK(false);
#endif
    }
#endif
  });
}

FX_EXPORT int32_t fx_set_num_threads(int32_t count) {
  return fx::guarded([&] { at::set_num_threads(count); });
}

FX_EXPORT int32_t fx_get_num_threads() { return at::get_num_threads(); }
FX_EXPORT int32_t fx_grad_enabled() { return c10::GradMode::is_enabled(); }
FX_EXPORT void fx_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

// A generator of its own for the device, seeded.
FX_EXPORT int32_t fx_generator(int32_t device_type, int32_t device_index, uint64_t seed, void** out) {
  return fx::guarded([&] {
    c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    auto generator = at::globalContext().defaultGenerator(device).clone();
    generator.set_current_seed(seed);
    *out = new at::Generator(std::move(generator));
  });
}

// The device's global generator (shared, not a copy).
FX_EXPORT int32_t fx_default_generator(int32_t device_type, int32_t device_index, void** out) {
  return fx::guarded([&] {
    c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    *out = new at::Generator(at::globalContext().defaultGenerator(device));
  });
}

FX_EXPORT void fx_generator_release(void* generator) { delete static_cast<at::Generator*>(generator); }

namespace {
// Kernels that draw hold the generator's mutex; so does whoever reads or sets its state.
template <typename Body>
int32_t locked(void* handle, Body&& body) {
  return fx::guarded([&] {
    auto& generator = *static_cast<at::Generator*>(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    body(generator);
  });
}
}  // namespace

FX_EXPORT int32_t fx_generator_set_seed(void* handle, uint64_t seed) {
  return locked(handle, [&](at::Generator& generator) { generator.set_current_seed(seed); });
}

FX_EXPORT int32_t fx_generator_seed(void* handle, uint64_t* seed) {
  return locked(handle, [&](at::Generator& generator) { *seed = generator.current_seed(); });
}

FX_EXPORT int32_t fx_generator_get_state(void* handle, void** state) {
  return locked(handle, [&](at::Generator& generator) { *state = fx::release(generator.get_state()); });
}

FX_EXPORT int32_t fx_generator_set_state(void* handle, const void* state) {
  return locked(handle, [&](at::Generator& generator) { generator.set_state(fx::borrow(state)); });
}

// Device-neutral, so that the shim compiles without CUDA's headers and finds CUDA wherever libtorch has it.
FX_EXPORT int32_t fx_cuda_device_count() {
  int32_t count = 0;
  fx::guarded([&] {
    if (at::globalContext().hasCUDA()) count = c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount();
  });
  return count;
}

FX_EXPORT int32_t fx_cuda_synchronize(int32_t device_index) {
  return fx::guarded([&] {
    TORCH_CHECK(at::globalContext().hasCUDA(), "this libtorch has no CUDA");
    c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
    guard.synchronizeStream(guard.getStream(c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(device_index))));
  });
}

// Within it, operations that gain from bfloat16 take it, and cast what they are given. Nothing is cached: a graph must hold its own casts.
FX_EXPORT int32_t fx_set_autocast_bfloat16(int32_t device_type, int32_t enabled) {
  return fx::guarded([&] {
    at::autocast::set_autocast_cache_enabled(enabled == 0);
    bool cuda = static_cast<c10::DeviceType>(device_type) == c10::DeviceType::CUDA;
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    auto type = cuda ? c10::DeviceType::CUDA : c10::DeviceType::CPU;
    at::autocast::set_autocast_dtype(type, at::kBFloat16);
    at::autocast::set_autocast_enabled(type, enabled != 0);
#else
    if (cuda) {
      at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
      at::autocast::set_enabled(enabled != 0);
    } else {
      at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
      at::autocast::set_cpu_enabled(enabled != 0);
    }
#endif
  });
}
