#pragma once

#include "study/sem.h"

namespace rapport::study::detail {

/// All measures of FitMeasures from fit.sample, fit.implied, fit.fmin, n and the model.
FitMeasures fit_measures(const SemFit& fit);

}  // namespace rapport::study::detail
