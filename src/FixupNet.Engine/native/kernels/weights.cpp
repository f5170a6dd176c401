#include "weights.h"

#include <algorithm>

#include "vector.h"
#include "winograd_transforms.h"

namespace fixupnet::FIXUPNET_ISA {
namespace {

/// columns[ij][lane] = rows[lane·step + ij] for the 9 values of each of count ≤ 16 filters; the other lanes are 0.
#ifdef __AVX512F__
FIXUPNET_INLINE void load_filters(const float* rows, int64_t step, int count, Vector (&columns)[9]) {
  __m512 r[16], pairs[16], quads[16];
  FIXUPNET_UNROLL for (int i = 0; i < 16; i++) r[i] = _mm512_maskz_loadu_ps(i < count ? 0x1FF : 0, i < count ? rows + i * step : rows);
  FIXUPNET_UNROLL for (int i = 0; i < 16; i += 2) {
    pairs[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
  // quads[4g + i]: 128-bit lane j holds column 4j + i of the rows 4g to 4g + 3.
  FIXUPNET_UNROLL for (int g = 0; g < 16; g += 4)
    FIXUPNET_UNROLL for (int half = 0; half < 2; half++) {
      const __m512d low = _mm512_castps_pd(pairs[g + half]), high = _mm512_castps_pd(pairs[g + 2 + half]);
      quads[g + 2 * half] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
      quads[g + 2 * half + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
    }
  FIXUPNET_UNROLL for (int i = 0; i < 4; i++) {
    const __m512 first = _mm512_shuffle_f32x4(quads[i], quads[4 + i], 0x44), second = _mm512_shuffle_f32x4(quads[8 + i], quads[12 + i], 0x44);
    columns[i] = reinterpret_cast<Vector>(_mm512_shuffle_f32x4(first, second, 0x88));
    columns[4 + i] = reinterpret_cast<Vector>(_mm512_shuffle_f32x4(first, second, 0xDD));
  }
  const __m512 first = _mm512_shuffle_f32x4(quads[0], quads[4], 0xEE), second = _mm512_shuffle_f32x4(quads[8], quads[12], 0xEE);
  columns[8] = reinterpret_cast<Vector>(_mm512_shuffle_f32x4(first, second, 0x88));
}
#else
FIXUPNET_INLINE void load_filters(const float* rows, int64_t step, int count, Vector (&columns)[9]) {
  for (int ij = 0; ij < 9; ij++)
    for (int lane = 0; lane < kLanes; lane++) columns[ij][lane] = lane < count ? rows[lane * step + ij] : 0.0f;
}
#endif

FIXUPNET_INLINE void store_points(const Vector (&filters)[9], float* to, int64_t step) {
  Vector columns[3][6];
  FIXUPNET_UNROLL for (int j = 0; j < 3; j++) {
    const Vector g[3] = {filters[j], filters[3 + j], filters[6 + j]};
    weight_points(g, columns[j]);
  }
  FIXUPNET_UNROLL for (int i = 0; i < 6; i++) {
    const Vector g[3] = {columns[0][i], columns[1][i], columns[2][i]};
    Vector u[6];
    weight_points(g, u);
    FIXUPNET_UNROLL for (int j = 0; j < 6; j++) store(to + (6 * i + j) * step, u[j]);
  }
}

}  // namespace

void transform_weights(const WeightView& weights, Direction direction, int rows, int columns, float* to, int64_t step) {
  const bool forward = direction == Direction::kForward;
  const int64_t next_out = static_cast<int64_t>(weights.in_channels) * 9, next_in = 9;
  const int64_t row_step = forward ? next_in : next_out, lane_step = forward ? next_out : next_in;
  const int real_rows = forward ? weights.in_channels : weights.out_channels, real_columns = forward ? weights.out_channels : weights.in_channels;
  for (int row = 0; row < rows; row++)
    for (int column = 0; column < columns; column += kLanes) {
      Vector filters[9] = {};
      const int count = row < real_rows ? std::clamp(real_columns - column, 0, kLanes) : 0;
      if (count > 0) load_filters(weights.values + row * row_step + column * lane_step, lane_step, count, filters);
      if (!forward)
        for (int ij = 0; ij < 4; ij++) std::swap(filters[ij], filters[8 - ij]);
      store_points(filters, to + static_cast<int64_t>(row) * columns + column, step);
    }
}

void add_weight_gradients(const float* points, int64_t step, int in_channels, int out_channels, float* packed) {
  for (int c = 0; c < in_channels; c++)
    for (int k = 0; k < out_channels; k += kLanes) {
      const float* from = points + static_cast<int64_t>(c) * out_channels + k;
      Vector columns[6][3];
      FIXUPNET_UNROLL for (int j = 0; j < 6; j++) {
        Vector m[6];
        FIXUPNET_UNROLL for (int i = 0; i < 6; i++) m[i] = load(from + (6 * i + j) * step);
        weight_values(m, columns[j]);
      }
      FIXUPNET_UNROLL for (int i = 0; i < 3; i++) {
        Vector m[6], o[3];
        FIXUPNET_UNROLL for (int j = 0; j < 6; j++) m[j] = columns[j][i];
        weight_values(m, o);
        FIXUPNET_UNROLL for (int j = 0; j < 3; j++) {
          float* at = packed + (static_cast<int64_t>(c) * 9 + 3 * i + j) * out_channels + k;
          store(at, load(at) + o[j]);
        }
      }
    }
}

void unpack_weight_gradients(const float* packed, int padded_out_channels, const WeightView& shape, float* gradients) {
  for (int c = 0; c < shape.in_channels; c++)
    for (int k = 0; k < shape.out_channels; k++) {
      const float* from = packed + static_cast<int64_t>(c) * 9 * padded_out_channels + k;
      float* to = gradients + (static_cast<int64_t>(k) * shape.in_channels + c) * 9;
      for (int ij = 0; ij < 9; ij++) to[ij] = from[static_cast<int64_t>(ij) * padded_out_channels];
    }
}

}  // namespace fixupnet::FIXUPNET_ISA
