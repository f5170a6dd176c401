// What needs CUDA's own headers: the stream work is queued on, graphs captured from it, the card's memory. Built without them, every export
// says so.
#include "shim.h"

#include <ATen/Context.h>

#ifdef FIXUPNET_WITH_CUDA
// First: CUDAGraph has more members where CUDA_VERSION is known, as it is where libtorch was compiled.
#include <cuda.h>

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>
#endif

FX_EXPORT int32_t fx_cuda_is_built() {
#ifdef FIXUPNET_WITH_CUDA
  return 1;
#else
  return 0;
#endif
}

// How CUDA rounds: TF32 products in place of float32 ones, the same algorithms at every run or the fastest.
FX_EXPORT int32_t fx_cuda_arithmetic(int32_t tf32, int32_t deterministic) {
  return fx::guarded([&] {
    auto& context = at::globalContext();
    context.setAllowTF32CuBLAS(tf32 != 0);
    context.setAllowTF32CuDNN(tf32 != 0);
    context.setDeterministicCuDNN(deterministic != 0);
    context.setBenchmarkCuDNN(deterministic == 0);
    context.setDeterministicAlgorithms(deterministic != 0, false);
  });
}

#ifdef FIXUPNET_WITH_CUDA

// Makes a stream of its own the one that this thread's work on the device is queued on: the default stream cannot be captured.
FX_EXPORT int32_t fx_cuda_use_own_stream(int32_t device, void** stream) {
  return fx::guarded([&] {
    auto index = static_cast<c10::DeviceIndex>(device);
    c10::cuda::set_device(index);
    auto before = c10::cuda::getCurrentCUDAStream(index);
    before.synchronize();
    auto own = before.id() == c10::cuda::getDefaultCUDAStream(index).id() ? c10::cuda::getStreamFromPool(true, index) : before;
    c10::cuda::setCurrentCUDAStream(own);
    *stream = own.stream();
  });
}

FX_EXPORT int32_t fx_cuda_graph_create(void** graph) {
  return fx::guarded([&] { *graph = new at::cuda::CUDAGraph(); });
}

FX_EXPORT void fx_cuda_graph_release(void* graph) {
  fx::guarded([&] { delete static_cast<at::cuda::CUDAGraph*>(graph); });
}

// Work queued from here on is recorded, not done; its memory comes from the pool of `share`, or from one of its own.
FX_EXPORT int32_t fx_cuda_graph_begin(void* graph, void* share) {
  return fx::guarded([&] {
    auto& target = *static_cast<at::cuda::CUDAGraph*>(graph);
    if (share == nullptr) {
      target.capture_begin();
    } else {
      target.capture_begin(static_cast<at::cuda::CUDAGraph*>(share)->pool());
    }
  });
}

FX_EXPORT int32_t fx_cuda_graph_end(void* graph) {
  return fx::guarded([&] { static_cast<at::cuda::CUDAGraph*>(graph)->capture_end(); });
}

FX_EXPORT int32_t fx_cuda_graph_replay(void* graph) {
  return fx::guarded([&] { static_cast<at::cuda::CUDAGraph*>(graph)->replay(); });
}

// Bytes of tensors now and at most, bytes taken from the card.
FX_EXPORT int32_t fx_cuda_memory(int32_t device, int64_t* allocated, int64_t* peak, int64_t* reserved) {
  return fx::guarded([&] {
    auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(device));
    *allocated = stats.allocated_bytes[0].current;
    *peak = stats.allocated_bytes[0].peak;
    *reserved = stats.reserved_bytes[0].current;
  });
}

FX_EXPORT int32_t fx_cuda_memory_reset_peak(int32_t device) {
  return fx::guarded([&] { c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(device)); });
}

// Returns what tensors no longer hold to the card.
FX_EXPORT int32_t fx_cuda_memory_trim() {
  return fx::guarded([&] { c10::cuda::CUDACachingAllocator::emptyCache(); });
}

#else

namespace {
int32_t without_cuda() {
  return fx::guarded([] { TORCH_CHECK(false, "the shim was built without CUDA"); });
}
}  // namespace

FX_EXPORT int32_t fx_cuda_use_own_stream(int32_t, void**) { return without_cuda(); }
FX_EXPORT int32_t fx_cuda_graph_create(void**) { return without_cuda(); }
FX_EXPORT void fx_cuda_graph_release(void*) {}
FX_EXPORT int32_t fx_cuda_graph_begin(void*, void*) { return without_cuda(); }
FX_EXPORT int32_t fx_cuda_graph_end(void*) { return without_cuda(); }
FX_EXPORT int32_t fx_cuda_graph_replay(void*) { return without_cuda(); }
FX_EXPORT int32_t fx_cuda_memory(int32_t, int64_t*, int64_t*, int64_t*) { return without_cuda(); }
FX_EXPORT int32_t fx_cuda_memory_reset_peak(int32_t) { return without_cuda(); }
FX_EXPORT int32_t fx_cuda_memory_trim() { return without_cuda(); }

#endif
