// The transforms of F(4×4, 3×3) and F(3×3, 4×4) at the points 0, 1, -1, 2, -2, ∞, sixteen channels at a time.
#pragma once

#include "vector.h"

namespace fixupnet::FIXUPNET_ISA {

alignas(64) static const float kZeros[16 * 64] = {};

/// Bᵀ, rows 0 to 2.
FIXUPNET_INLINE void input_head(const Vector* d, Vector* t) {
  const Vector even = d[4] - 4.0f * d[2], odd = d[3] - 4.0f * d[1];
  t[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
  t[1] = even + odd;
  t[2] = even - odd;
}

/// Bᵀ, rows 3 to 5.
FIXUPNET_INLINE void input_tail(const Vector* d, Vector* t) {
  const Vector even = d[4] - d[2], odd = d[3] - d[1];
  t[0] = even + 2.0f * odd;
  t[1] = even - 2.0f * odd;
  t[2] = 4.0f * d[1] - 5.0f * d[3] + d[5];
}

/// Rows of one half of Bᵀ·d·B; in halves because 36 vectors do not fit the registers.
FIXUPNET_INLINE void store_input_rows(const Vector (&columns)[6][3], float* to, int64_t step) {
  FIXUPNET_UNROLL for (int i = 0; i < 3; i++) {
    Vector row[6], out[6];
    FIXUPNET_UNROLL for (int j = 0; j < 6; j++) row[j] = columns[j][i];
    input_head(row, out);
    input_tail(row, out + 3);
    FIXUPNET_UNROLL for (int j = 0; j < 6; j++) store(to + (6 * i + j) * step, out[j]);
  }
}

/// Asks for the pixels that a tile some places on needs and its neighbours have not asked for: activations come from far away, and a tile
/// takes less time than they do. Pixels beyond the end cost nothing.
template <class Value>
FIXUPNET_INLINE void prefetch_tile(const Value* plane, int width, int row, int column) {
  constexpr int kAhead = 8;
  const int64_t next = column + kAhead < width ? static_cast<int64_t>(row) * width + column + kAhead
                                               : static_cast<int64_t>(row + 4) * width + column + kAhead - width;
  FIXUPNET_UNROLL for (int r = 1; r < 5; r++)
    FIXUPNET_UNROLL for (int j = 1; j < 5; j++) __builtin_prefetch(plane + (next + static_cast<int64_t>(r) * width + j) * kLanes);
}

/// The columns of a tile for which inside(column) is false are 0.
template <class Value, class Inside>
static void transform_input_columns(const Value* const* rows, const Vector* shifts, Inside inside, float* to, int64_t step) {
  Vector columns[6][3], d[6];
  FIXUPNET_UNROLL for (int half = 0; half < 2; half++) {
    FIXUPNET_UNROLL for (int j = 0; j < 6; j++) {
      if (!inside(j)) {
        FIXUPNET_UNROLL for (int i = 0; i < 3; i++) columns[j][i] = Vector{};
        continue;
      }
      FIXUPNET_UNROLL for (int r = half; r < 5 + half; r++) d[r] = load(rows[r] + j * kLanes) + shifts[r];
      if (half == 0)
        input_head(d, columns[j]);
      else
        input_tail(d, columns[j]);
    }
    store_input_rows(columns, to + half * 18 * step, step);
  }
}

/// to[36] = Bᵀ·(in + shift)·B of the 6×6 values around a tile; outside the image they are 0, not shift.
template <class Value>
FIXUPNET_INLINE void transform_input(const Value* plane, int height, int width, int row, int column, float shift, float* to, int64_t step) {
  const Value* rows[6];
  Vector shifts[6];
  for (int r = 0; r < 6; r++) {
    const int y = row - 1 + r;
    const bool inside = y >= 0 && y < height;
    rows[r] = inside ? plane + (static_cast<int64_t>(y) * width + column - 1) * kLanes : reinterpret_cast<const Value*>(kZeros);
    shifts[r] = broadcast(inside ? shift : 0.0f);
  }
  prefetch_tile(plane, width, row, column);
  // What is known of a tile when the kernel is compiled costs nothing when it runs.
  const auto transform = [&](auto inside) __attribute__((always_inline)) { transform_input_columns(rows, shifts, inside, to, step); };
  const bool left = column == 0, right = column + 4 == width;
  if (column + 4 > width)
    transform([=](int j) { return column - 1 + j >= 0 && column - 1 + j < width; });
  else if (left && right)
    transform([](int j) { return j > 0 && j < 5; });
  else if (left)
    transform([](int j) { return j > 0; });
  else if (right)
    transform([](int j) { return j < 5; });
  else
    transform([](int) { return true; });
}

/// G of F(3×3, 4×4), which turns a tile of output gradients into a filter at the six points.
FIXUPNET_INLINE void gradient_points(const Vector* y, Vector* z) {
  const Vector even = (y[0] + y[2]) * (-1.0f / 6), odd = (y[1] + y[3]) * (1.0f / 6);
  const Vector even2 = (y[0] + 4.0f * y[2]) * (1.0f / 24), odd2 = (y[1] + 4.0f * y[3]) * (1.0f / 12);
  z[0] = y[0] * 0.25f;
  z[1] = even - odd;
  z[2] = even + odd;
  z[3] = even2 + odd2;
  z[4] = even2 - odd2;
  z[5] = y[3];
}

/// to[36] = G·gradient·Gᵀ of a tile; outside the image the gradient is 0.
template <class Value>
FIXUPNET_INLINE void transform_gradient(const Value* plane, int height, int width, int row, int column, float* to, int64_t step) {
  Vector columns[4][6];
  const auto transform = [&](auto inside) __attribute__((always_inline)) {
    FIXUPNET_UNROLL for (int j = 0; j < 4; j++) {
      Vector y[4];
      FIXUPNET_UNROLL for (int i = 0; i < 4; i++)
        y[i] = inside(i, j) ? load(plane + (static_cast<int64_t>(row + i) * width + column + j) * kLanes) : Vector{};
      gradient_points(y, columns[j]);
    }
  };
  if (row + 4 <= height && column + 4 <= width)
    transform([](int, int) { return true; });
  else
    transform([&](int i, int j) { return row + i < height && column + j < width; });
  FIXUPNET_UNROLL for (int i = 0; i < 6; i++) {
    Vector y[4], z[6];
    FIXUPNET_UNROLL for (int j = 0; j < 4; j++) y[j] = columns[j][i];
    gradient_points(y, z);
    FIXUPNET_UNROLL for (int j = 0; j < 6; j++) store(to + (6 * i + j) * step, z[j]);
  }
}

/// Aᵀ of F(4×4, 3×3).
FIXUPNET_INLINE void output_values(const Vector* m, Vector* o) {
  const Vector sum1 = m[1] + m[2], difference1 = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  o[0] = m[0] + sum1 + sum2;
  o[1] = difference1 + 2.0f * difference2;
  o[2] = sum1 + 4.0f * sum2;
  o[3] = difference1 + 8.0f * difference2 + m[5];
}

/// Hands each value of Aᵀ·from·A inside the image to finish(pixel, value).
template <class Finish>
FIXUPNET_INLINE void transform_output(const float* from, int64_t step, int height, int width, int row, int column, Finish&& finish) {
  Vector columns[6][4];
  FIXUPNET_UNROLL for (int j = 0; j < 6; j++) {
    Vector m[6];
    FIXUPNET_UNROLL for (int i = 0; i < 6; i++) m[i] = load(from + (6 * i + j) * step);
    output_values(m, columns[j]);
  }
  const bool whole = row + 4 <= height && column + 4 <= width;
  FIXUPNET_UNROLL for (int i = 0; i < 4; i++) {
    Vector m[6], o[4];
    FIXUPNET_UNROLL for (int j = 0; j < 6; j++) m[j] = columns[j][i];
    output_values(m, o);
    const int64_t pixel = static_cast<int64_t>(row + i) * width + column;
    if (whole) {
      FIXUPNET_UNROLL for (int j = 0; j < 4; j++) finish(pixel + j, o[j]);
    } else if (row + i < height) {
      for (int j = 0; j < 4 && column + j < width; j++) finish(pixel + j, o[j]);
    }
  }
}

/// G of F(4×4, 3×3).
FIXUPNET_INLINE void weight_points(const Vector* g, Vector* u) {
  const Vector even = (g[0] + g[2]) * (-1.0f / 6), odd = g[1] * (1.0f / 6);
  const Vector even2 = g[0] * (1.0f / 24) + g[2] * (1.0f / 6), odd2 = g[1] * (1.0f / 12);
  u[0] = g[0] * 0.25f;
  u[1] = even - odd;
  u[2] = even + odd;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = g[2];
}

/// Aᵀ of F(3×3, 4×4).
FIXUPNET_INLINE void weight_values(const Vector* m, Vector* o) {
  const Vector sum1 = m[1] + m[2], difference1 = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  o[0] = m[0] + sum1 + sum2;
  o[1] = difference1 + 2.0f * difference2;
  o[2] = sum1 + 4.0f * sum2 + m[5];
}

}  // namespace fixupnet::FIXUPNET_ISA
