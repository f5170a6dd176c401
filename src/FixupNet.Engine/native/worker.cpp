#include "worker.h"

#include <algorithm>
#include <cmath>

#include "stopwatch.h"

namespace fixupnet {
namespace {

float scalar(const fixupnet_parameter& parameter, float otherwise = 0) { return parameter.values != nullptr ? *parameter.values : otherwise; }

enum Which { kFirst, kSecond, kShortcut };

// Gradients in the order stem, three a block, classifier weights, classifier bias.
constexpr size_t kStem = 0;
size_t slot_index(int block, Which which) { return 1 + 3 * static_cast<size_t>(block) + which; }

}  // namespace

template <class Value>
Worker<Value>::Worker(const Plan& plan, GradientSums& sums, int index)
    : plan_(plan),
      kernels_(kernels<Value>()),
      sums_(sums),
      sum_(sums.sum_of(index)),
      place_(sums.place_of(index)),
      sharing_(sums.sharing(index)),
      activations_(plan.activation_elements * plan.options.images_at_once),
      outer_(plan.largest_activation * plan.options.images_at_once),
      inner_(plan.largest_activation * plan.options.images_at_once),
      next_(plan.largest_activation * plan.options.images_at_once),
      tiles_(plan.tile_elements),
      in_(plan.largest_activation * plan.options.images_at_once),
      out_(plan.largest_activation * plan.options.images_at_once),
      shape_change_(plan.largest_activation * plan.options.images_at_once),
      scalars_(scalar_count(static_cast<int>(plan.blocks.size()))) {
  for (const auto& item : plan.algorithms) squares_.emplace(item.first, SquareConvolution<Value>(item.first, item.second));
}

template <class Value>
SquareConvolution<Value>& Worker<Value>::square(const SquareShape& shape) {
  return squares_.at(shape);
}

template <class Value>
LibraryConvolution& Worker<Value>::library(const fixupnet_convolution& layer, int images, int height, int width, bool plain) {
  auto& made = libraries_[{layer.in_channels, layer.out_channels, layer.kernel, layer.stride, height, width, images}];
  if (!made)
    made = std::make_unique<LibraryConvolution>(
        LibraryShape{images, layer.in_channels, layer.out_channels, layer.kernel, layer.stride, height, width, plain}, LibraryAlgorithm::kDirect);
  return *made;
}

template <class Value>
Totals Worker<Value>::train(const Images& images, int batch_count, int parts) {
  Totals totals;
  std::fill(scalars_.begin(), scalars_.end(), 0.0);
  const int64_t pixels = static_cast<int64_t>(plan_.network.channels) * plan_.network.height * plan_.network.width;
  for (int part = 0; part < parts; part++) {
    turn_ = part * sharing_ + place_;
    // Parts of nearly equal size: a last part of one image would waste a core.
    const int first = static_cast<int>(static_cast<int64_t>(images.count) * part / parts);
    const int count = static_cast<int>(static_cast<int64_t>(images.count) * (part + 1) / parts) - first;
    if (count == 0) {
      for (size_t slot = plan_.gradients.size(); slot-- > 0;)
        if (plan_.gradients[slot].count > 0) add_gradient(slot, [](float*) {});
      continue;
    }
    const Images some{images.pixels + first * pixels, images.labels + first, images.partners != nullptr ? images.partners + first : nullptr,
                      images.label_weight, count};
    const Stopwatch going;
    forward(some.pixels, count);
    add_loss(some, batch_count, totals);
    totals.forward_seconds += going.seconds();
    const Stopwatch returning;
    backward(some.pixels, count);
    totals.backward_seconds += returning.seconds();
  }
  return totals;
}

template <class Value>
void Worker<Value>::evaluate(const float* pixels, int count, float* logits) {
  const int64_t size = static_cast<int64_t>(plan_.network.channels) * plan_.network.height * plan_.network.width;
  for (int first = 0; first < count; first += plan_.options.images_at_once) {
    const int images = std::min(plan_.options.images_at_once, count - first);
    forward(pixels + first * size, images);
    std::copy_n(logits_.data(), static_cast<int64_t>(images) * plan_.network.class_count, logits + static_cast<int64_t>(first) * plan_.network.class_count);
  }
}

template <class Value>
void Worker<Value>::forward(const float* pixels, int images) {
  const fixupnet_network& net = plan_.network;
  library(net.stem, images, net.height, net.width, true).forward(pixels, net.stem.weights.values, out_.data());
  const int64_t count = static_cast<int64_t>(images) * padded(net.stem.out_channels) * net.height * net.width;
  kernels_.end_forward(out_.data(), {1.0f, scalar(net.bias1), nullptr}, count, activation(plan_.blocks.front().input));
  forward_blocks(0, static_cast<int>(plan_.blocks.size()), images);
  logits_.resize(static_cast<int64_t>(images) * net.class_count);
  head(images, logits_.data());
}

template <class Value>
void Worker<Value>::forward_blocks(int first, int last, int images) {
  for (int i = first; i < last; i++) forward_block(plan_.blocks[i], images);
}

template <class Value>
void Worker<Value>::forward_block(const PlannedBlock& planned, int images) {
  const fixupnet_block& block = planned.block;
  const float bias1a = scalar(block.bias1a);
  const Value* input = activation(planned.input);
  Value* hidden = activation(planned.hidden);
  const ForwardEnd<Value> middle{1.0f, scalar(block.bias1b), nullptr};
  if (planned.keeps_shape) {
    square(planned.square).forward(images, input, bias1a, block.first.weights.values, middle, hidden, work());
  } else {
    kernels_.add_shift(input, bias1a, images * planned.in_elements(), in_.data());
    library(block.first, images, planned.in_height, planned.in_width, false).forward(in_.data(), block.first.weights.values, out_.data());
    kernels_.end_forward(out_.data(), middle, images * planned.out_elements(), hidden);
  }
  const Value* skip = input;
  if (block.shortcut.kernel != 0) {
    kernels_.add_shift(input, bias1a, images * planned.in_elements(), in_.data());
    library(block.shortcut, images, planned.in_height, planned.in_width, false).forward(in_.data(), block.shortcut.weights.values, out_.data());
    kernels_.store_values(out_.data(), images * planned.out_elements(), next_.data());
    skip = next_.data();
  } else if (!planned.keeps_shape) {
    kernels_.sample({images, block.first.in_channels, block.second.out_channels, planned.in_height, planned.in_width, block.first.stride}, input,
                    bias1a, next_.data());
    skip = next_.data();
  }
  square(planned.square).forward(images, hidden, scalar(block.bias2a), block.second.weights.values,
                                 {scalar(block.scale, 1), scalar(block.bias2b), skip}, activation(planned.output), work());
}

template <class Value>
void Worker<Value>::head(int images, float* logits) {
  const fixupnet_network& net = plan_.network;
  const PlannedBlock& last = plan_.blocks.back();
  const int features = plan_.feature_count();
  features_.resize(static_cast<int64_t>(images) * features);
  kernels_.mean_over_pixels(activation(last.output), images, features, last.out_height * last.out_width, features_.data());
  const float bias2 = scalar(net.bias2);
  for (float& feature : features_) feature += bias2;
  for (int n = 0; n < images; n++)
    for (int k = 0; k < net.class_count; k++) {
      float score = net.classifier_bias.values[k];
      for (int f = 0; f < features; f++) score += features_[static_cast<int64_t>(n) * features + f] * net.classifier_weights.values[static_cast<int64_t>(k) * features + f];
      logits[static_cast<int64_t>(n) * net.class_count + k] = score;
    }
}

/// Adds up the loss, and turns logits_ into their gradient.
template <class Value>
void Worker<Value>::add_loss(const Images& images, int batch_count, Totals& totals) {
  const int classes = plan_.network.class_count;
  for (int n = 0; n < images.count; n++) {
    float* logits = logits_.data() + static_cast<int64_t>(n) * classes;
    // The first of equal largest, and a NaN before any number: as PyTorch's argmax.
    int largest = 0;
    for (int k = 1; k < classes; k++)
      if (logits[k] > logits[largest] || (std::isnan(logits[k]) && !std::isnan(logits[largest]))) largest = k;
    double sum = 0;
    for (int k = 0; k < classes; k++) sum += std::exp(static_cast<double>(logits[k]) - logits[largest]);
    const double log_sum = std::log(sum) + logits[largest];
    const int64_t label = images.labels[n], partner = images.partners != nullptr ? images.partners[n] : label;
    const double weight = images.partners != nullptr ? images.label_weight : 1.0;
    totals.loss += (weight * (log_sum - logits[label]) + (1 - weight) * (log_sum - logits[partner])) / batch_count;
    totals.correct += largest == label;
    totals.partner_correct += largest == partner;
    for (int k = 0; k < classes; k++) {
      const double target = weight * (k == label) + (1 - weight) * (k == partner);
      logits[k] = static_cast<float>((std::exp(logits[k] - log_sum) - target) / batch_count);
    }
  }
}

template <class Value>
void Worker<Value>::backward_head(int images) {
  const fixupnet_network& net = plan_.network;
  const PlannedBlock& last = plan_.blocks.back();
  const int features = plan_.feature_count(), block_count = static_cast<int>(plan_.blocks.size());
  // Calls visit(share, n, k, weight) for the gradient of each logit and the first weight of its class.
  const auto for_each_logit = [&](auto&& visit) {
    for (int n = 0; n < images; n++)
      for (int k = 0; k < net.class_count; k++)
        visit(logits_[static_cast<int64_t>(n) * net.class_count + k], static_cast<int64_t>(n) * features, k, static_cast<int64_t>(k) * features);
  };
  add_gradient(slot_index(block_count, kFirst) + 1, [&](float* bias) { for_each_logit([&](float share, int64_t, int k, int64_t) { bias[k] += share; }); });
  add_gradient(slot_index(block_count, kFirst), [&](float* weights) {
    for_each_logit([&](float share, int64_t image, int, int64_t weight) {
      for (int f = 0; f < features; f++) weights[weight + f] += share * features_[image + f];
    });
  });
  feature_gradient_.assign(static_cast<int64_t>(images) * features, 0.0f);
  for_each_logit([&](float share, int64_t image, int, int64_t weight) {
    for (int f = 0; f < features; f++) feature_gradient_[image + f] += share * net.classifier_weights.values[weight + f];
  });
  for (float value : feature_gradient_) scalars_[head_bias_index(block_count)] += value;
  scalars_[scalar_index(block_count - 1, kBias2b)] += kernels_.spread_over_pixels(
      feature_gradient_.data(), activation(last.output), images, features, last.out_height * last.out_width, outer_.data());
}

template <class Value>
void Worker<Value>::backward(const float* pixels, int images) {
  const fixupnet_network& net = plan_.network;
  backward_head(images);
  for (size_t s = plan_.segments.size(); s-- > 0;) {
    const Segment& segment = plan_.segments[s];
    // The last of the recomputed segments is still there from the forward pass.
    const bool overwritten = segment.recomputed && s + 1 < plan_.segments.size() && plan_.segments[s + 1].recomputed;
    if (overwritten) forward_blocks(segment.first, segment.last, images);
    for (int i = segment.last; i-- > segment.first;) backward_block(i, images);
  }
  const int64_t count = static_cast<int64_t>(images) * padded(net.stem.out_channels) * net.height * net.width;
  kernels_.add_shift(outer_.data(), 0.0f, count, out_.data());
  add_gradient(kStem, [&](float* sum) { library(net.stem, images, net.height, net.width, true).backward_weights(pixels, out_.data(), sum); });
}

template <class Value>
void Worker<Value>::backward_block(int index, int images) {
  const PlannedBlock& planned = plan_.blocks[index];
  const fixupnet_block& block = planned.block;
  const Value* hidden = activation(planned.hidden);
  SquareConvolution<Value>& second = square(planned.square);
  add_gradient(slot_index(index, kSecond),
               [&](float* sum) { second.backward_weights(images, hidden, scalar(block.bias2a), outer_.data(), sum, work()); });
  BackwardEnd<Value> middle{scalar(block.scale, 1), nullptr, hidden, 0, 0};
  second.backward_data(images, outer_.data(), block.second.weights.values, middle, inner_.data(), work());
  scalars_[scalar_index(index, kBias2a)] += middle.sum;
  scalars_[scalar_index(index, kBias1b)] += middle.gated_sum;
  if (planned.keeps_shape)
    backward_to_square_input(planned, index, images);
  else
    backward_to_input(planned, index, images);
}

/// The identity shortcut: all in one pass.
template <class Value>
void Worker<Value>::backward_to_square_input(const PlannedBlock& planned, int index, int images) {
  const fixupnet_block& block = planned.block;
  const Value* input = activation(planned.input);
  SquareConvolution<Value>& first = square(planned.square);
  add_gradient(slot_index(index, kFirst),
               [&](float* sum) { first.backward_weights(images, input, scalar(block.bias1a), inner_.data(), sum, work()); });
  BackwardEnd<Value> end{1.0f, outer_.data(), input, 0, 0};
  first.backward_data(images, inner_.data(), block.first.weights.values, end, outer_.data(), work());
  scalars_[scalar_index(index, kBias1a)] += end.sum;
  scalars_[index > 0 ? scalar_index(index - 1, kBias2b) : kStemBiasIndex] += end.gated_sum;
}

/// The few blocks that change the shape, step by step in float32.
template <class Value>
void Worker<Value>::backward_to_input(const PlannedBlock& planned, int index, int images) {
  const fixupnet_block& block = planned.block;
  const Value* input = activation(planned.input);
  const int64_t in_count = images * planned.in_elements(), out_count = images * planned.out_elements();
  const int height = planned.in_height, width = planned.in_width;
  LibraryConvolution& first = library(block.first, images, height, width, false);
  kernels_.add_shift(input, scalar(block.bias1a), in_count, in_.data());
  kernels_.add_shift(inner_.data(), 0.0f, out_count, out_.data());
  add_gradient(slot_index(index, kFirst), [&](float* sum) { first.backward_weights(in_.data(), out_.data(), sum); });
  first.backward_data(out_.data(), block.first.weights.values, shape_change_.data());
  if (block.shortcut.kernel != 0) {
    LibraryConvolution& shortcut = library(block.shortcut, images, height, width, false);
    kernels_.add_shift(outer_.data(), 0.0f, out_count, out_.data());
    add_gradient(slot_index(index, kShortcut), [&](float* sum) { shortcut.backward_weights(in_.data(), out_.data(), sum); });
    shortcut.backward_data(out_.data(), block.shortcut.weights.values, in_.data());
    kernels_.add_values(in_.data(), in_count, shape_change_.data());
  } else {
    kernels_.add_sampled_gradient({images, block.first.in_channels, block.second.out_channels, height, width, block.first.stride}, outer_.data(),
                                  shape_change_.data());
  }
  BackwardEnd<Value> end{1.0f, nullptr, input, 0, 0};
  kernels_.end_backward(shape_change_.data(), end, in_count, outer_.data());
  scalars_[scalar_index(index, kBias1a)] += end.sum;
  scalars_[index > 0 ? scalar_index(index - 1, kBias2b) : kStemBiasIndex] += end.gated_sum;
}

template class Worker<float>;
template class Worker<BFloat16>;

}  // namespace fixupnet
