// The C interface between C# and the kernels. Every export that can fail returns 0, or 1 with the reason in fixupnet_cuda_error(). Work is
// queued on the stream given and nothing waits for it, so that all of it can be captured into a graph.
#include <new>
#include <string>

#include "convolution.h"
#include "passes.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using namespace fixupnet;

constexpr int kRevision = 4;
constexpr int kMaxBlocks = 1024;  // of passes that walk over memory: enough to fill any card

thread_local std::string last_error;

int fail(const std::string& reason) {
  last_error = reason;
  return 1;
}

int blocks_for(int64_t elements) {
  int64_t blocks = (elements + kThreads - 1) / kThreads;
  return static_cast<int>(blocks < kMaxBlocks ? blocks : kMaxBlocks);
}

#ifdef FIXUPNET_EMULATED
int launched() { return 0; }
template <typename Kernel, typename Arguments>
int launch_overlapping(Kernel* kernel, unsigned blocks, unsigned shared, void*, const Arguments& arguments) {
  FIXUPNET_LAUNCH(kernel, blocks, kThreads, shared, nullptr, arguments);
  return 0;
}
template <typename Kernel> int allow_shared(Kernel*, int) { return 0; }
#else
int check(cudaError_t status) { return status == cudaSuccess ? 0 : fail(cudaGetErrorString(status)); }
int launched() { return check(cudaGetLastError()); }

// Cards before compute capability 9.0 know no overlap, and ignore the wish.
template <typename Kernel, typename Arguments>
int launch_overlapping(Kernel* kernel, unsigned blocks, unsigned shared, void* stream, const Arguments& arguments) {
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributeProgrammaticStreamSerialization;
  attribute.val.programmaticStreamSerializationAllowed = 1;
  cudaLaunchConfig_t config{};
  config.gridDim = blocks;
  config.blockDim = kThreads;
  config.dynamicSmemBytes = shared;
  config.stream = static_cast<cudaStream_t>(stream);
  config.attrs = &attribute;
  config.numAttrs = arguments.overlaps != 0 ? 1 : 0;
  return check(cudaLaunchKernelEx(&config, kernel, arguments));
}
template <typename Kernel> int allow_shared(Kernel* kernel, int bytes) {
  return bytes <= 48 << 10 ? 0 : check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
}
#endif

template <typename Shape, Pass pass>
int convolve_as(void* stream, int images, const ConvolutionArguments& arguments) {
  auto kernel = convolve<Shape, pass>;
  static const int status = allow_shared(kernel, Shape::kHaloBytes);
  if (status != 0) return fail("this card has too little shared memory for the convolution");
  return launch_overlapping(kernel, images * (arguments.height / Shape::kRows), Shape::kHaloBytes, stream, arguments);
}

template <typename Shape>
int convolve_shape(void* stream, Pass pass, int images, const ConvolutionArguments& arguments) {
  switch (pass) {
    case Pass::First: return convolve_as<Shape, Pass::First>(stream, images, arguments);
    case Pass::Second: return convolve_as<Shape, Pass::Second>(stream, images, arguments);
    case Pass::SecondBackward: return convolve_as<Shape, Pass::SecondBackward>(stream, images, arguments);
    default: return convolve_as<Shape, Pass::FirstBackward>(stream, images, arguments);
  }
}

template <typename Shape>
int weight_gradient_shape(void* stream, int parts, const WeightGradientArguments& arguments) {
  auto kernel = sum_weight_gradient<Shape>;
  static const int status = allow_shared(kernel, Shape::kGradientBytes);
  if (status != 0) return fail("this card has too little shared memory for the weight gradient");
  FIXUPNET_LAUNCH(kernel, parts, Shape::kGradientThreads, Shape::kGradientBytes, stream, arguments);
  return launched();
}

int unknown_shape(int channels, int width) {
  return fail("there is no kernel for " + std::to_string(channels) + " channels at a width of " + std::to_string(width));
}

}  // namespace

EXPORT int fixupnet_cuda_revision() { return kRevision; }
EXPORT const char* fixupnet_cuda_error() { return last_error.c_str(); }

// Whether there are kernels for images of this shape.
EXPORT int fixupnet_cuda_has_shape(int channels, int width, int height) {
#define FIXUPNET_SHAPE(c, w) if (channels == c && width == w) return height % Tile<c, w>::kRows == 0;
  FIXUPNET_FOR_SHAPES(FIXUPNET_SHAPE)
#undef FIXUPNET_SHAPE
  return 0;
}

