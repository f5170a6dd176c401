// A caching CPU allocator. glibc gives every large tensor fresh pages and takes them back when the tensor dies, which costs more than
// many of the operations themselves; here freed blocks wait in a list per size class for the next tensor of that size. Where tensors change
// their size from step to step, as sentences' do, blocks of the old sizes would pile up: a large tensor may take a somewhat larger block, and
// more idle memory than half of what was ever in use at once goes back to the system.
#include "shim.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

#include <sys/mman.h>

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

namespace {

constexpr size_t kHeader = 64;  // keeps the payload aligned for the widest vectors
constexpr size_t kHugePage = size_t{2} << 20;
constexpr int kClasses = 64 * 8;
constexpr size_t kLarge = size_t{1} << 20;
constexpr int kLargerClasses = 4;  // up to half as much again

struct Header {
  size_t block_size;
  int32_t size_class;
};

// Classes in eighths of a power of two: at most 12.5 % of a block is unused.
int class_of(size_t size, size_t* rounded) {
  if (size < 512) size = 512;
  int exponent = 63 - __builtin_clzll(size);
  size_t step = size_t{1} << (exponent - 3);
  size_t eighths = (size - (size_t{1} << exponent) + step - 1) / step;
  *rounded = (size_t{1} << exponent) + eighths * step;
  return exponent * 8 + static_cast<int>(eighths);  // eighths == 8 is the next power's class 0
}

class Cache {
 public:
  void* take(size_t payload) {
    size_t size;
    int size_class = class_of(payload + kHeader, &size);
    void* block = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      block = idle_locked(size_class, size, &size, &size_class);
      allocated_ += size;
      if (allocated_ > peak_) peak_ = allocated_;
      if (block == nullptr) trim_locked(peak_ + peak_ / 2);
    }
    if (block == nullptr) block = from_system(size);
    if (block == nullptr) {
      trim();
      block = from_system(size);
    }
    if (block == nullptr) {
      std::lock_guard<std::mutex> lock(mutex_);
      allocated_ -= size;
      TORCH_CHECK(false, "out of memory: cannot allocate ", payload, " bytes (", allocated_, " in use)");
    }
    auto* header = static_cast<Header*>(block);
    header->block_size = size;
    header->size_class = size_class;
    return static_cast<char*>(block) + kHeader;
  }

  void give_back(void* payload) {
    auto* header = reinterpret_cast<Header*>(static_cast<char*>(payload) - kHeader);
    std::lock_guard<std::mutex> lock(mutex_);
    allocated_ -= header->block_size;
    cached_ += header->block_size;
    free_[header->size_class].push_back(header);
  }

  void trim() {
    std::lock_guard<std::mutex> lock(mutex_);
    trim_locked(0);
  }

  void statistics(int64_t* allocated, int64_t* peak, int64_t* cached) {
    std::lock_guard<std::mutex> lock(mutex_);
    *allocated = static_cast<int64_t>(allocated_);
    *peak = static_cast<int64_t>(peak_);
    *cached = static_cast<int64_t>(cached_);
  }

  void reset_peak() {
    std::lock_guard<std::mutex> lock(mutex_);
    peak_ = allocated_;
  }

 private:
  static void* from_system(size_t size) {
    if (size < 2 * kHugePage) {
      void* block = nullptr;
      return posix_memalign(&block, kHeader, size) == 0 ? block : nullptr;
    }
    void* block = nullptr;
    if (posix_memalign(&block, kHugePage, size) != 0) return nullptr;
#ifdef MADV_HUGEPAGE
    madvise(block, size, MADV_HUGEPAGE);  // advice only: where refused, small pages serve
#endif
    return block;
  }

  // A block that waits: of a class, or of a somewhat larger one.
  void* idle_locked(int wanted, size_t wanted_size, size_t* size, int* size_class) {
    const int last = wanted_size >= kLarge ? wanted + kLargerClasses : wanted;
    for (int candidate = wanted; candidate <= last; candidate++) {
      auto& list = free_[candidate];
      if (list.empty()) continue;
      void* block = list.back();
      list.pop_back();
      *size = static_cast<Header*>(block)->block_size;
      *size_class = candidate;
      cached_ -= *size;
      return block;
    }
    return nullptr;
  }

  // Gives idle blocks back, the largest first, until what is held in all is no more than a limit.
  void trim_locked(size_t limit) {
    for (size_t index = free_.size(); index-- > 0 && allocated_ + cached_ > limit;) {
      auto& list = free_[index];
      while (!list.empty() && allocated_ + cached_ > limit) {
        cached_ -= static_cast<Header*>(list.back())->block_size;
        std::free(list.back());
        list.pop_back();
      }
    }
  }

  std::mutex mutex_;
  std::array<std::vector<void*>, kClasses + 8> free_;
  size_t allocated_ = 0;
  size_t peak_ = 0;
  size_t cached_ = 0;
};

Cache& cache() {
  static Cache* instance = new Cache();  // never destroyed: tensors may be freed during process exit
  return *instance;
}

void give_back(void* payload) {
  if (payload != nullptr) cache().give_back(payload);
}

// `allocate` is const in older and non-const in newer libtorch, and `copy_data` exists only in newer: offering all of them,
// without `override`, fits each.
struct CachingAllocator final : c10::Allocator {
  c10::DataPtr allocate(size_t size) const { return make(size); }
  c10::DataPtr allocate(size_t size) { return make(size); }
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
  void copy_data(void* target, const void* source, std::size_t count) const { std::memcpy(target, source, count); }

 private:
  static c10::DataPtr make(size_t size) {
    void* payload = size == 0 ? nullptr : cache().take(size);
    return {payload, payload, &give_back, c10::Device(c10::DeviceType::CPU)};
  }
};

}  // namespace

void fx::install_caching_allocator() {
  static CachingAllocator* allocator = new CachingAllocator();
  c10::SetCPUAllocator(allocator, /*priority=*/1);
}

FX_EXPORT void fx_memory(int64_t* allocated, int64_t* peak, int64_t* cached) { cache().statistics(allocated, peak, cached); }
FX_EXPORT void fx_memory_reset_peak() { cache().reset_peak(); }
FX_EXPORT void fx_memory_trim() { cache().trim(); }
