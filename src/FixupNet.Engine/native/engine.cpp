#include "engine.h"

#include <dnnl.hpp>

#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "floor.h"
#include "gradient_sums.h"
#include "plan.h"
#include "stopwatch.h"
#include "team.h"
#include "worker.h"

using namespace fixupnet;

struct fixupnet_engine {
  virtual ~fixupnet_engine() = default;
  virtual void step(const Images& images, fixupnet_step_result& result) = 0;
  virtual void evaluate(const float* pixels, int count, float* logits) = 0;
  virtual const Plan& plan() const = 0;
};

namespace {

/// The images of one worker: as even as whole images allow.
struct Share {
  Share(int count, int worker, int workers)
      : first(static_cast<int>(static_cast<int64_t>(count) * worker / workers)),
        count(static_cast<int>(static_cast<int64_t>(count) * (worker + 1) / workers) - first) {}
  int first, count;
};

template <class Value>
class Engine final : public fixupnet_engine {
 public:
  Engine(const fixupnet_network& network, const fixupnet_options& options) : plan_(network, options), team_(options.workers), workers_(options.workers) {
    plan_.network.blocks = nullptr;  // copied; the caller's array may go
    plan_.options.choices = nullptr;
    choose_algorithms(options);
    plan_.lay_out_gradients();
    sums_ = std::make_unique<GradientSums>(plan_);
    team_.run([&](int index) { workers_[index] = std::make_unique<Worker<Value>>(plan_, *sums_, index); });
  }

  const Plan& plan() const override { return plan_; }

  void step(const Images& images, fixupnet_step_result& result) override {
    std::vector<Totals> totals(team_.size());
    const int64_t size = image_size();
    const int largest_share = (images.count + team_.size() - 1) / team_.size();
    const int parts = (largest_share + plan_.options.images_at_once - 1) / plan_.options.images_at_once;
    team_.run([&](int index) {
      if (index < sums_->count()) sums_->set_to_zero(index);
    });
    team_.run([&](int index) {
      const Share share(images.count, index, team_.size());
      const Images some{images.pixels + share.first * size, images.labels + share.first,
                        images.partners != nullptr ? images.partners + share.first : nullptr, images.label_weight, share.count};
      try {
        totals[index] = workers_[index]->train(some, images.count, parts);
      } catch (const Abandoned&) {
        // The worker that failed tells why.
      } catch (...) {
        sums_->abandon();
        throw;
      }
    });
    result = {};
    for (const Totals& total : totals) {
      result.loss += total.loss;
      result.correct += total.correct;
      result.partner_correct += total.partner_correct;
      result.forward_seconds += total.forward_seconds / team_.size();
      result.backward_seconds += total.backward_seconds / team_.size();
    }
    const Stopwatch finishing;
    finish();
    result.finish_seconds = finishing.seconds();
  }

  void evaluate(const float* pixels, int count, float* logits) override {
    const int64_t size = image_size();
    team_.run([&](int index) {
      const Share share(count, index, team_.size());
      workers_[index]->evaluate(pixels + share.first * size, share.count, logits + static_cast<int64_t>(share.first) * plan_.network.class_count);
    });
  }

 private:
  int64_t image_size() const { return static_cast<int64_t>(plan_.network.channels) * plan_.network.height * plan_.network.width; }

  void choose_algorithms(const fixupnet_options& options) {
    std::map<SquareShape, int> given;
    for (int i = 0; i < options.choice_count; i++) {
      const fixupnet_choice& choice = options.choices[i];
      const SquareShape shape{choice.in_channels, choice.out_channels, choice.height, choice.width};
      const auto found = plan_.algorithms.find(shape);
      if (found == plan_.algorithms.end()) continue;
      if (choice.direction < 0 || choice.direction > FIXUPNET_BACKWARD_WEIGHTS || choice.algorithm < 0 || choice.algorithm > FIXUPNET_LIBRARY_WINOGRAD)
        throw std::invalid_argument("a given choice of a convolution's algorithm has no meaning");
      found->second.of[choice.direction] = choice.algorithm;
      given[shape] |= 1 << choice.direction;
    }
    constexpr int kAllDirections = 7;
    // On one of the team's threads, which give oneDNN one core each.
    team_.run([&](int index) {
      if (index > 0) return;
      for (auto& item : plan_.algorithms)
        if (given[item.first] != kAllDirections) item.second = measure<Value>(item.first, plan_.options.images_at_once);
    });
  }

  /// Adds the sums in their order, whatever thread does it, so that results repeat.
  void finish() {
    std::atomic<size_t> next{0};
    team_.run([&](int) {
      std::vector<float> sum;
      for (size_t i = next++; i < plan_.gradients.size(); i = next++) finish(plan_.gradients[i], sum);
    });
    finish_scalars();
  }

