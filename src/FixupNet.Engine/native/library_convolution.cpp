#include "library_convolution.h"

#include <dnnl.hpp>

#include <algorithm>
#include <optional>
#include <vector>

#include "kernels/ends.h"

namespace fixupnet {
namespace {

using dnnl::memory;

dnnl::engine& cpu() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::desc activations(int images, int channels, int height, int width, bool plain) {
  return {{images, channels, height, width}, memory::data_type::f32, plain ? memory::format_tag::nchw : memory::format_tag::nChw16c};
}

// What oneDNN's own kernels want: below AVX-512 blocks of 8 channels. Given ours of 16 it falls back to a reference a thousand times slower.
memory::desc activations_of_library(const memory::desc& ours, bool plain) {
  static const bool wide = static_cast<unsigned>(dnnl::get_effective_cpu_isa()) >= static_cast<unsigned>(dnnl::cpu_isa::avx512_core);
  return plain || wide ? ours : memory::desc(ours.dims(), memory::data_type::f32, memory::format_tag::nChw8c);
}

// oneDNN's memory objects take pointers that are not const; it does not write to inputs.
memory wrap(const memory::desc& description, const float* values) { return {description, cpu(), const_cast<float*>(values)}; }

}  // namespace

struct LibraryConvolution::State {
  State(const LibraryShape& of, LibraryAlgorithm which)
      : shape(of),
        // The library computes other channel counts than multiples of 16 many times slower: it is told of padded ones, with weights of 0.
        in_channels(shape.plain_input ? shape.in_channels : padded(shape.in_channels)),
        out_channels(padded(shape.out_channels)),
        out_height((shape.height + shape.stride - 1) / shape.stride),
        out_width((shape.width + shape.stride - 1) / shape.stride),
        our_in(activations(shape.images, in_channels, shape.height, shape.width, shape.plain_input)),
        our_out(activations(shape.images, out_channels, out_height, out_width, false)),
        in(activations_of_library(our_in, shape.plain_input)),
        out(activations_of_library(our_out, false)),
        padded_weights({out_channels, in_channels, shape.kernel, shape.kernel}, memory::data_type::f32, memory::format_tag::oihw),
        stream(cpu()),
        algorithm(which == LibraryAlgorithm::kWinograd ? dnnl::algorithm::convolution_winograd : dnnl::algorithm::convolution_direct),
        strides({shape.stride, shape.stride}),
        padding({shape.kernel / 2, shape.kernel / 2}),
        far_padding({far(shape.height, out_height, shape), far(shape.width, out_width, shape)}),
        forward_description({dnnl::prop_kind::forward_training, algorithm, in, any_weights(), out, strides, padding, far_padding}, cpu()),
        forward_weights(forward_description.weights_desc(), cpu()),
        forward(forward_description),
        weights_description({algorithm, in, any_weights(), out, strides, padding, far_padding}, cpu(), forward_description),
        weights_gradient(weights_description.diff_weights_desc(), cpu()),
        weights(weights_description),
        staging(padded_weights.get_size() / sizeof(float)) {
    if (shape.plain_input) return;  // nothing is behind an image
    data_description.emplace(
        dnnl::convolution_backward_data::desc(algorithm, in, any_weights(), out, strides, padding, far_padding), cpu(), forward_description);
    data_weights.emplace(data_description->weights_desc(), cpu());
    data.emplace(*data_description);
  }

  static memory::dim far(int size, int out_size, const LibraryShape& shape) {
    return (out_size - 1) * shape.stride + shape.kernel - size - shape.kernel / 2;
  }

  memory::desc any_weights() const { return {padded_weights.dims(), memory::data_type::f32, memory::format_tag::any}; }

  void reorder(memory from, memory to) { dnnl::reorder(from, to).execute(stream, from, to); }

  /// Activations as the library takes them.
  memory given(const memory::desc& ours, const memory::desc& theirs, const float* values) {
    memory given = wrap(ours, values);
    if (ours == theirs) return given;
    memory copy(theirs, cpu());
    reorder(given, copy);
    return copy;
  }

