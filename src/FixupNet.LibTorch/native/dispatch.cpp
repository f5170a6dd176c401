// Calls any ATen operator by name, boxed, through libtorch's dispatcher.
#include "shim.h"

#include <vector>

#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

namespace {

thread_local std::vector<fx::Value> results;

c10::IValue to_ivalue(const fx::Value& value) {
  switch (value.tag) {
    case fx::None: return c10::IValue();
    case fx::TensorValue: return c10::IValue(fx::borrow(value.pointer));
    case fx::Int: return c10::IValue(value.integer);
    case fx::Double: return c10::IValue(value.real);
    case fx::Bool: return c10::IValue(value.integer != 0);
    case fx::IntList: {
      auto begin = static_cast<const int64_t*>(value.pointer);
      return c10::IValue(std::vector<int64_t>(begin, begin + value.count));
    }
    case fx::DoubleList: {
      auto begin = static_cast<const double*>(value.pointer);
      return c10::IValue(std::vector<double>(begin, begin + value.count));
    }
    case fx::TensorList: {
      c10::List<at::Tensor> list;
      list.reserve(value.count);
      for (int32_t i = 0; i < value.count; i++) list.push_back(fx::borrow(static_cast<void* const*>(value.pointer)[i]));
      return c10::IValue(std::move(list));
    }
    case fx::OptionalTensorList: {
      // A generic list spares naming the optional type, which differs between libtorch versions.
      c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
      for (int32_t i = 0; i < value.count; i++) {
        auto tensor = fx::borrow(static_cast<void* const*>(value.pointer)[i]);
        list.push_back(tensor.defined() ? c10::IValue(std::move(tensor)) : c10::IValue());
      }
      return c10::IValue(std::move(list));
    }
    case fx::Device:
      return c10::IValue(c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.count)));
    case fx::Generator: return c10::IValue(*static_cast<const at::Generator*>(value.pointer));
    default: TORCH_CHECK(false, "unknown argument tag ", value.tag);
  }
}

void append_result(const c10::IValue& value) {
  fx::Value result{};
  if (value.isTensor()) {
    result.tag = fx::TensorValue;
    result.pointer = fx::release(value.toTensor());
  } else if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorVector()) append_result(tensor);
    return;
  } else if (value.isInt()) {
    result.tag = fx::Int;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.tag = fx::Double;
    result.real = value.toDouble();
  } else if (value.isBool()) {
    result.tag = fx::Bool;
    result.integer = value.toBool();
  } else if (!value.isNone()) {
    TORCH_CHECK(false, "a result of kind ", value.tagKind(), " is not supported");
  }
  results.push_back(result);
}

// All results or none: what was released to the caller before a failure is taken back.
void append_results(const torch::jit::Stack& stack) {
  results.clear();
  try {
    for (const auto& value : stack) append_result(value);
  } catch (...) {
    for (const auto& result : results) {
      if (result.tag == fx::TensorValue) fx::reclaim(const_cast<void*>(result.pointer));
    }
    results.clear();
    throw;
  }
}

}  // namespace

// Finds operator `name` ("aten::add") with `overload` ("Tensor"); the handle lives as long as the process.
FX_EXPORT int32_t fx_operator(const char* name, const char* overload, void** handle) {
  return fx::guarded([&] { *handle = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload)); });
}

// Calls an operator; arguments left out at the end take the schema's defaults. Lists among the results are flattened.
FX_EXPORT int32_t fx_call(const void* handle, const fx::Value* arguments, int32_t argument_count, const fx::Value** out, int32_t* out_count) {
  return fx::guarded([&] {
    const auto& op = *static_cast<const c10::OperatorHandle*>(handle);
    const auto& parameters = op.schema().arguments();
    TORCH_CHECK(argument_count <= static_cast<int32_t>(parameters.size()), "too many arguments for ", op.schema().name());
    torch::jit::Stack stack;
    stack.reserve(parameters.size());
    for (int32_t i = 0; i < argument_count; i++) stack.push_back(to_ivalue(arguments[i]));
    for (size_t i = argument_count; i < parameters.size(); i++) {
      TORCH_CHECK(parameters[i].default_value().has_value(), "argument ", parameters[i].name(), " of ", op.schema().name(), " is missing");
      stack.push_back(*parameters[i].default_value());
    }
    op.callBoxed(&stack);
    append_results(stack);
    *out = results.data();
    *out_count = static_cast<int32_t>(results.size());
  });
}
