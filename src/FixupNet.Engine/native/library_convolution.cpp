#include "library_convolution.h"

#include <dnnl.hpp>

#include <optional>
#include <vector>

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

}  // namespace

struct LibraryConvolution::State {
  State(const LibraryShape& shape, LibraryAlgorithm which)
      : out_height((shape.height + shape.stride - 1) / shape.stride),
        out_width((shape.width + shape.stride - 1) / shape.stride),
        in(activations(shape.images, shape.in_channels, shape.height, shape.width, shape.plain_input)),
        out(activations(shape.images, shape.out_channels, out_height, out_width, false)),
        model_weights({shape.out_channels, shape.in_channels, shape.kernel, shape.kernel}, memory::data_type::f32, memory::format_tag::oihw),
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
        model_gradient(model_weights.get_size() / sizeof(float)) {
    if (shape.plain_input) return;  // nothing is behind an image
    data_description.emplace(
        dnnl::convolution_backward_data::desc(algorithm, in, any_weights(), out, strides, padding, far_padding), cpu(), forward_description);
    data_weights.emplace(data_description->weights_desc(), cpu());
    data.emplace(*data_description);
  }

  static memory::dim far(int size, int out_size, const LibraryShape& shape) {
    return (out_size - 1) * shape.stride + shape.kernel - size - shape.kernel / 2;
  }

  memory::desc any_weights() const { return {model_weights.dims(), memory::data_type::f32, memory::format_tag::any}; }

  void reorder(memory from, memory to) { dnnl::reorder(from, to).execute(stream, from, to); }

  int out_height, out_width;
  memory::desc in, out, model_weights;
  dnnl::stream stream;
  dnnl::algorithm algorithm;
  memory::dims strides, padding, far_padding;
  dnnl::convolution_forward::primitive_desc forward_description;
  memory forward_weights;
  dnnl::convolution_forward forward;
  dnnl::convolution_backward_weights::primitive_desc weights_description;
  memory weights_gradient;
  dnnl::convolution_backward_weights weights;
  std::vector<float> model_gradient;
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

namespace {

// oneDNN's memory objects take pointers that are not const; it does not write to inputs.
memory wrap(const memory::desc& description, const float* values) { return {description, cpu(), const_cast<float*>(values)}; }

}  // namespace

void LibraryConvolution::forward(const float* in, const float* weights, float* out) {
  State& s = *state_;
  s.reorder(wrap(s.model_weights, weights), s.forward_weights);
  s.forward.execute(s.stream, {{DNNL_ARG_SRC, wrap(s.in, in)}, {DNNL_ARG_WEIGHTS, s.forward_weights}, {DNNL_ARG_DST, wrap(s.out, out)}});
}

void LibraryConvolution::backward_data(const float* gradient, const float* weights, float* in_gradient) {
  State& s = *state_;
  s.reorder(wrap(s.model_weights, weights), *s.data_weights);
  s.data->execute(s.stream, {{DNNL_ARG_DIFF_DST, wrap(s.out, gradient)}, {DNNL_ARG_WEIGHTS, *s.data_weights}, {DNNL_ARG_DIFF_SRC, wrap(s.in, in_gradient)}});
}

void LibraryConvolution::backward_weights(const float* in, const float* gradient, float* weight_gradients) {
  State& s = *state_;
  s.weights.execute(s.stream, {{DNNL_ARG_SRC, wrap(s.in, in)}, {DNNL_ARG_DIFF_DST, wrap(s.out, gradient)}, {DNNL_ARG_DIFF_WEIGHTS, s.weights_gradient}});
  s.reorder(s.weights_gradient, wrap(s.model_weights, s.model_gradient.data()));
  for (size_t i = 0; i < s.model_gradient.size(); i++) weight_gradients[i] += s.model_gradient[i];
}

}  // namespace fixupnet
