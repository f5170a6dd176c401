#include "plan.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace fixupnet {
namespace {

int after_stride(int size, int stride) { return (size + stride - 1) / stride; }

void require(bool condition, const std::string& message) {
  if (!condition) throw std::invalid_argument(message);
}

void require_supported(const fixupnet_block& block, int index) {
  const std::string where = "block " + std::to_string(index) + ": ";
  require(block.first.kernel == 3 && block.second.kernel == 3, where + "both convolutions must be 3x3");
  require(block.second.stride == 1, where + "only the first convolution may have a stride");
  require(block.second.in_channels == block.first.out_channels && block.second.out_channels == block.first.out_channels,
          where + "the second convolution must keep the channels of the first");
  require(block.shortcut.kernel == 0 || (block.shortcut.in_channels == block.first.in_channels &&
                                         block.shortcut.out_channels == block.second.out_channels && block.shortcut.stride == block.first.stride),
          where + "the shortcut does not fit the branch");
}

}  // namespace

Plan::Plan(const fixupnet_network& net, const fixupnet_options& opts) : network(net), options(opts) {
  require(options.workers >= 1 && options.images_at_once >= 1, "workers and images at once must be at least 1");
  require(options.gradient_sums >= 1 && options.gradient_sums <= options.workers, "gradient sums must be 1 to workers");
  require(network.block_count >= 1, "a network needs a block");
  place_blocks();
  cut_segments();
  place_activations();
}

void Plan::place_blocks() {
  int channels = network.stem.out_channels, height = network.height, width = network.width;
  largest_activation = static_cast<int64_t>(padded(channels)) * height * width;
  tile_elements = 0;
  for (int i = 0; i < network.block_count; i++) {
    PlannedBlock planned{};
    planned.block = network.blocks[i];
    require_supported(planned.block, i);
    const fixupnet_convolution& first = planned.block.first;
    require(first.in_channels == channels, "block " + std::to_string(i) + ": takes other channels than come");
    planned.in_height = height, planned.in_width = width;
    planned.out_height = height = after_stride(height, first.stride);
    planned.out_width = width = after_stride(width, first.stride);
    channels = first.out_channels;
    planned.keeps_shape = first.stride == 1 && first.in_channels == first.out_channels && planned.block.shortcut.kernel == 0;
    planned.square = {channels, channels, height, width};
    algorithms[planned.square];
    largest_activation = std::max(largest_activation, planned.out_elements());
    blocks.push_back(planned);
  }
  // Every kernel writes its tiles before it reads them, so one buffer serves all shapes.
  for (const auto& item : algorithms)
    tile_elements = std::max(tile_elements, kernels<float>().winograd_scratch(item.first.tiles(options.images_at_once)));
}

void Plan::cut_segments() {
  const int count = static_cast<int>(blocks.size()), recomputed = std::clamp(options.recomputed_blocks, 0, count);
  const int length = std::max(1, options.segment_length);
  for (int first = 0; first < recomputed; first += length) segments.push_back({first, std::min(first + length, recomputed), true});
  if (recomputed < count) segments.push_back({recomputed, count, false});
}

void Plan::place_activations() {
  // The stem's output comes first.
  int64_t input = 0, shared = 0;
  int64_t kept = static_cast<int64_t>(padded(network.stem.out_channels)) * network.height * network.width;
  for (const Segment& segment : segments) {
    int64_t inside = 0;
    for (int i = segment.first; i < segment.last; i++) {
      PlannedBlock& block = blocks[i];
      int64_t& place = segment.recomputed ? inside : kept;
      block.input = input;
      block.hidden = place;
      place += block.out_elements();
      int64_t& output_place = i + 1 == segment.last ? kept : place;
      block.output = output_place;
      output_place += block.out_elements();
      input = block.output;
    }
    shared = std::max(shared, inside);
  }
  // What recomputed segments share lies behind what is kept.
  for (const Segment& segment : segments)
    if (segment.recomputed)
      for (int i = segment.first; i < segment.last; i++) {
        blocks[i].hidden += kept;
        if (i + 1 < segment.last) {
          blocks[i].output += kept;
          blocks[i + 1].input += kept;
        }
      }
  activation_elements = kept + shared;
}

void Plan::lay_out_gradients() {
  gradients.clear();
  gradient_elements = first_gradient_elements = 0;
  const auto add = [&](const fixupnet_parameter& parameter, int64_t count, bool packed, const fixupnet_convolution* convolution,
                       const fixupnet_parameter* scale) {
    GradientSlot slot{};
    slot.parameter = parameter;
    slot.count = count;
    slot.packed = packed;
    if (convolution != nullptr) slot.out_channels = convolution->out_channels, slot.in_channels = convolution->in_channels;
    if (scale != nullptr) slot.scale = scale->values, slot.scale_gradient = scale->gradient;
    const int64_t elements = slot.packed_count();
    slot.offset = gradient_elements;
    gradient_elements += padded(elements);
    slot.first_offset = elements == count ? -1 : first_gradient_elements;
    if (elements != count) first_gradient_elements += padded(elements);
    gradients.push_back(slot);
  };
  const auto convolution = [&](const fixupnet_convolution& layer, bool packed, const fixupnet_parameter* scale) {
    add(layer.weights, static_cast<int64_t>(layer.out_channels) * layer.in_channels * layer.kernel * layer.kernel, packed, &layer, scale);
  };
  convolution(network.stem, false, nullptr);
  for (const PlannedBlock& planned : blocks) {
    const fixupnet_block& block = planned.block;
    const auto packs = [&](const SquareShape& shape) { return SquareConvolution<float>::packs_gradients(algorithms.at(shape)); };
    convolution(block.first, planned.keeps_shape && packs(planned.square), nullptr);
    convolution(block.second, packs(planned.square), block.scale.values != nullptr ? &block.scale : nullptr);
    convolution(block.shortcut, false, nullptr);
  }
  add(network.classifier_weights, static_cast<int64_t>(network.class_count) * feature_count(), false, nullptr, nullptr);
  add(network.classifier_bias, network.class_count, false, nullptr, nullptr);
}

int64_t Plan::bytes() const {
  const int64_t images = options.images_at_once;
  // Three gradients of activations and three activations as float32 beside what is kept.
  const int64_t values = images * (activation_elements + 3 * largest_activation) * value_bytes();
  const int64_t floats = 3 * images * largest_activation + tile_elements;
  const int64_t gradients_of_all = first_gradient_elements + (options.gradient_sums - 1) * gradient_elements;
  return options.workers * (values + floats * static_cast<int64_t>(sizeof(float))) + gradients_of_all * static_cast<int64_t>(sizeof(float));
}

}  // namespace fixupnet
