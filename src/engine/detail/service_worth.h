#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codec/json_writer.h"
#include "engine/detail/inquiry.h"
#include "study/roi.h"

/// What studies and verdicts say that a service is worth, and what that advises: the facts behind the matrix
/// of benefit and cost, and behind every word of "widen", "mend" or "retire".
namespace rapport::engine {

/// In English and simplified characters; traditional ones are made of these.
struct Said {
  std::string en, hans;
};
void write_said(codec::JsonWriter& json, std::string_view name, const Said& said);

/// Benefits and costs are told by month: of 30 days, whatever a study's window was.
inline constexpr double kMonthDays = 30;

/// One source's figure for one service, in the shop's currency and by month.
struct ToldBenefit {
  std::string study_id;  ///< a published study, or "hypothesis:ID"
  Instant at;
  bool randomised = false;  ///< the arms were drawn by lot
  bool harmful = false;     ///< the verdict says so
  double amount = 0, se = 0;
  std::optional<double> cost, cost_se;
  Said basis;
};

/// Whom a verdict's effect is multiplied by, and with what.
struct VerdictWorth {
  double lift = 0, lift_se = 0;  ///< a customer and window, for the better
  double each = 1, each_se = 0;  ///< money of one unit of the metric
  double customers = 0;
  double window_days = kMonthDays;  ///< of the lift
};
/// amount and se by month: lift x each x customers, by the delta method (lift and `each` independent). Pure.
std::pair<double, double> verdict_benefit(const VerdictWorth& worth);

/// What is advised: "widen", "mend", "retire", or "measure" when no study stands or its interval leaves open
/// whether the service pays.
struct Advice {
  std::string_view action = "measure";
  std::string study_id;               ///< behind it; "" when none stands
  std::optional<double> probability;  ///< that it pays: that its benefit exceeds its cost
  Said why;
};
/// Of a service in the matrix, by study::roi_verdict; "mend" where the verdict behind it is that it harms.
/// Pure.
Advice advise(const study::RoiLine& line, const ToldBenefit& told);
void write_advice(codec::JsonWriter& json, const Advice& advice);

struct UnmeasuredService {
  std::string service, name;
  Said reason;
};

struct ServiceWorths {
  std::map<std::string, std::string> names;  ///< every published service
  std::map<std::string, ToldBenefit> told;   ///< those with a figure, also without a cost
  std::map<std::string, Said> bases;         ///< of those in the matrix
  std::vector<UnmeasuredService> unmeasured;
  std::optional<study::RoiMatrix> matrix;  ///< none when nothing is measured

  Advice advice(const std::string& service) const;
};

/// Of each service the source that counts: a verdict of arms drawn by lot before all others, then the latest.
/// Cost: the study's own, else the noun's cost of one times how often it was delivered a month lately. `life`
/// is what kServiceLifeSql answers.
Result<ServiceWorths> service_worths(Inquiry& inquiry, const model::Table& life);
extern const std::string_view kServiceLifeSql;

}  // namespace rapport::engine
