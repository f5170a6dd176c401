#include <algorithm>
#include <limits>
#include <vector>

#include "convolution.h"
#include "memory.h"
#include "stopwatch.h"

namespace fixupnet {
namespace {

constexpr int kRepetitions = 5;

template <class Call>
double shortest(Call&& call) {
  double best = std::numeric_limits<double>::infinity();
  call();
  for (int i = 0; i < kRepetitions; i++) {
    const Stopwatch watch;
    call();
    best = std::min(best, watch.seconds());
  }
  return best;
}

template <class Value>
struct Bench {
  Bench(const SquareShape& of, int count)
      : shape(of),
        images(count),
        in(shape.in_size(count)),
        skip(shape.out_size(count)),
        gradient(shape.out_size(count)),
        out(std::max(shape.in_size(count), shape.out_size(count))),
        weights(9LL * shape.in_channels * shape.out_channels),
        weight_gradients(9LL * padded(shape.in_channels) * padded(shape.out_channels)),
        tiles(kernels<Value>().winograd_scratch(shape.tiles(count))),
        raw_in(shape.in_size(count)),
        raw_out(shape.out_size(count)) {}

  double seconds(int direction, int algorithm) {
    Algorithms algorithms;
    algorithms.of[direction] = algorithm;
    SquareConvolution<Value> convolution(shape, algorithms);
    const Workspace work{tiles.data(), raw_in.data(), raw_out.data()};
    if (direction == FIXUPNET_FORWARD)
      return shortest([&] { convolution.forward(images, in.data(), 0.5f, weights.data(), {1.0f, 0.5f, skip.data()}, out.data(), work); });
    if (direction == FIXUPNET_BACKWARD_DATA) {
      BackwardEnd<Value> end{1.0f, in.data(), in.data(), 0, 0};
      return shortest([&] { convolution.backward_data(images, gradient.data(), weights.data(), end, out.data(), work); });
    }
    return shortest([&] { convolution.backward_weights(images, in.data(), 0.5f, gradient.data(), weight_gradients.data(), work); });
  }

  SquareShape shape;
  int images;
  Memory<Value> in, skip, gradient, out;
  Memory<float> weights, weight_gradients, tiles, raw_in, raw_out;
};

}  // namespace

template <class Value>
Algorithms measure(const SquareShape& shape, int images) {
  Bench<Value> bench(shape, images);
  Algorithms best;
  for (int direction = 0; direction < 3; direction++) {
    best.seconds[direction] = std::numeric_limits<double>::infinity();
    for (const int algorithm : {FIXUPNET_TILED, FIXUPNET_LIBRARY_DIRECT, FIXUPNET_LIBRARY_WINOGRAD}) {
      const LibraryShape library = SquareConvolution<Value>::library_shape(shape, images);
      if (algorithm == FIXUPNET_LIBRARY_WINOGRAD && !LibraryConvolution::is_available(library, LibraryAlgorithm::kWinograd)) continue;
      const double seconds = bench.seconds(direction, algorithm) / images;
      if (seconds >= best.seconds[direction]) continue;
      best.of[direction] = algorithm;
      best.seconds[direction] = seconds;
    }
  }
  return best;
}

template Algorithms measure<float>(const SquareShape&, int);
template Algorithms measure<BFloat16>(const SquareShape&, int);

}  // namespace fixupnet
