// Runs every kernel of every instruction set this processor has against plain loops in float64, and the whole engine on small networks cut in
// every way it can be cut. Meant to be built with sanitizers: check/run.sh.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine.h"
#include "kernels/table.h"
#include "memory.h"

using namespace fixupnet;

namespace {

int failures = 0;

void expect(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
  failures++;
}

/// The same numbers in every run, in [-1, 1).
float next_number() {
  static uint32_t state = 12345;
  state = state * 1664525u + 1013904223u;
  return static_cast<float>(state >> 8) / (1 << 23) - 1.0f;
}

template <class Value>
Value narrow(float value);
template <>
float narrow<float>(float value) {
  return value;
}
template <>
BFloat16 narrow<BFloat16>(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return {static_cast<uint16_t>(bits >> 16)};
}

double widen(float value) { return value; }
double widen(BFloat16 value) {
  const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
  float wide;
  std::memcpy(&wide, &bits, sizeof wide);
  return wide;
}

template <class Value>
struct Tensor {
  Tensor(int64_t n) : count(n), memory(n) {}
  Value& operator[](int64_t i) const { return memory.data()[i]; }
  Value* data() const { return memory.data(); }
  int64_t count;
  Memory<Value> memory;
};

template <class Value>
Tensor<Value> random_tensor(int64_t count) {
  Tensor<Value> tensor(count);
  for (int64_t i = 0; i < count; i++) tensor[i] = narrow<Value>(next_number());
  return tensor;
}

int64_t place(int channels, int height, int width, int n, int c, int y, int x) {
  return (((static_cast<int64_t>(n) * (channels / kLanes) + c / kLanes) * height + y) * width + x) * kLanes + c % kLanes;
}

/// Calls visit(inner y, inner x, tap) for the taps of a 3×3 filter around a pixel that lie inside the image.
template <class Visit>
void for_each_tap(const TileShape& s, int y, int x, Visit&& visit) {
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      if (y + i - 1 >= 0 && y + i - 1 < s.height && x + j - 1 >= 0 && x + j - 1 < s.width) visit(y + i - 1, x + j - 1, 3 * i + j);
}

template <class Value>
void check_kernels(const Kernels<Value>& kernel, const std::string& set, const TileShape& s, int real_in, int real_out) {
  const double tolerance = sizeof(Value) == 2 ? 0.02 : 1e-4;
  const int64_t in_count = static_cast<int64_t>(s.images) * s.in_channels * s.height * s.width;
  const int64_t out_count = static_cast<int64_t>(s.images) * s.out_channels * s.height * s.width;
  const auto in = random_tensor<Value>(in_count), skip = random_tensor<Value>(out_count), gradient = random_tensor<Value>(out_count);
  const auto in_skip = random_tensor<Value>(in_count);
  const auto weights = random_tensor<float>(9LL * real_in * real_out);
  Tensor<Value> out(out_count), in_gradient(in_count);
  Tensor<float> scratch(kernel.winograd_scratch(s)), packed(9LL * s.in_channels * s.out_channels), unpacked(9LL * real_in * real_out);
  const WeightView view{weights.data(), real_out, real_in};
  const auto weight = [&](int k, int c, int tap) { return k < real_out && c < real_in ? widen(weights[(static_cast<int64_t>(k) * real_in + c) * 9 + tap]) : 0.0; };
  const float shift = 0.3f, multiplier = 0.7f, bias = 0.1f;
  kernel.winograd_forward(s, view, in.data(), shift, {multiplier, bias, skip.data()}, out.data(), scratch.data());
  BackwardEnd<Value> end{multiplier, in_skip.data(), in.data(), 0, 0};
  kernel.winograd_backward_data(s, view, gradient.data(), end, in_gradient.data(), scratch.data());
  kernel.winograd_backward_weights(s, in.data(), shift, gradient.data(), packed.data(), scratch.data());
  kernel.unpack_weight_gradients(packed.data(), s.out_channels, view, unpacked.data());

  std::vector<double> back(in_count), weight_gradients(unpacked.count);
  double error = 0;
  for (int n = 0; n < s.images; n++)
    for (int k = 0; k < s.out_channels; k++)
      for (int y = 0; y < s.height; y++)
        for (int x = 0; x < s.width; x++) {
          const int64_t at = place(s.out_channels, s.height, s.width, n, k, y, x);
          const double flowing = widen(gradient[at]);
          double total = 0;
          for (int c = 0; c < s.in_channels; c++)
            for_each_tap(s, y, x, [&](int iy, int ix, int tap) {
              const int64_t from = place(s.in_channels, s.height, s.width, n, c, iy, ix);
              total += weight(k, c, tap) * (widen(in[from]) + shift);
              back[from] += weight(k, c, tap) * flowing;
              if (k < real_out && c < real_in) weight_gradients[(static_cast<int64_t>(k) * real_in + c) * 9 + tap] += (widen(in[from]) + shift) * flowing;
            });
          error = std::max(error, std::abs(std::max(0.0, multiplier * total + bias + widen(skip[at])) - widen(out[at])) / 10);
        }
  expect(error < tolerance, set + " forward");
  error = 0;
  double sum = 0, gated_sum = 0;
  for (int64_t i = 0; i < in_count; i++) {
    sum += multiplier * back[i];
    const double value = widen(in[i]) > 0 ? multiplier * back[i] + widen(in_skip[i]) : 0;
    gated_sum += value;
    error = std::max(error, std::abs(value - widen(in_gradient[i])) / 10);
  }
  expect(error < tolerance, set + " backward to the input");
  expect(std::abs(sum - end.sum) < 1e-2 && std::abs(gated_sum - end.gated_sum) < 1e-2, set + " sums of gradients");
  error = 0;
  for (int64_t i = 0; i < unpacked.count; i++) error = std::max(error, std::abs(weight_gradients[i] - unpacked[i]) / 20);
  expect(error < 1e-4, set + " backward to the weights");
}

template <class Value>
void check_sets(const char* type) {
  for (int set = 0; kernels_of_set<Value>(set) != nullptr; set++) {
    // Only the last set, where it is there at all, stores bfloat16.
    if (sizeof(Value) == 2 && (!has_bfloat16() || kernels_of_set<Value>(set + 1) != nullptr)) continue;
    const std::string name = std::string(type) + " set " + std::to_string(set);
    check_kernels(*kernels_of_set<Value>(set), name + " 8x8", {2, 32, 32, 8, 8}, 32, 32);
    check_kernels(*kernels_of_set<Value>(set), name + " ragged", {3, 16, 16, 7, 10}, 13, 9);
    check_kernels(*kernels_of_set<Value>(set), name + " odd blocks", {1, 48, 48, 5, 3}, 40, 33);
    check_kernels(*kernels_of_set<Value>(set), name + " one pixel", {1, 16, 16, 1, 1}, 16, 16);
  }
}

/// A small network with a block of every kind, and its parameters.
struct Network {
  explicit Network(bool projects) {
    const int side = 12, width = 8;
    network = {};
    network.channels = 3, network.height = side, network.width = side, network.class_count = 5;
    network.stem = convolution(3, width, 3, 1);
    network.bias1 = parameter(1), network.bias2 = parameter(1);
    int channels = width;
    for (const int out : {width, width, 2 * width, 2 * width}) {
      fixupnet_block block{};
      const int stride = out == channels ? 1 : 2;
      block.first = convolution(channels, out, 3, stride);
      block.second = convolution(out, out, 3, 1);
      if (projects && stride == 2) block.shortcut = convolution(channels, out, 1, stride);
      for (fixupnet_parameter* scalar : {&block.bias1a, &block.bias1b, &block.bias2a, &block.bias2b, &block.scale}) *scalar = parameter(1);
      blocks.push_back(block);
      channels = out;
    }
    network.blocks = blocks.data();
    network.block_count = static_cast<int>(blocks.size());
    network.classifier_weights = parameter(static_cast<int64_t>(network.class_count) * channels);
    network.classifier_bias = parameter(network.class_count);
  }

