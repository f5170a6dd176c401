#include "floor.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "memory.h"
#include "stopwatch.h"
#include "team.h"

namespace fixupnet {
namespace {

constexpr int kImages = 8, kRounds = 5;

using Key = std::tuple<int, int, int, int, int, int>;  // in, out, kernel, stride, height, width

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

/// Seconds of the three directions for kImages images, all threads at it at once.
double seconds_of(const LibraryShape& shape, Team& team, bool needs_data) {
  std::vector<double> seconds(team.size());
  team.run([&](int index) {
    LibraryConvolution convolution(shape, LibraryAlgorithm::kDirect);
    const int64_t in_size = static_cast<int64_t>(shape.images) * padded(shape.in_channels) * shape.height * shape.width;
    const int64_t out_size = static_cast<int64_t>(shape.images) * padded(shape.out_channels) * shape.height * shape.width;
    Memory<float> in(in_size), out(out_size);
    std::vector<float> weights(static_cast<size_t>(shape.out_channels) * shape.in_channels * shape.kernel * shape.kernel), gradient(weights.size());
    std::vector<double> rounds;
    for (int round = 0; round <= kRounds; round++) {
      const Stopwatch watch;
      convolution.forward(in.data(), weights.data(), out.data());
      if (needs_data) convolution.backward_data(out.data(), weights.data(), in.data());
      convolution.backward_weights(in.data(), out.data(), gradient.data());
      if (round > 0) rounds.push_back(watch.seconds());
    }
    seconds[index] = median(rounds);
  });
  return *std::max_element(seconds.begin(), seconds.end());
}

}  // namespace

double convolution_floor(const Plan& plan, int count) {
  Team team(plan.options.workers);
  std::map<Key, double> known;
  double total = 0;
  const auto add = [&](const fixupnet_convolution& layer, int height, int width, bool image) {
    if (layer.kernel == 0) return;
    double& seconds = known[{layer.in_channels, layer.out_channels, layer.kernel, layer.stride, height, width}];
    if (seconds == 0)
      seconds = seconds_of({kImages, layer.in_channels, layer.out_channels, layer.kernel, layer.stride, height, width, image}, team, !image);
    total += seconds;
  };
  add(plan.network.stem, plan.network.height, plan.network.width, true);
  for (const PlannedBlock& block : plan.blocks) {
    add(block.block.first, block.in_height, block.in_width, false);
    add(block.block.second, block.out_height, block.out_width, false);
    add(block.block.shortcut, block.in_height, block.in_width, false);
  }
  return total * count / kImages / plan.options.workers;
}

}  // namespace fixupnet
