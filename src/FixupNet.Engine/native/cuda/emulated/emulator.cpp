#include "emulator.h"

#include <csetjmp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <ucontext.h>

namespace fixupnet::emulated {
namespace {

constexpr unsigned kWarp = 32;
constexpr size_t kStack = 64 << 10;

struct Fiber {
  ucontext_t start;
  jmp_buf state;
  Place place;
  std::unique_ptr<unsigned char[]> stack{new unsigned char[kStack]};
  unsigned index = 0;
  // Barriers passed, of the block and of the warp; a fiber waits while others have passed fewer.
  uint64_t block_barrier = 0, warp_barrier = 0;
  bool started = false, done = false;
};

struct Exchange {
  unsigned char values[2][kWarp][64];
};

std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Exchange> exchanges;
std::vector<unsigned char> shared_bytes_;
const std::function<void()>* body;
Fiber* current;
unsigned count;
jmp_buf scheduler;

void yield() {
  if (_setjmp(current->state) == 0) _longjmp(scheduler, 1);
}

void enter() {
  (*body)();
  current->done = true;
  _longjmp(scheduler, 1);
}

bool all_reached(unsigned first, unsigned last, uint64_t Fiber::*barrier, uint64_t value) {
  for (unsigned i = first; i < last; i++)
    if (!fibers[i]->done && (*fibers[i]).*barrier < value) return false;
  return true;
}

// A fiber that waits is only resumed to look again, so a block in which all wait for ever must be noticed.
uint64_t progress;

void wait(unsigned first, unsigned last, uint64_t Fiber::*barrier) {
  auto value = ++((*current).*barrier);
  progress++;
  while (!all_reached(first, last, barrier, value)) yield();
}

// Runs a fiber until it waits or ends; a function of its own, for what the caller holds must survive the jump back.
__attribute__((noinline)) void resume(Fiber& fiber) {
  current = &fiber;
  if (_setjmp(scheduler) != 0) return;
  if (current->started) _longjmp(current->state, 1);
  current->started = true;
  getcontext(&current->start);
  current->start.uc_stack.ss_sp = current->stack.get();
  current->start.uc_stack.ss_size = kStack;
  current->start.uc_link = nullptr;
  makecontext(&current->start, enter, 0);
  setcontext(&current->start);
}

void run_block(dim3 block, dim3 grid, dim3 threads) {
  for (unsigned i = 0; i < count; i++) {
    auto& fiber = *fibers[i];
    fiber.place = {dim3(i % threads.x, i / threads.x), block, threads, grid};
    fiber.index = i;
    fiber.block_barrier = fiber.warp_barrier = 0;
    fiber.started = fiber.done = false;
  }
  for (unsigned left = count, idle = 0; left > 0;) {
    auto before = progress;
    unsigned done = 0;
    for (unsigned i = 0; i < count; i++) {
      if (fibers[i]->done) continue;
      resume(*fibers[i]);
      if (fibers[i]->done) done++;
    }
    left -= done;
    idle = progress == before && done == 0 ? idle + 1 : 0;
    if (idle > 2) {
      std::fprintf(stderr, "emulated kernel: threads wait at different barriers\n");
      std::abort();
    }
  }
}

}  // namespace

Place& here() { return current->place; }
unsigned char* shared() { return shared_bytes_.data() + (16 - reinterpret_cast<uintptr_t>(shared_bytes_.data()) % 16) % 16; }

void wait_for_block() { wait(0, count, &Fiber::block_barrier); }

const unsigned char (*exchange(const void* bytes, unsigned size))[64] {
  unsigned warp = current->index / kWarp, lane = current->index % kWarp;
  auto& values = exchanges[warp].values[current->warp_barrier % 2];
  std::memcpy(values[lane], bytes, size);
  wait(warp * kWarp, std::min(count, (warp + 1) * kWarp), &Fiber::warp_barrier);
  return values;
}

void run(dim3 grid, dim3 threads, unsigned bytes, const std::function<void()>& kernel) {
  body = &kernel;
  count = threads.x * threads.y;
  while (fibers.size() < count) fibers.push_back(std::make_unique<Fiber>());
  exchanges.resize((count + kWarp - 1) / kWarp);
  for (unsigned y = 0; y < grid.y; y++)
    for (unsigned x = 0; x < grid.x; x++) {
      shared_bytes_.assign(bytes + 16, 0xff);  // NaN in every format the kernels know
      run_block(dim3(x, y), grid, threads);
    }
}

}  // namespace fixupnet::emulated
