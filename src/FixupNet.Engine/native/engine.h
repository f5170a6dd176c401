// The C interface of the engine. Every function returns 0, or -1 with a text in fixupnet_engine_error.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FIXUPNET_API __attribute__((visibility("default")))

/// Changes with every change of this file's structures or meanings.
#define FIXUPNET_ENGINE_REVISION 2

enum { FIXUPNET_FLOAT32 = 0, FIXUPNET_BFLOAT16 = 1 };
enum { FIXUPNET_TILED = 0, FIXUPNET_LIBRARY_DIRECT = 1, FIXUPNET_LIBRARY_WINOGRAD = 2 };
enum { FIXUPNET_FORWARD = 0, FIXUPNET_BACKWARD_DATA = 1, FIXUPNET_BACKWARD_WEIGHTS = 2 };

/// A parameter of the model, float32: where its values are, and where the engine writes their gradient.
typedef struct {
  const float* values;
  float* gradient;
} fixupnet_parameter;

/// A convolution without bias, weights [out][in][k][k], padding k/2; kernel 0 means that there is none.
typedef struct {
  int32_t in_channels, out_channels, kernel, stride;
  fixupnet_parameter weights;
} fixupnet_convolution;

/// ReLU(scale·second(ReLU(first(x + bias1a) + bias1b) + bias2a) + bias2b + s). The scalars have one element each; where values is null, a
/// bias is 0 and the scale 1. s is x where the shape stays, else shortcut(x + bias1a), or every stride-th pixel of x + bias1a with zero
/// channels after it where there is no shortcut convolution.
typedef struct {
  fixupnet_convolution first, second, shortcut;
  fixupnet_parameter bias1a, bias1b, bias2a, bias2b, scale;
} fixupnet_block;

/// fc(mean over pixels(blocks(ReLU(stem(images) + bias1))) + bias2).
typedef struct {
  int32_t channels, height, width, class_count, block_count;
  fixupnet_convolution stem;
  fixupnet_parameter bias1, bias2, classifier_weights, classifier_bias;
  const fixupnet_block* blocks;
} fixupnet_network;

/// One algorithm of one distinct 3×3 convolution with stride 1.
typedef struct {
  int32_t in_channels, out_channels, height, width, direction, algorithm;
  double seconds;  // measured for one image; 0 where it was given, not measured
} fixupnet_choice;

typedef struct {
  int32_t workers, images_at_once, precision;
  /// Sums of gradients kept, 1 to workers: workers that share one add to it in turn.
  int32_t gradient_sums;
  /// The first blocks, whose activations are computed again in the backward pass, in segments of so many.
  int32_t recomputed_blocks, segment_length;
  /// Algorithms to use; shapes that are not among them are measured.
  const fixupnet_choice* choices;
  int32_t choice_count;
} fixupnet_options;

typedef struct {
  double loss, correct, partner_correct;  // mean loss; images whose largest logit is their label, or their partner's
  double forward_seconds, backward_seconds, finish_seconds;
} fixupnet_step_result;

typedef struct fixupnet_engine fixupnet_engine;

FIXUPNET_API int32_t fixupnet_engine_revision(void);
FIXUPNET_API const char* fixupnet_engine_error(void);
/// "avx512", "avx2" or "portable".
FIXUPNET_API const char* fixupnet_engine_instruction_set(void);
FIXUPNET_API const char* fixupnet_engine_library_version(void);
FIXUPNET_API int32_t fixupnet_engine_has_bfloat16(void);

/// Bytes that an engine of these options would allocate beside the parameters and their gradients.
FIXUPNET_API int32_t fixupnet_engine_bytes(const fixupnet_network* network, const fixupnet_options* options, int64_t* bytes);

/// The network's pointers must stay valid until the engine is destroyed; the structures themselves are copied.
FIXUPNET_API int32_t fixupnet_engine_create(const fixupnet_network* network, const fixupnet_options* options, fixupnet_engine** engine);
FIXUPNET_API void fixupnet_engine_destroy(fixupnet_engine* engine);

/// The algorithms in use: at most capacity of them are written, count says how many there are.
FIXUPNET_API int32_t fixupnet_engine_choices(const fixupnet_engine* engine, fixupnet_choice* choices, int32_t capacity, int32_t* count);

/// Loss and gradients of a batch: images [count][channels][height][width], labels [count]; with mixup partners [count] and the weight of the
/// labels, else null and 1. Every gradient is written, not added to.
FIXUPNET_API int32_t fixupnet_engine_step(fixupnet_engine* engine, const float* images, const int64_t* labels, const int64_t* partners,
                                          double label_weight, int32_t count, fixupnet_step_result* result);

/// Class scores [count][class_count] of images.
FIXUPNET_API int32_t fixupnet_engine_evaluate(fixupnet_engine* engine, const float* images, int32_t count, float* logits);

/// Seconds that the bare direct convolutions of a step take, forward and both backward, on as many cores as there are workers.
FIXUPNET_API int32_t fixupnet_engine_floor(const fixupnet_network* network, const fixupnet_options* options, int32_t count, double* seconds);

#ifdef __cplusplus
}
#endif
