// A fixed number of threads that do the same work on different shares.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fixupnet {

class Team {
 public:
  explicit Team(int size);
  ~Team();

  int size() const { return static_cast<int>(threads_.size()); }

  /// Calls work(index) on every thread and waits; the first exception, by index, is thrown here.
  void run(const std::function<void(int)>& work);

 private:
  void loop(int index);

  std::mutex mutex_;
  std::condition_variable start_, done_;
  const std::function<void(int)>* work_ = nullptr;
  long round_ = 0;
  int running_ = 0;
  bool ending_ = false;
  std::vector<std::exception_ptr> failures_;
  std::vector<std::thread> threads_;
};

}  // namespace fixupnet
