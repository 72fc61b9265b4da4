#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/id.h"
#include "base/time.h"
#include "views/fact.h"
#include "views/rule_eval.h"

namespace rapport::views {

/// Number of a segment inside one shop, in the order in which rules became known; the configured ones first.
using SegmentNo = Id<struct SegmentNoTag, std::uint16_t>;

/// A rule as configured: the segment's name and its text in the rule language.
struct RuleText {
  std::string segment;
  std::string text;
};

struct RuleInfo {
  SegmentNo segment;
  std::string name;
  std::string text;    ///< "" = retired: nobody is in it any more
  EventSeq published;  ///< 0 = configured with the shop
};

/// The rules of a shop between two publications. Immutable.
struct RuleVersion {
  RuleSet rules;  ///< rule i is segment i
  std::vector<RuleInfo> infos;
  std::vector<std::uint16_t>
      affected;  ///< segments this publication may change: its own and those that ask about it
  std::vector<KindSet> touched;  ///< by segment: kinds of facts that can change its answer
  EventSeq seq;
  Instant at;  ///< moment up to which timers had fired when it was published
};

/// All versions of a shop's rules. A customer carries the number (epoch) of the version she was last brought
/// to.
class RuleBook {
 public:
  explicit RuleBook(const std::vector<RuleText>& configured);

  /// Makes a new version in which `segment` has this text ("" retires it). False, and nothing changed, when
  /// the text does not parse, asks about an unknown segment, closes a circle, or is what holds already.
  bool publish(std::string_view segment, std::string_view text, EventSeq seq, Instant at);

  std::uint32_t epoch() const { return static_cast<std::uint32_t>(versions_.size()); }
  const RuleVersion& current() const { return *versions_.back(); }
  /// The version that publication `epoch` made, 1 = configured. Present until forget_old().
  const RuleVersion& version(std::uint32_t epoch) const;
  /// Once every customer is at the current version the older ones are not needed.
  void forget_old();
  std::optional<SegmentNo> find(std::string_view name) const;

  /// The publications, to be repeated by load() on a book made of the same configured rules.
  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Publication {
    std::string segment, text;
    EventSeq seq;
    Instant at;
  };
  std::vector<std::unique_ptr<const RuleVersion>> versions_;
  std::vector<Publication> publications_;
};

/// Where a segment stands for one customer at the end of her timeline.
struct Standing {
  bool holds = false;
  Instant since = Instant::min();    ///< of the present membership
  Instant changed = Instant::min();  ///< last change of the answer; min() = never a member
  Instant until = Instant::never();  ///< when it must be looked at again
};

struct Turn {
  Instant at;
  bool holds = false;
};

/// Walks one rule over a customer's whole timeline up to `horizon`: it is asked at her first fact, at every
/// fact of a kind that can change it, and whenever its answer expires. This is what "a member since" means.
/// `all` must be a view at `horizon`. Appends every change of the answer to `turns` when given.
Standing walk_timeline(const RuleVersion& version, std::uint16_t segment, const FactsView& all,
                       std::vector<Turn>* turns = nullptr);

}  // namespace rapport::views
