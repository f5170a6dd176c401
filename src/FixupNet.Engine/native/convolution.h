// A 3×3 convolution with stride 1 inside a residual block, by whichever algorithm is the fastest for its shape.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <tuple>

#include "engine.h"
#include "kernels/table.h"
#include "library_convolution.h"

namespace fixupnet {

/// Shape as the model counts channels, without the number of images.
struct SquareShape {
  int in_channels, out_channels, height, width;

  bool operator<(const SquareShape& other) const {
    return std::tie(in_channels, out_channels, height, width) < std::tie(other.in_channels, other.out_channels, other.height, other.width);
  }

  TileShape tiles(int images) const { return {images, padded(in_channels), padded(out_channels), height, width}; }
  int64_t in_size(int images) const { return static_cast<int64_t>(images) * padded(in_channels) * height * width; }
  int64_t out_size(int images) const { return static_cast<int64_t>(images) * padded(out_channels) * height * width; }
};

/// The algorithm of each direction.
struct Algorithms {
  std::array<int, 3> of{FIXUPNET_TILED, FIXUPNET_TILED, FIXUPNET_TILED};
  std::array<double, 3> seconds{};
};

/// Memory that convolutions share: one worker computes one at a time.
struct Workspace {
  float* tiles;       // what the tiled kernels ask for
  float* in;          // an activation as float32
  float* out;
};

template <class Value>
class SquareConvolution {
 public:
  SquareConvolution(const SquareShape& shape, const Algorithms& algorithms) : shape_(shape), algorithms_(algorithms) {}

  /// The same for oneDNN.
  static LibraryShape library_shape(const SquareShape& shape, int images) {
    return {images, shape.in_channels, shape.out_channels, 3, 1, shape.height, shape.width, false};
  }

  /// Whether gradients come as [in][9][out] of padded channels instead of [out][in][3][3].
  static bool packs_gradients(const Algorithms& algorithms) { return algorithms.of[FIXUPNET_BACKWARD_WEIGHTS] == FIXUPNET_TILED; }

  void forward(int images, const Value* in, float shift, const float* weights, const ForwardEnd<Value>& end, Value* out, const Workspace& work) {
    const auto& kernel = kernels<Value>();
    if (algorithms_.of[FIXUPNET_FORWARD] == FIXUPNET_TILED) {
      kernel.winograd_forward(shape_.tiles(images), view(weights), in, shift, end, out, work.tiles);
      return;
    }
    kernel.add_shift(in, shift, shape_.in_size(images), work.in);
    library(images, FIXUPNET_FORWARD).forward(work.in, weights, work.out);
    kernel.end_forward(work.out, end, shape_.out_size(images), out);
  }

  void backward_data(int images, const Value* gradient, const float* weights, BackwardEnd<Value>& end, Value* out, const Workspace& work) {
    const auto& kernel = kernels<Value>();
    if (algorithms_.of[FIXUPNET_BACKWARD_DATA] == FIXUPNET_TILED) {
      kernel.winograd_backward_data(shape_.tiles(images), view(weights), gradient, end, out, work.tiles);
      return;
    }
    kernel.add_shift(gradient, 0, shape_.out_size(images), work.out);
    library(images, FIXUPNET_BACKWARD_DATA).backward_data(work.out, weights, work.in);
    kernel.end_backward(work.in, end, shape_.in_size(images), out);
  }

  void backward_weights(int images, const Value* in, float shift, const Value* gradient, float* weight_gradients, const Workspace& work) {
    const auto& kernel = kernels<Value>();
    if (algorithms_.of[FIXUPNET_BACKWARD_WEIGHTS] == FIXUPNET_TILED) {
      kernel.winograd_backward_weights(shape_.tiles(images), in, shift, gradient, weight_gradients, work.tiles);
      return;
    }
    kernel.add_shift(in, shift, shape_.in_size(images), work.in);
    kernel.add_shift(gradient, 0, shape_.out_size(images), work.out);
    library(images, FIXUPNET_BACKWARD_WEIGHTS).backward_weights(work.in, work.out, weight_gradients);
  }

 private:
  WeightView view(const float* weights) const { return {weights, shape_.out_channels, shape_.in_channels}; }

  LibraryConvolution& library(int images, int direction) {
    auto& made = made_[{images, algorithms_.of[direction]}];
    if (!made) {
      const auto algorithm = algorithms_.of[direction] == FIXUPNET_LIBRARY_WINOGRAD ? LibraryAlgorithm::kWinograd : LibraryAlgorithm::kDirect;
      made = std::make_unique<LibraryConvolution>(library_shape(shape_, images), algorithm);
    }
    return *made;
  }

  SquareShape shape_;
  Algorithms algorithms_;
  std::map<std::pair<int, int>, std::unique_ptr<LibraryConvolution>> made_;
};

/// Measures every algorithm that exists for a shape and takes the fastest of each direction.
template <class Value>
Algorithms measure(const SquareShape& shape, int images);

}  // namespace fixupnet