// Sums that a convolution of so many images leaves for each scalar.
EXPORT int fixupnet_cuda_convolution_blocks(int images, int height) { return images * (height / 8); }
EXPORT int fixupnet_cuda_end_blocks(int channels) { return (kTaps * channels * channels + kEndElements - 1) / kEndElements; }
EXPORT int fixupnet_cuda_enter_blocks(int64_t elements) { return blocks_for(elements / 4); }

EXPORT int fixupnet_cuda_convolve(void* stream, int pass, int channels, int width, int images, const ConvolutionArguments* arguments) {
#define FIXUPNET_SHAPE(c, w) if (channels == c && width == w) return convolve_shape<Tile<c, w>>(stream, static_cast<Pass>(pass), images, *arguments);
  FIXUPNET_FOR_SHAPES(FIXUPNET_SHAPE)
#undef FIXUPNET_SHAPE
  return unknown_shape(channels, width);
}

EXPORT int fixupnet_cuda_weight_gradient(void* stream, int channels, int width, int parts, const WeightGradientArguments* arguments) {
#define FIXUPNET_SHAPE(c, w) if (channels == c && width == w) return weight_gradient_shape<Tile<c, w>>(stream, parts, *arguments);
  FIXUPNET_FOR_SHAPES(FIXUPNET_SHAPE)
#undef FIXUPNET_SHAPE
  return unknown_shape(channels, width);
}

EXPORT int fixupnet_cuda_end_weight_gradient(void* stream, const GradientEnd* end) {
  FIXUPNET_LAUNCH(end_weight_gradient, fixupnet_cuda_end_blocks(end->channels), kThreads, 0, stream, *end);
  return launched();
}

EXPORT int fixupnet_cuda_pack_weights(void* stream, const PackedLayer* layers, int count) {
  FIXUPNET_LAUNCH(pack_weights, dim3(8, static_cast<unsigned>(count)), kThreads, 0, stream, layers);
  return launched();
}

EXPORT int fixupnet_cuda_enter(void* stream, const void* values, void* copy, int64_t elements) {
  FIXUPNET_LAUNCH(enter, blocks_for(elements / 4), kThreads, 0, stream, static_cast<const float4*>(values), static_cast<uint2*>(copy), elements / 4);
  return launched();
}

EXPORT int fixupnet_cuda_enter_backward(
    void* stream, const void* gradient, const void* output, void* values, void* copy, float* sums, int64_t elements) {
  FIXUPNET_LAUNCH(enter_backward, blocks_for(elements / 4), kThreads, 0, stream, static_cast<const float4*>(gradient),
                  static_cast<const uint2*>(output), static_cast<float4*>(values), static_cast<uint2*>(copy), sums, elements / 4);
  return launched();
}

EXPORT int fixupnet_cuda_end_scalars(void* stream, const ScalarEnd* scalars, int count) {
  if (count == 0) return 0;
  FIXUPNET_LAUNCH(end_scalars, (count + kWarps - 1) / kWarps, kThreads, 0, stream, scalars, count);
  return launched();
}

// Σg² of every parameter, their total, and whether the step may change weights, into `results`; without pieces the verdict alone.
EXPORT int fixupnet_cuda_norms(
    void* stream, const void* gradients, int is_double, const NormPiece* pieces, int piece_count, const int* first, int count, double* squares,
    double* results, StopRule* rule) {
  if (piece_count == 0) {
    FIXUPNET_LAUNCH(conclude, 1, kThreads, 0, stream, results, 0, rule);
    return launched();
  }
  if (is_double) {
    auto kernel = square_pieces<double>;
    FIXUPNET_LAUNCH(kernel, piece_count, kThreads, 0, stream, static_cast<const double*>(gradients), pieces, squares);
  } else {
    auto kernel = square_pieces<float>;
    FIXUPNET_LAUNCH(kernel, piece_count, kThreads, 0, stream, static_cast<const float*>(gradients), pieces, squares);
  }
  FIXUPNET_LAUNCH(square_parameters, (count + kWarps - 1) / kWarps, kThreads, 0, stream, squares, first, results + kResultCount, count);
  FIXUPNET_LAUNCH(conclude, 1, kThreads, 0, stream, results, count, rule);
  return launched();
}

EXPORT int fixupnet_cuda_sgd(
    void* stream, void* weights, const void* gradients, void* velocities, int is_double, const double* rates, double* results,
    const SgdArguments* arguments) {
  if (is_double) {
    auto kernel = sgd<double>;
    FIXUPNET_LAUNCH(kernel, blocks_for(arguments->count), kThreads, 0, stream, static_cast<double*>(weights),
                    static_cast<const double*>(gradients), static_cast<double*>(velocities), rates, results, *arguments);
  } else {
    auto kernel = sgd<float>;
    FIXUPNET_LAUNCH(kernel, blocks_for(arguments->count), kThreads, 0, stream, static_cast<float*>(weights),
                    static_cast<const float*>(gradients), static_cast<float*>(velocities), rates, results, *arguments);
  }
  return launched();
}