  /// Has `write` write activations as the library does, and puts them where they belong.
  template <class Write>
  void taken(const memory::desc& ours, const memory::desc& theirs, float* values, Write&& write) {
    memory target = wrap(ours, values);
    if (ours == theirs) return write(target);
    memory copy(theirs, cpu());
    write(copy);
    reorder(copy, target);
  }

  bool is_padded() const { return in_channels != shape.in_channels || out_channels != shape.out_channels; }

  /// Calls visit(model, staged) with the places of each row of weights: those of one output channel.
  template <class Visit>
  void for_each_row(Visit&& visit) const {
    const int64_t taps = static_cast<int64_t>(shape.kernel) * shape.kernel;
    for (int k = 0; k < shape.out_channels; k++) visit(k * shape.in_channels * taps, k * in_channels * taps, shape.in_channels * taps);
  }

  /// The model's weights, padded with zeros where they must be.
  memory padded_values(const float* weights) {
    if (!is_padded()) return wrap(padded_weights, weights);
    for_each_row([&](int64_t model, int64_t staged, int64_t count) { std::copy_n(weights + model, count, staging.data() + staged); });
    return wrap(padded_weights, staging.data());
  }

  LibraryShape shape;
  int in_channels, out_channels, out_height, out_width;
  memory::desc our_in, our_out, in, out, padded_weights;
  dnnl::stream stream;
  dnnl::algorithm algorithm;
  memory::dims strides, padding, far_padding;
  dnnl::convolution_forward::primitive_desc forward_description;
  memory forward_weights;
  dnnl::convolution_forward forward;
  dnnl::convolution_backward_weights::primitive_desc weights_description;
  memory weights_gradient;
  dnnl::convolution_backward_weights weights;
  std::vector<float> staging;
  std::optional<dnnl::convolution_backward_data::primitive_desc> data_description;
  std::optional<memory> data_weights;
  std::optional<dnnl::convolution_backward_data> data;
};

LibraryConvolution::LibraryConvolution(const LibraryShape& shape, LibraryAlgorithm algorithm) : state_(std::make_unique<State>(shape, algorithm)) {}

LibraryConvolution::~LibraryConvolution() = default;

bool LibraryConvolution::is_available(const LibraryShape& shape, LibraryAlgorithm algorithm) {
  try {
    LibraryConvolution probe(shape, algorithm);
    return true;
  } catch (const dnnl::error& error) {
    if (error.status == dnnl_unimplemented) return false;
    throw;
  }
}

void LibraryConvolution::forward(const float* in, const float* weights, float* out) {
  State& s = *state_;
  s.reorder(s.padded_values(weights), s.forward_weights);
  s.taken(s.our_out, s.out, out, [&](memory& target) {
    s.forward.execute(s.stream, {{DNNL_ARG_SRC, s.given(s.our_in, s.in, in)}, {DNNL_ARG_WEIGHTS, s.forward_weights}, {DNNL_ARG_DST, target}});
  });
}

void LibraryConvolution::backward_data(const float* gradient, const float* weights, float* in_gradient) {
  State& s = *state_;
  s.reorder(s.padded_values(weights), *s.data_weights);
  s.taken(s.our_in, s.in, in_gradient, [&](memory& target) {
    s.data->execute(s.stream, {{DNNL_ARG_DIFF_DST, s.given(s.our_out, s.out, gradient)}, {DNNL_ARG_WEIGHTS, *s.data_weights}, {DNNL_ARG_DIFF_SRC, target}});
  });
}

void LibraryConvolution::backward_weights(const float* in, const float* gradient, float* weight_gradients) {
  State& s = *state_;
  s.weights.execute(s.stream, {{DNNL_ARG_SRC, s.given(s.our_in, s.in, in)}, {DNNL_ARG_DIFF_DST, s.given(s.our_out, s.out, gradient)}, {DNNL_ARG_DIFF_WEIGHTS, s.weights_gradient}});
  s.reorder(s.weights_gradient, wrap(s.padded_weights, s.staging.data()));
  s.for_each_row([&](int64_t model, int64_t staged, int64_t count) {
    for (int64_t i = 0; i < count; i++) weight_gradients[model + i] += s.staging[staged + i];
  });
  // What pads the weights is 0 again.
  if (s.is_padded()) std::fill(s.staging.begin(), s.staging.end(), 0.0f);
}

}  // namespace fixupnet
