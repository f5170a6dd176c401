// The C interface between C# and libtorch. Every export returns 0, or 1 with the reason in fx_last_error(); none lets an exception out.
// A tensor handle is a TensorImpl* that owns one reference; 0 is the undefined tensor.
#pragma once
#include <cstdint>
#include <exception>
#include <string>

#include <ATen/core/Tensor.h>

#define FX_EXPORT extern "C" __attribute__((visibility("default")))

namespace fx {

constexpr int32_t kRevision = 2;

enum Tag : int32_t { None, TensorValue, Int, Double, Bool, IntList, TensorList, OptionalTensorList, DoubleList, Device, Generator };

// One argument or result of an operator call. Lists: `value` points to `count` elements.
struct Value {
  int32_t tag;
  int32_t count;
  union {
    int64_t integer;
    double real;
    const void* pointer;
  };
};

void set_last_error(const char* text) noexcept;

inline at::Tensor borrow(const void* handle) {
  if (handle == nullptr) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::unsafe_reclaim_from_nonowning(
      static_cast<c10::TensorImpl*>(const_cast<void*>(handle))));
}

inline void* release(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseIntrusivePtr().release() : nullptr;
}

inline void reclaim(void* handle) {
  if (handle == nullptr) return;
  c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(static_cast<c10::TensorImpl*>(handle));
}

template <typename Body>
int32_t guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    set_last_error(error.what_without_backtrace());
  } catch (const std::exception& error) {
    set_last_error(error.what());
  } catch (...) {
    set_last_error("an exception of an unknown type was thrown");
  }
  return 1;
}

void install_caching_allocator();

}  // namespace fx
