#include "team.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace fixupnet {

Team::Team(int size) : failures_(size) {
  for (int i = 0; i < size; i++) threads_.emplace_back([this, i] { loop(i); });
}

Team::~Team() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  start_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Team::run(const std::function<void(int)>& work) {
  std::unique_lock lock(mutex_);
  work_ = &work;
  running_ = size();
  round_++;
  start_.notify_all();
  done_.wait(lock, [this] { return running_ == 0; });
  std::exception_ptr first;
  for (auto& failure : failures_) {
    if (failure && !first) first = failure;
    failure = nullptr;
  }
  if (first) std::rethrow_exception(first);
}

void Team::loop(int index) {
#ifdef _OPENMP
  // Each worker has its own images: oneDNN must not split them further.
  omp_set_num_threads(1);
#endif
  long seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    start_.wait(lock, [&] { return ending_ || round_ != seen; });
    if (ending_) return;
    seen = round_;
    const auto* work = work_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      (*work)(index);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    failures_[index] = failure;
    if (--running_ == 0) done_.notify_one();
  }
}

}  // namespace fixupnet
