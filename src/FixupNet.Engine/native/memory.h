// Large aligned memory that frees itself.
#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

namespace fixupnet {

/// Fresh memory of zeros; pages count only once they are written.
template <class Value>
class Memory {
 public:
  Memory() = default;
  explicit Memory(int64_t count) : bytes_(count * sizeof(Value)) {
    if (bytes_ == 0) return;
#ifdef __SANITIZE_ADDRESS__
    // The sanitizer watches the ends of what the allocator gives, not of mappings.
    memory_ = ::operator new(bytes_, std::align_val_t(64));
    std::memset(memory_, 0, bytes_);
    return;
#endif
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) {
      memory_ = nullptr;
      throw std::bad_alloc();
    }
    // Two-megabyte pages: a step walks through all of it.
    madvise(memory_, bytes_, MADV_HUGEPAGE);
  }
  Memory(Memory&& other) noexcept : memory_(other.memory_), bytes_(other.bytes_) { other.memory_ = nullptr; }
  Memory& operator=(Memory&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Memory() {
    if (memory_ == nullptr) return;
#ifdef __SANITIZE_ADDRESS__
    ::operator delete(memory_, std::align_val_t(64));
#else
    munmap(memory_, bytes_);
#endif
  }

  Value* data() const { return static_cast<Value*>(memory_); }

 private:
  void* memory_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace fixupnet
