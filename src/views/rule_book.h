#pragma once

#include <array>
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

/// Kinds of facts a shop has had, a bit a kind by FactsView::mask_bit.
using SeenKinds = std::array<std::uint64_t, 2>;

/// The rules of a shop between two publications, and what they read beside the customer. Immutable.
struct RuleVersion {
  std::shared_ptr<const RuleSet> rules;  ///< rule i is segment i
  std::vector<RuleInfo> infos;
  std::shared_ptr<const PublishedValues> values;
  SeenKinds seen{};  ///< complete for the kinds that guards ask for
  std::vector<std::uint16_t>
      affected;  ///< segments this publication may change: its own and those that ask about it
  std::vector<KindSet> touched;  ///< by segment: kinds of facts that can change its answer
  EventSeq seq;
  Instant at;  ///< moment up to which timers had fired when it was published
  RuleContext context() const { return {nullptr, values.get(), seen.data()}; }
};

/// All versions of a shop's rules. A customer carries the number (epoch) of the version she was last brought
/// to. Whatever changes what the rules mean for people whom no event touches makes a version: a text, a
/// published value that a rule compares with, the first fact of a kind that a guard asks for. Each takes
/// effect at its seq, and the sweep brings everybody to it.
class RuleBook {
 public:
  explicit RuleBook(const std::vector<RuleText>& configured, const SeenKinds& seen = {});

  /// Where a change stands: the record that makes it, the moment up to which timers have fired, and the kinds
  /// of facts the shop has had.
  struct Place {
    EventSeq seq;
    Instant at;
    SeenKinds seen{};
  };
  /// Makes a new version in which `segment` has this text ("" retires it). False, and nothing changed, when
  /// the text does not parse, asks about an unknown segment, closes a circle, or is what holds already.
  bool publish(std::string_view segment, std::string_view text, const Place& place);
  /// Publishes a value; true when it made a new version: some rule compares with it and it is another than
  /// before.
  bool publish_value(std::string_view name, std::int64_t value, const Place& place);
  /// The shop has had kinds of facts that it had not; true when a guard asks for one of them.
  bool saw_kinds(const Place& place);

  /// Kinds that the shop had had at `seq`, complete for those that guards of that moment ask for.
  SeenKinds seen_at(EventSeq seq) const;

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
  enum class Change : std::uint8_t { text = 0, value = 1, kinds = 2 };
  struct Publication {
    Change change = Change::text;
    std::string name, text;  ///< segment and its text; or the value's name
    std::int64_t value = 0;
    Place place;
  };
  void add(std::unique_ptr<RuleVersion> version, Publication publication);
  /// The current rules, for other surroundings.
  std::unique_ptr<RuleVersion> same_rules() const;

  std::vector<std::unique_ptr<const RuleVersion>> versions_;
  std::vector<Publication> publications_;
  std::shared_ptr<const PublishedValues> values_ = std::make_shared<const PublishedValues>();
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
