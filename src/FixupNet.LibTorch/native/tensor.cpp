// Tensor handles: lifetime, description, gradients.
#include "shim.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

namespace {

struct Info {
  int64_t element_count;
  const int64_t* sizes;
  const int64_t* strides;
  int32_t dimension_count;
  int32_t scalar_type;
  int32_t device_type;
  int32_t device_index;
  int32_t element_size;
  int32_t is_contiguous;
};

std::vector<at::Tensor> borrow_all(void* const* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; i++) tensors.push_back(fx::borrow(handles[i]));
  return tensors;
}

}  // namespace

FX_EXPORT void fx_tensor_release(void* handle) {
  // Releasing runs destructors only; the guard is for an allocator that reports corruption by throwing.
  fx::guarded([&] { fx::reclaim(handle); });
}

// The pointers in `info` stay valid while the tensor lives and is not resized.
FX_EXPORT int32_t fx_tensor_info(const void* handle, Info* info) {
  return fx::guarded([&] {
    auto tensor = fx::borrow(handle);
    info->element_count = tensor.numel();
    info->sizes = tensor.sizes().data();
    info->strides = tensor.strides().data();
    info->dimension_count = static_cast<int32_t>(tensor.dim());
    info->scalar_type = static_cast<int32_t>(tensor.scalar_type());
    info->device_type = static_cast<int32_t>(tensor.device().type());
    info->device_index = tensor.device().index();
    info->element_size = static_cast<int32_t>(tensor.element_size());
    info->is_contiguous = tensor.is_contiguous();
  });
}

FX_EXPORT int32_t fx_tensor_data(const void* handle, void** data) {
  return fx::guarded([&] { *data = fx::borrow(handle).data_ptr(); });
}

FX_EXPORT int32_t fx_requires_grad(const void* handle, int32_t* value, int32_t* is_leaf) {
  return fx::guarded([&] {
    auto tensor = fx::borrow(handle);
    *value = tensor.requires_grad();
    *is_leaf = tensor.is_leaf();
  });
}

FX_EXPORT int32_t fx_set_requires_grad(const void* handle, int32_t value) {
  return fx::guarded([&] { fx::borrow(handle).set_requires_grad(value != 0); });
}

FX_EXPORT int32_t fx_grad(const void* handle, void** out) {
  return fx::guarded([&] { *out = fx::release(fx::borrow(handle).grad()); });
}

FX_EXPORT int32_t fx_set_grad(const void* handle, const void* grad) {
  return fx::guarded([&] { fx::borrow(handle).mutable_grad() = fx::borrow(grad); });
}

FX_EXPORT int32_t fx_backward(void* const* tensors, int32_t count, void* const* grads, int32_t grad_count, int32_t retain_graph,
                              int32_t create_graph, void* const* inputs, int32_t input_count) {
  return fx::guarded([&] {
    torch::autograd::backward(borrow_all(tensors, count), borrow_all(grads, grad_count), retain_graph != 0, create_graph != 0,
                              borrow_all(inputs, input_count));
  });
}

FX_EXPORT int32_t fx_autograd_grad(void* const* outputs, int32_t count, void* const* inputs, int32_t input_count, void* const* grads,
                                   int32_t grad_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** out) {
  return fx::guarded([&] {
    auto gradients = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count), borrow_all(grads, grad_count),
                                           retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < gradients.size(); i++) out[i] = fx::release(gradients[i]);
  });
}