// After the update, whoever made it.
EXPORT int fixupnet_cuda_settle(void* stream, double* results, StopRule* rule) {
  FIXUPNET_LAUNCH(settle, 1, 32, 0, stream, results, rule);
  return launched();
}

// Streams beside the caller's, for work that nothing waits for soon, and events that order them.
#ifdef FIXUPNET_EMULATED
EXPORT int fixupnet_cuda_use_device(int) { return 0; }
EXPORT int fixupnet_cuda_stream_create(void** stream) { *stream = nullptr; return 0; }
EXPORT void fixupnet_cuda_stream_destroy(void*) {}
EXPORT int fixupnet_cuda_event_create(void** event) { *event = nullptr; return 0; }
EXPORT void fixupnet_cuda_event_destroy(void*) {}
EXPORT int fixupnet_cuda_event_record(void*, void*) { return 0; }
EXPORT int fixupnet_cuda_stream_wait(void*, void*) { return 0; }
EXPORT int fixupnet_cuda_event_synchronize(void*) { return 0; }
EXPORT int fixupnet_cuda_event_milliseconds(void*, void*, float* milliseconds) { *milliseconds = 0; return 0; }
EXPORT int fixupnet_cuda_pinned_create(int64_t bytes, void** memory) {
  *memory = ::operator new(static_cast<size_t>(bytes));
  return 0;
}
EXPORT void fixupnet_cuda_pinned_destroy(void* memory) { ::operator delete(memory); }
EXPORT int fixupnet_cuda_copy(void*, void* target, const void* source, int64_t bytes) {
  std::memcpy(target, source, static_cast<size_t>(bytes));
  return 0;
}
EXPORT int fixupnet_cuda_memory(int64_t* free_bytes, int64_t* total_bytes) { *free_bytes = *total_bytes = 0; return 0; }
#else
EXPORT int fixupnet_cuda_use_device(int device) { return check(cudaSetDevice(device)); }
EXPORT int fixupnet_cuda_stream_create(void** stream) {
  return check(cudaStreamCreateWithFlags(reinterpret_cast<cudaStream_t*>(stream), cudaStreamNonBlocking));
}
EXPORT void fixupnet_cuda_stream_destroy(void* stream) { cudaStreamDestroy(static_cast<cudaStream_t>(stream)); }
EXPORT int fixupnet_cuda_event_create(void** event) { return check(cudaEventCreate(reinterpret_cast<cudaEvent_t*>(event))); }
EXPORT void fixupnet_cuda_event_destroy(void* event) { cudaEventDestroy(static_cast<cudaEvent_t>(event)); }
EXPORT int fixupnet_cuda_event_record(void* event, void* stream) {
  return check(cudaEventRecord(static_cast<cudaEvent_t>(event), static_cast<cudaStream_t>(stream)));
}
EXPORT int fixupnet_cuda_stream_wait(void* stream, void* event) {
  return check(cudaStreamWaitEvent(static_cast<cudaStream_t>(stream), static_cast<cudaEvent_t>(event), 0));
}
EXPORT int fixupnet_cuda_event_synchronize(void* event) { return check(cudaEventSynchronize(static_cast<cudaEvent_t>(event))); }
EXPORT int fixupnet_cuda_event_milliseconds(void* from, void* to, float* milliseconds) {
  return check(cudaEventElapsedTime(milliseconds, static_cast<cudaEvent_t>(from), static_cast<cudaEvent_t>(to)));
}
// Host memory that the card reads and writes by itself.
EXPORT int fixupnet_cuda_pinned_create(int64_t bytes, void** memory) { return check(cudaMallocHost(memory, static_cast<size_t>(bytes))); }
EXPORT void fixupnet_cuda_pinned_destroy(void* memory) { cudaFreeHost(memory); }
EXPORT int fixupnet_cuda_copy(void* stream, void* target, const void* source, int64_t bytes) {
  return check(cudaMemcpyAsync(target, source, static_cast<size_t>(bytes), cudaMemcpyDefault, static_cast<cudaStream_t>(stream)));
}
EXPORT int fixupnet_cuda_memory(int64_t* free_bytes, int64_t* total_bytes) {
  size_t free = 0, total = 0;
  int status = check(cudaMemGetInfo(&free, &total));
  *free_bytes = static_cast<int64_t>(free);
  *total_bytes = static_cast<int64_t>(total);
  return status;
}
#endif