  fixupnet_parameter parameter(int64_t count) {
    values.push_back(random_tensor<float>(count));
    gradients.emplace_back(count);
    return {values.back().data(), gradients.back().data()};
  }

  fixupnet_convolution convolution(int in, int out, int kernel, int stride) {
    return {in, out, kernel, stride, parameter(static_cast<int64_t>(in) * out * kernel * kernel)};
  }

  std::vector<float> all_gradients() const {
    std::vector<float> all;
    for (const auto& gradient : gradients) all.insert(all.end(), gradient.data(), gradient.data() + gradient.count);
    return all;
  }

  fixupnet_network network;
  std::vector<fixupnet_block> blocks;
  std::vector<Tensor<float>> values, gradients;
};

std::vector<float> step(Network& net, fixupnet_options options, int algorithm, int count, int expected_status = 0) {
  std::vector<fixupnet_choice> choices;
  for (const int channels : {8, 16})
    for (int direction = 0; direction < 3; direction++) choices.push_back({channels, channels, 96 / channels, 96 / channels, direction, algorithm, 0});
  options.choices = choices.data();
  options.choice_count = static_cast<int>(choices.size());
  fixupnet_engine* engine = nullptr;
  expect(fixupnet_engine_create(&net.network, &options, &engine) == 0, fixupnet_engine_error());
  const auto pixels = random_tensor<float>(static_cast<int64_t>(count) * 3 * 12 * 12);
  for (int64_t i = 0; i < pixels.count; i++) pixels[i] = std::sin(0.1f * static_cast<float>(i));
  std::vector<int64_t> labels(count), partners(count);
  for (int i = 0; i < count; i++) labels[i] = i % 5, partners[i] = expected_status == 0 ? (3 * i + 1) % 5 : 5;
  fixupnet_step_result result{};
  for (int repeat = 0; repeat < 2; repeat++)
    expect(fixupnet_engine_step(engine, pixels.data(), labels.data(), partners.data(), 0.7, count, &result) == expected_status, "status of a step");
  std::vector<float> logits(static_cast<size_t>(count) * 5);
  expect(fixupnet_engine_evaluate(engine, pixels.data(), count, logits.data()) == 0, "evaluation");
  fixupnet_engine_destroy(engine);
  return net.all_gradients();
}

double difference(const std::vector<float>& a, const std::vector<float>& b) {
  double apart = 0, size = 0;
  for (size_t i = 0; i < a.size(); i++) apart += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]), size += static_cast<double>(b[i]) * b[i];
  return std::sqrt(apart / size);
}

