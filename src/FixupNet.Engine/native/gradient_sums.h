// The sums of gradients, each shared by some workers, who add to it in an order that never changes.
#pragma once

#include <atomic>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "memory.h"
#include "plan.h"

namespace fixupnet {

/// Another worker failed: there is nothing to wait for.
struct Abandoned : std::runtime_error {
  Abandoned() : std::runtime_error("another worker failed") {}
};

class GradientSums {
 public:
  explicit GradientSums(const Plan& plan) : plan_(plan) {
    for (int sum = 0; sum < plan.options.gradient_sums; sum++) {
      memory_.emplace_back(sum == 0 ? plan.first_gradient_elements : plan.gradient_elements);
      turns_.push_back(std::make_unique<std::atomic<int>[]>(plan.gradients.size()));
    }
  }

  int count() const { return plan_.options.gradient_sums; }

  /// The sum that a worker adds to; its workers are neighbours.
  int sum_of(int worker) const { return static_cast<int>(static_cast<int64_t>(worker) * count() / plan_.options.workers); }

  /// A worker's place in the order of those that share its sum.
  int place_of(int worker) const {
    int place = 0;
    while (worker - place > 0 && sum_of(worker - place - 1) == sum_of(worker)) place++;
    return place;
  }

  int sharing(int worker) const {
    int workers = 0;
    for (int other = 0; other < plan_.options.workers; other++) workers += sum_of(other) == sum_of(worker);
    return workers;
  }

  float* values(int sum, const GradientSlot& slot) const {
    if (sum > 0) return memory_[sum].data() + slot.offset;
    return slot.first_offset < 0 ? slot.parameter.gradient : memory_[0].data() + slot.first_offset;
  }

  void set_to_zero(int sum) {
    abandoned_ = false;
    for (size_t i = 0; i < plan_.gradients.size(); i++) {
      const GradientSlot& slot = plan_.gradients[i];
      if (slot.count > 0) std::memset(values(sum, slot), 0, sizeof(float) * slot.packed_count());
      turns_[sum][i].store(0, std::memory_order_relaxed);
    }
  }

  /// Waits until everyone before this turn has added to a slot.
  void wait(int sum, size_t slot, int turn) const {
    const auto& now = turns_[sum][slot];
    for (int spins = 0; now.load(std::memory_order_acquire) != turn; spins++) {
      if (spins < kSpins) continue;
      if (abandoned_) throw Abandoned();
      std::this_thread::yield();
    }
  }

  void abandon() { abandoned_ = true; }

  void pass_on(int sum, size_t slot) { turns_[sum][slot].fetch_add(1, std::memory_order_release); }

 private:
  static constexpr int kSpins = 1000;

  const Plan& plan_;
  std::atomic<bool> abandoned_{false};
  std::vector<Memory<float>> memory_;
  std::vector<std::unique_ptr<std::atomic<int>[]>> turns_;
};

}  // namespace fixupnet
