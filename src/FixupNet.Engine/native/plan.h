// What a training step computes and where it keeps it, worked out once from the network and the options.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "convolution.h"
#include "engine.h"

namespace fixupnet {

/// A block with the sizes of its tensors.
struct PlannedBlock {
  fixupnet_block block;
  int in_height, in_width, out_height, out_width;
  bool keeps_shape;                          // the shortcut is the identity
  SquareShape square;                        // of every 3x3 convolution with stride 1
  int64_t input, hidden, output;             // elements an image into the activations: x, ReLU(first(…) + bias1b), result

  int64_t in_elements() const { return static_cast<int64_t>(padded(block.first.in_channels)) * in_height * in_width; }
  int64_t out_elements() const { return static_cast<int64_t>(padded(block.second.out_channels)) * out_height * out_width; }
};

/// Blocks [first, last); if recomputed, what lies between input and output is overwritten by the next such segment.
struct Segment {
  int first, last;
  bool recomputed;
};

/// Where workers add up the gradient of a parameter.
struct GradientSlot {
  fixupnet_parameter parameter;
  int64_t count;        // elements of the parameter
  int64_t offset;       // into the memory of every sum but the first
  int64_t first_offset;  // into that of the first; -1 where it is the parameter's own gradient
  bool packed;          // [in][9][out] of padded channels
  int out_channels, in_channels;
  int64_t packed_count() const { return packed ? 9LL * padded(out_channels) * padded(in_channels) : count; }
  const float* scale;   // the multiplier whose factor the gradient still lacks, or null
  float* scale_gradient;
};

class Plan {
 public:
  /// Throws std::invalid_argument for what the engine cannot train.
  Plan(const fixupnet_network& network, const fixupnet_options& options);

  fixupnet_network network;
  fixupnet_options options;
  std::vector<PlannedBlock> blocks;
  std::vector<Segment> segments;
  std::map<SquareShape, Algorithms> algorithms;
  std::vector<GradientSlot> gradients;  // stem, each block's first, second and shortcut, classifier weights, classifier bias

  int64_t activation_elements;    // an image, of what is kept
  int64_t largest_activation;     // elements of one image's largest tensor
  int64_t gradient_elements;        // of every sum but the first
  int64_t first_gradient_elements;  // of the first
  int64_t tile_elements;          // floats of the tiled kernels
  int feature_count() const { return blocks.back().block.second.out_channels; }

  int value_bytes() const { return options.precision == FIXUPNET_BFLOAT16 ? 2 : 4; }
  /// Of all workers together.
  int64_t bytes() const;

  /// Lays out gradients once the algorithms are known.
  void lay_out_gradients();

 private:
  void place_blocks();
  void cut_segments();
  void place_activations();
};

}  // namespace fixupnet