void check_engine(bool projects) {
  Network net(projects);
  const std::string kind = projects ? "projection: " : "padding: ";
  const fixupnet_options whole{1, 7, FIXUPNET_FLOAT32, 1, 0, 1, nullptr, 0};
  const auto expected = step(net, whole, FIXUPNET_LIBRARY_DIRECT, 7);
  expect(std::all_of(expected.begin(), expected.end(), [](float value) { return std::isfinite(value); }), kind + "finite gradients");
  for (const int algorithm : {FIXUPNET_TILED, FIXUPNET_LIBRARY_WINOGRAD}) {
    // oneDNN has its own Winograd for AVX-512 only.
    if (algorithm == FIXUPNET_LIBRARY_WINOGRAD && std::string(instruction_set()) != "avx512") continue;
    expect(difference(step(net, whole, algorithm, 7), expected) < 1e-4, kind + "algorithm " + std::to_string(algorithm));
  }
  for (const int sums : {1, 2, 3}) {
    const fixupnet_options cut{3, 2, FIXUPNET_FLOAT32, sums, 0, 1, nullptr, 0};
    expect(difference(step(net, cut, FIXUPNET_TILED, 7), expected) < 1e-4, kind + "sums " + std::to_string(sums));
  }
  const fixupnet_options kept{2, 2, FIXUPNET_FLOAT32, 2, 0, 1, nullptr, 0};
  const auto bits = step(net, kept, FIXUPNET_TILED, 7);
  for (const int recomputed : {1, 3, 4})
    for (const int length : {1, 2, 10}) {
      const fixupnet_options again{2, 2, FIXUPNET_FLOAT32, 2, recomputed, length, nullptr, 0};
      expect(step(net, again, FIXUPNET_TILED, 7) == bits, kind + "the same bits when computed again");
    }
  const fixupnet_options many{5, 4, FIXUPNET_FLOAT32, 5, 0, 1, nullptr, 0};
  step(net, many, FIXUPNET_TILED, 2);
  step(net, many, FIXUPNET_TILED, 1);
  step(net, kept, FIXUPNET_TILED, 3, -1);
  if (has_bfloat16()) {
    const fixupnet_options narrow_values{2, 3, FIXUPNET_BFLOAT16, 1, 2, 1, nullptr, 0};
    expect(difference(step(net, narrow_values, FIXUPNET_TILED, 7), expected) < 0.1, kind + "bfloat16");
  }
  fixupnet_options wrong = kept;
  wrong.gradient_sums = 3;
  fixupnet_engine* engine = nullptr;
  expect(fixupnet_engine_create(&net.network, &wrong, &engine) != 0, "options out of range are refused");
  double seconds = 0;
  expect(fixupnet_engine_floor(&net.network, &kept, 8, &seconds) == 0 && seconds > 0, "the floor");
}

}  // namespace

int main() {
  check_sets<float>("float32");
  check_sets<BFloat16>("bfloat16");
  check_engine(false);
  check_engine(true);
  std::printf("%s: %d failed\n", instruction_set(), failures);
  return failures == 0 ? 0 : 1;
}