  void finish(const GradientSlot& slot, std::vector<float>& sum) {
    const int64_t count = slot.packed_count();
    if (count == 0) return;
    sum.resize(count);
    std::memcpy(sum.data(), sums_->values(0, slot), sizeof(float) * count);
    for (int other = 1; other < sums_->count(); other++) {
      const float* more = sums_->values(other, slot);
      for (int64_t i = 0; i < count; i++) sum[i] += more[i];
    }
    float* gradient = slot.parameter.gradient;
    if (slot.packed)
      kernels<Value>().unpack_weight_gradients(sum.data(), padded(slot.out_channels), {nullptr, slot.out_channels, slot.in_channels}, gradient);
    else
      std::memcpy(gradient, sum.data(), sizeof(float) * count);
    if (slot.scale == nullptr) return;
    // d loss / d scale = <weights, gradient before the scale>: the branch's output is linear in both.
    double product = 0;
    for (int64_t i = 0; i < slot.count; i++) {
      product += static_cast<double>(slot.parameter.values[i]) * gradient[i];
      gradient[i] *= *slot.scale;
    }
    *slot.scale_gradient = static_cast<float>(product);
  }

  void finish_scalars() {
    const auto write = [&](const fixupnet_parameter& parameter, int index) {
      if (parameter.values == nullptr) return;
      double total = 0;
      for (const auto& worker : workers_) total += worker->scalar_gradient(index);
      *parameter.gradient = static_cast<float>(total);
    };
    const int block_count = static_cast<int>(plan_.blocks.size());
    write(plan_.network.bias1, kStemBiasIndex);
    for (int i = 0; i < block_count; i++) {
      const fixupnet_block& block = plan_.blocks[i].block;
      write(block.bias1a, scalar_index(i, kBias1a));
      write(block.bias1b, scalar_index(i, kBias1b));
      write(block.bias2a, scalar_index(i, kBias2a));
      write(block.bias2b, scalar_index(i, kBias2b));
    }
    write(plan_.network.bias2, head_bias_index(block_count));
  }

  Plan plan_;
  Team team_;
  std::unique_ptr<GradientSums> sums_;
  std::vector<std::unique_ptr<Worker<Value>>> workers_;
};

thread_local std::string last_error;

/// No exception crosses the border.
template <class Call>
int32_t guarded(Call&& call) {
  try {
    call();
    return 0;
  } catch (const std::bad_alloc&) {
    last_error = "out of memory";
  } catch (const std::exception& exception) {
    last_error = exception.what();
  } catch (...) {
    last_error = "unknown error";
  }
  return -1;
}

void require_labels(const Images& images, int classes) {
  for (int i = 0; i < images.count; i++) {
    const int64_t label = images.labels[i], partner = images.partners != nullptr ? images.partners[i] : label;
    if (label < 0 || label >= classes || partner < 0 || partner >= classes)
      throw std::invalid_argument("label " + std::to_string(label < 0 || label >= classes ? label : partner) + " of image " + std::to_string(i) +
                                  " is not one of " + std::to_string(classes) + " classes");
  }
}

}  // namespace

int32_t fixupnet_engine_revision(void) { return FIXUPNET_ENGINE_REVISION; }

const char* fixupnet_engine_error(void) { return last_error.c_str(); }

const char* fixupnet_engine_instruction_set(void) { return instruction_set(); }

const char* fixupnet_engine_library_version(void) {
  static const std::string text = [] {
    const dnnl_version_t* version = dnnl_version();
    return std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
  }();
  return text.c_str();
}

int32_t fixupnet_engine_has_bfloat16(void) { return has_bfloat16(); }

int32_t fixupnet_engine_bytes(const fixupnet_network* network, const fixupnet_options* options, int64_t* bytes) {
  return guarded([&] {
    Plan plan(*network, *options);
    plan.lay_out_gradients();
    *bytes = plan.bytes();
  });
}

int32_t fixupnet_engine_create(const fixupnet_network* network, const fixupnet_options* options, fixupnet_engine** engine) {
  return guarded([&] {
    if (options->precision == FIXUPNET_FLOAT32) {
      *engine = new Engine<float>(*network, *options);
    } else {
      if (!has_bfloat16()) throw std::runtime_error("this processor has no bfloat16 instructions (AVX512-BF16)");
      *engine = new Engine<BFloat16>(*network, *options);
    }
  });
}

void fixupnet_engine_destroy(fixupnet_engine* engine) { delete engine; }

int32_t fixupnet_engine_choices(const fixupnet_engine* engine, fixupnet_choice* choices, int32_t capacity, int32_t* count) {
  return guarded([&] {
    *count = 0;
    for (const auto& [shape, algorithms] : engine->plan().algorithms)
      for (int direction = 0; direction < 3; direction++, ++*count)
        if (*count < capacity)
          choices[*count] = {shape.in_channels, shape.out_channels, shape.height, shape.width, direction, algorithms.of[direction], algorithms.seconds[direction]};
  });
}

int32_t fixupnet_engine_step(fixupnet_engine* engine, const float* images, const int64_t* labels, const int64_t* partners, double label_weight,
                             int32_t count, fixupnet_step_result* result) {
  return guarded([&] {
    const Images batch{images, labels, partners, label_weight, count};
    if (count < 1) throw std::invalid_argument("a batch needs an image");
    require_labels(batch, engine->plan().network.class_count);
    engine->step(batch, *result);
  });
}

int32_t fixupnet_engine_evaluate(fixupnet_engine* engine, const float* images, int32_t count, float* logits) {
  return guarded([&] { engine->evaluate(images, count, logits); });
}

int32_t fixupnet_engine_floor(const fixupnet_network* network, const fixupnet_options* options, int32_t count, double* seconds) {
  return guarded([&] { *seconds = convolution_floor(Plan(*network, *options), count); });
}
