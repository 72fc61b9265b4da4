#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/json_writer.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"

/// A package composed of services and products: what it costs, what it leaves, and what customers who have
/// its parts already would be given. Whole minor units.
namespace rapport::engine {

struct PackagePart {
  bool is_service = false;
  std::string id, name;
  std::int64_t quantity = 1;
  std::int64_t price = 0;            ///< of one
  std::optional<std::int64_t> cost;  ///< of one; none = the catalogue does not tell it
  std::int64_t total() const { return price * quantity; }
};

struct PackageFacts {
  std::vector<double> had;       ///< customers who had each part, in the order of the parts
  double together = 0, any = 0;  ///< who had all of them; at least one
};

struct PackagePlan {
  std::vector<PackagePart> parts;
  std::int64_t list = 0, price = 0;
  std::optional<std::int64_t> cost;  ///< none when one part's is not known
  std::int64_t days = 90;
  PackageFacts facts;

  std::int64_t saved() const { return list - price; }
  std::optional<std::int64_t> margin() const { return cost ? std::optional(price - *cost) : std::nullopt; }
  /// What the saving costs on those who have all parts anyway.
  double given_away() const { return facts.together * static_cast<double>(saved()); }
  /// Packages sold to others that bring as much again; none when each of them leaves nothing.
  std::optional<double> break_even() const;
};

inline constexpr std::size_t kPackagePartsMost = 12;

/// `price` = the list's less `discount` (0 <= discount < 1), or the given one. Errors: bad_input naming the
/// member.
struct PackageTerms {
  std::optional<double> discount;
  std::optional<std::int64_t> price;
};
Result<PackagePlan> price_plan(std::vector<PackagePart> parts, const PackageTerms& terms);

/// Reads, prices and counts. Errors: those of plan_package.
Result<PackagePlan> make_plan(Inquiry& inquiry, const NounMembers& body);
void write_plan(codec::JsonWriter& json, const PackagePlan& plan, Currency currency);

}  // namespace rapport::engine
