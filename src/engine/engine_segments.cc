#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/event_builder.h"
#include "engine/detail/impl.h"
#include "engine/detail/ingest_one.h"
#include "engine/detail/rule_trial.h"

// Segments, their members and their rules.
namespace rapport::engine {
namespace {

constexpr std::size_t kMembersMost = 1'000;

// The rules of the shop with one of them new or changed: would they still be a set?
Status check_rule(const views::ShopState& state, const std::string& name, const std::string& text) {
  RAPPORT_TRY([[maybe_unused]] const views::RuleSet set, rules_with(state, name, text));
  return {};
}

Result<model::Event> rule_event(const std::string& name, const std::string& text, Currency currency) {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  const std::string message_id =
      "rule-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Rule Published";
  input.message_id = message_id;
  input.shop_currency = currency;
  input.properties = {{"rule_id", std::string_view(name)}, {"text", std::string_view(text)}};
  return codec::build_event(input);
}

}  // namespace

void Engine::publish_rule(ShopNo shop, std::string name, std::string text, Reply<EventSeq> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  const Currency currency = currency_of(shop);
  unit->shop.post(
      [this, unit, shop, currency, name = std::move(name), text = std::move(text), reply = std::move(reply)] {
        if (const Status good = check_rule(unit->shop.state(), name, text); !good.ok())
          return reply(good.error());
        Result<model::Event> event = rule_event(name, text, currency);
        if (!event.ok()) return reply(event.error());
        ingest_one(*this, shop, std::move(event).value(), reply);
      });
}

void Engine::segments(ShopNo shop, Reply<std::vector<model::SegmentSummary>> reply) {
  impl_->on_shop<std::vector<model::SegmentSummary>>(
      shop, std::nullopt, std::move(reply), [](ShopUnit& unit) -> Result<std::vector<model::SegmentSummary>> {
        const views::ShopState& state = unit.shop.state();
        std::vector<model::SegmentSummary> out;
        for (const views::RuleInfo& rule : state.rules()) {
          model::SegmentSummary summary;
          summary.name = rule.name;
          summary.rule = rule.text;
          summary.shipped = rule.published.value == 0;
          summary.since = rule.published;
          summary.members = state.member_count(rule.segment);
          summary.undetermined = undetermined_of(state, rule.name);
          out.push_back(std::move(summary));
        }
        return out;
      });
}

void Engine::segment_members(ShopNo shop, std::string name, std::string cursor, std::size_t most,
                             Reply<model::SegmentPage> reply) {
  std::uint32_t after = 0;
  if (!cursor.empty()) {
    const auto [end, bad] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), after);
    if (bad != std::errc{} || end != cursor.data() + cursor.size()) {
      return reply(Error{Errc::bad_input, "not a cursor", "cursor", "the next_cursor of the page before"});
    }
  }
  most = std::clamp<std::size_t>(most, 1, kMembersMost);
  impl_->on_shop<model::SegmentPage>(
      shop, std::nullopt, std::move(reply),
      [name = std::move(name), after, most](ShopUnit& unit) -> Result<model::SegmentPage> {
        const views::ShopState& state = unit.shop.state();
        const auto segment = state.find_segment(name);
        if (!segment) {
          std::string known;
          for (const views::RuleInfo& rule : state.rules()) known += (known.empty() ? "" : ", ") + rule.name;
          return Error{Errc::not_found, fmt::format("no segment '{}'", name), "name", "one of: " + known};
        }
        model::SegmentPage page;
        page.name = name;
        page.total = state.member_count(*segment);
        page.known_at = state.position();
        for (const CustomerId customer : state.members(*segment, CustomerId{after}, most)) {
          Instant since;
          for (const views::Membership& membership : state.memberships(customer)) {
            if (membership.segment == *segment) since = membership.since;
          }
          page.members.emplace_back(customer, since);
        }
        if (page.members.size() == most) page.next_cursor = std::to_string(page.members.back().first.value);
        return page;
      });
}

}  // namespace rapport::engine
