#pragma once

#include "plan.h"

namespace fixupnet {

/// Seconds of the bare direct convolutions of a step on count images: oneDNN, batch 8, float32, on as many threads as there are workers.
double convolution_floor(const Plan& plan, int count);

}  // namespace fixupnet
