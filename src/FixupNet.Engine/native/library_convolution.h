// A convolution computed by oneDNN, float32, weights and their gradients in the model's layout [out][in][k][k].
#pragma once

#include <cstdint>
#include <memory>

namespace fixupnet {

/// Channels are those of the model; activations are padded to blocks of 16, but for an image [images][in][height][width] as input.
struct LibraryShape {
  int images, in_channels, out_channels, kernel, stride, height, width;
  bool plain_input;
};

enum class LibraryAlgorithm { kDirect, kWinograd };

class LibraryConvolution {
 public:
  LibraryConvolution(const LibraryShape& shape, LibraryAlgorithm algorithm);
  ~LibraryConvolution();

  /// Whether oneDNN has the algorithm for this shape and processor.
  static bool is_available(const LibraryShape& shape, LibraryAlgorithm algorithm);

  void forward(const float* in, const float* weights, float* out);
  void backward_data(const float* gradient, const float* weights, float* in_gradient);
  /// weight_gradients += the gradient of the weights.
  void backward_weights(const float* in, const float* gradient, float* weight_gradients);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fixupnet
