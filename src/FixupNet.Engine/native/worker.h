// One core's share of a training step: some images at a time through the whole network and back.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "gradient_sums.h"
#include "memory.h"
#include "plan.h"

namespace fixupnet {

// Sums of scalars' gradients, in the order bias1, four a block, bias2. The multiplier's comes from the weights' gradient instead.
enum BlockBias { kBias1a, kBias1b, kBias2a, kBias2b, kBlockBiases };
constexpr int kStemBiasIndex = 0;
constexpr int scalar_index(int block, BlockBias which) { return 1 + kBlockBiases * block + which; }
constexpr int head_bias_index(int block_count) { return 1 + kBlockBiases * block_count; }
constexpr int scalar_count(int block_count) { return head_bias_index(block_count) + 1; }

/// A batch, or the part of one.
struct Images {
  const float* pixels;      // [count][channels][height][width]
  const int64_t* labels;    // [count]
  const int64_t* partners;  // [count] or null
  double label_weight;
  int count;
};

/// What a worker adds up over its images.
struct Totals {
  double loss = 0, correct = 0, partner_correct = 0;
  double forward_seconds = 0, backward_seconds = 0;
};

template <class Value>
class Worker {
 public:
  Worker(const Plan& plan, GradientSums& sums, int index);

  /// Loss and gradients of some images of a batch of batch_count, in so many parts, as every worker has them; gradients are added to the sums.
  Totals train(const Images& images, int batch_count, int parts);

  /// Class scores of some images.
  void evaluate(const float* pixels, int count, float* logits);

  /// The sum of a scalar's gradient, by its index above.
  double scalar_gradient(int index) const { return scalars_[index]; }

 private:
  void forward(const float* pixels, int images);
  void forward_blocks(int first, int last, int images);
  void forward_block(const PlannedBlock& block, int images);
  void head(int images, float* logits);
  void add_loss(const Images& images, int batch_count, Totals& totals);
  void backward_head(int images);
  void backward(const float* pixels, int images);
  void backward_block(int index, int images);
  void backward_to_square_input(const PlannedBlock& block, int index, int images);
  void backward_to_input(const PlannedBlock& block, int index, int images);

  Value* activation(int64_t place) const { return activations_.data() + place * plan_.options.images_at_once; }
  SquareConvolution<Value>& square(const SquareShape& shape);
  LibraryConvolution& library(const fixupnet_convolution& layer, int images, int height, int width, bool plain);

  /// Calls add with the sum of a gradient when it is this worker's turn.
  template <class Add>
  void add_gradient(size_t slot, Add&& add) {
    sums_.wait(sum_, slot, turn_);
    add(sums_.values(sum_, plan_.gradients[slot]));
    sums_.pass_on(sum_, slot);
  }

  Workspace work() const { return {tiles_.data(), in_.data(), out_.data()}; }

  const Plan& plan_;
  const Kernels<Value>& kernels_;
  GradientSums& sums_;
  int sum_, place_, sharing_, turn_ = 0;
  Memory<Value> activations_;
  // The gradient of the result at hand (zero where its ReLU was), the gradient inside the branch, and the next of the former.
  Memory<Value> outer_, inner_, next_;
  Memory<float> tiles_, in_, out_, shape_change_;
  std::vector<double> scalars_;
  std::vector<float> features_, logits_, feature_gradient_;
  std::map<SquareShape, SquareConvolution<Value>> squares_;
  std::map<std::vector<int>, std::unique_ptr<LibraryConvolution>> libraries_;
};

}  // namespace fixupnet
