#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/detail/service_worth.h"
#include "study/scores.h"

/// How a value-added service differs from the ordinary one, on six dimensions, by evidence only. Pure.
namespace rapport::engine {

inline constexpr std::array<std::string_view, 6> kProfileDimensions{
    "added_value", "customisation", "charging", "experience", "advantage", "positioning"};

/// A figure with what it rests on.
struct Measured {
  double value = 0, n = 0;
  study::Interval interval;
};

enum class Stand { above, like, below, unknown };
std::string_view stand_name(Stand stand);

struct Evidence {
  std::string_view source;  ///< facts, survey or study
  Said measure;             ///< what is measured
  std::string_view unit;    ///< share, points or currency
  Measured own;
  std::optional<Measured> ordinary;  ///< the same of the ordinary service
  double difference = 0;             ///< own less ordinary; own where nothing ordinary is told
  study::Interval difference_interval;
  /// By the interval of the difference: wholly above 0, wholly below, or neither.
  Stand stand() const;
};

/// Successes out of n; nothing for fewer than kProfileLeast.
std::optional<Evidence> share_evidence(Said measure, double successes, double n, double ordinary_successes,
                                       double ordinary_n);
/// Means by n, sum and sum of squares; Welch's interval of the difference.
struct Sums {
  double n = 0, sum = 0, squares = 0;
};
std::optional<Evidence> mean_evidence(std::string_view source, Said measure, const Sums& own,
                                      const Sums& ordinary);
/// Customers or answers below which nothing is said.
inline constexpr double kProfileLeast = 10;

struct Dimension {
  std::string_view name;
  std::vector<Evidence> evidence;
  /// above or below when some evidence says so and none the contrary; unknown without evidence.
  Stand stand() const;
};

struct ServiceProfile {
  std::string service, name, layer;
  std::vector<std::string> ordinary;  ///< services that it is held against
  bool ordinary_is_rest = false;      ///< no service is published as core or actual, so it is all others
  std::array<Dimension, 6> dimensions;
  /// A service published as augmented that stands out nowhere, though three dimensions or more have evidence.
  bool profiles_as_ordinary() const;
};

void write_profile(codec::JsonWriter& json, const ServiceProfile& profile);

}  // namespace rapport::engine
