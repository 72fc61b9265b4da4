#include "history.h"

#include <algorithm>
#include <numeric>

namespace rapport::sim {
namespace {

namespace k = model::kind;
namespace p = model::property;
using model::IdentifierKind;
using views::Properties;

template <class T>
void shuffle(std::vector<T>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

views::Who random_names(Random& random, const Instant at) {
  const auto name = [&](const char* letter, std::uint64_t of) {
    return letter + std::to_string(random.below(of));
  };
  (void)at;
  views::Who who;
  const std::uint64_t form = random.below(10);
  if (form < 7) who.emplace_back(IdentifierKind::user_id, name("u", 3));
  if (form >= 5 || random.below(3) == 0) who.emplace_back(IdentifierKind::anonymous_id, name("a", 4));
  if (random.below(6) == 0) who.emplace_back(IdentifierKind::device_id, name("d", 2));
  if (random.below(8) == 0) who.emplace_back(IdentifierKind::email, name("e", 2) + "@x.cn");
  return who;
}

void fill(Happening& h, Random& random, std::int64_t number) {
  const auto one_of = [&](std::initializer_list<const char*> names) {
    return std::string(names.begin()[random.below(names.size())]);
  };
  switch (h.deed) {
    case Deed::viewed:
      h.object = one_of({"P1", "P2", "P3"});
      break;
    case Deed::completed:
      h.object = one_of({"O1", "O2", "O3", "O4"});
      h.value = static_cast<std::int64_t>(random.below(3)) * 80'000 + number;
      if (random.below(20) == 0) h.value += std::int64_t{1} << 41;
      break;
    case Deed::cancelled:
      h.object = one_of({"O1", "O2", "O3", "O4"});
      break;
    case Deed::reviewed:
      h.object = one_of({"P1", "P2"});
      h.value = random.between(1, 5) * 1000;
      break;
    case Deed::answered:
      h.object = one_of({"nps", "csat"});
      h.value = random.between(2, 10) * 1000;
      break;
    case Deed::identified:
      h.object = one_of({"north", "south"});
      break;
    case Deed::consented:
      h.value = static_cast<std::int64_t>(random.below(2));
      break;
    case Deed::points:
      h.value = random.between(-50, 100);
      break;
    case Deed::service:
      h.object = one_of({"S1", "S2"});
      h.value = static_cast<std::int64_t>(random.below(2));
      break;
    case Deed::custom:
      h.object = one_of({"Spun Wheel", "Rang Bell"});
      break;
    case Deed::ticket:
      h.object = one_of({"", "T1", "T2", "T3"});
      break;
    case Deed::ticket_moved:
      h.object = one_of({"T1", "T2", "T3"});
      h.value = static_cast<std::int64_t>(random.below(kTicketStates.size()));
      break;
    case Deed::engaged:
      h.object = one_of({"picture", "reviews"});
      h.value = random.between(100, 9000);
      break;
    default:
      break;
  }
}

}  // namespace

std::vector<views::RuleText> all_rules() {
  return {
      {"fresh", "first User Registered within 7d and never Purchase"},
      {"potential",
       "first User Registered within 7d..30d and count(Product Viewed) >= 3 in 30d and never Purchase"},
      {"good", "count(Purchase) >= 2 in 30d and mean(Purchase.total) >= 1000 CNY in 30d"},
      {"away", "ever Purchase and no Purchase for 10d and last(Review Posted.rating) <= 3"},
      {"problem", "Contact Started | Ticket Opened within 5d"},
      {"seed", "last(Survey Answered.value where item = \"nps\") >= 9 and ever Referral Made"},
      {"troubled", "in segment problem and not in segment fresh"},
      {"northern", "trait region = \"north\""},
      {"open", "consent marketing by sms"},
      {"quiet",
       "no Purchase for 20d undetermined if no facts of Order Completed in the shop (\"no order facts\")"},
      {"rich", "mean(Purchase.total) >= published rich_from CNY in 365d"},
      {"either", "in segment rich or in segment quiet"},
  };
}

History random_history(Random& random) {
  History history;
  const std::size_t count = 5 + random.below(45);
  const bool may_unlink = random.below(2) == 0;
  const auto last = static_cast<std::uint64_t>((days(30).ms) / kGrid.ms);
  // Everybody is seen once before anything is unlinked.
  const auto born = [&](IdentifierKind kind, const std::string& value) {
    history.happenings.push_back({Deed::page, kBegin, {{kind, value}}, "home", 0});
  };
  for (int i = 0; i < 3; ++i) born(IdentifierKind::user_id, "u" + std::to_string(i));
  for (int i = 0; i < 4; ++i) born(IdentifierKind::anonymous_id, "a" + std::to_string(i));
  for (int i = 0; i < 2; ++i) born(IdentifierKind::device_id, "d" + std::to_string(i));
  for (int i = 0; i < 2; ++i) born(IdentifierKind::email, "e" + std::to_string(i) + "@x.cn");
  for (std::size_t i = 0; i < count; ++i) {
    Happening h;
    h.at = kBegin + kGrid * static_cast<std::int64_t>(1 + random.below(last));
    h.who = random_names(random, h.at);
    if (h.who.empty()) continue;
    const std::uint64_t pick = random.below(40);
    if (pick == 0) {
      h.deed = Deed::alias;
      h.who = {{IdentifierKind::user_id, "u0"},
               {IdentifierKind::user_id, "u" + std::to_string(1 + random.below(2))}};
    } else if (pick <= 3 && may_unlink && h.who.size() > 1) {
      h.deed = Deed::unlinked;
      history.has_unlinks = true;
    } else {
      h.deed = static_cast<Deed>(random.below(static_cast<std::uint64_t>(Deed::alias)));
    }
    fill(h, random, static_cast<std::int64_t>(i));
    history.happenings.push_back(h);
  }
  for (std::uint64_t left = random.below(4); left > 0; --left) {
    const Instant at = kBegin + kGrid * static_cast<std::int64_t>(1 + random.below(last));
    history.happenings.push_back({Deed::valued, at, {}, "rich_from", random.between(1, 9) * 100});
  }
  return history;
}

std::string carrier_of(const Happening& happening) {
  return fmt::format("carrier {}", happening.value % 3);
}

bool from_page(const Happening& happening) {
  return (happening.at - kBegin).ms / kGrid.ms % 4 == 1;
}

views::SampleEvent sample_of(const Happening& h) {
  views::SampleEvent event;
  event.at = h.at;
  event.who = h.who;
  event.from_page = from_page(h);
  switch (h.deed) {
    case Deed::page:
      event.kind = k::page;
      event.clear = Properties().text(p::page_name, h.object);
      break;
    case Deed::registered:
      event.kind = k::user_registered;
      break;
    case Deed::viewed:
      event.kind = k::product_viewed;
      event.clear = Properties().text(p::product_id, h.object);
      break;
    case Deed::completed:
      event.kind = k::order_completed;
      event.clear = Properties()
                        .text(p::order_id, h.object)
                        .number(p::total, h.value)
                        .text(p::currency, "CNY")
                        .text(p::carrier, carrier_of(h))
                        .lines({{"P1", 1, h.value}});
      break;
    case Deed::cancelled:
      event.kind = k::order_cancelled;
      event.clear = Properties().text(p::order_id, h.object);
      break;
    case Deed::contacted:
      event.kind = k::contact_started;
      break;
    case Deed::ticket:
      event.kind = k::ticket_opened;
      if (!h.object.empty()) event.clear = Properties().text(p::ticket_id, h.object);
      break;
    case Deed::ticket_moved:
      event.kind = k::ticket_updated;
      event.clear = Properties()
                        .text(p::ticket_id, h.object)
                        .text(p::ticket_state, kTicketStates[static_cast<std::size_t>(h.value)]);
      break;
    case Deed::engaged:
      event.kind = k::area_engaged;
      event.clear = Properties().text(p::page, "home").text(p::area, h.object).number(p::dwell_ms, h.value);
      break;
    case Deed::reviewed:
      event.kind = k::review_posted;
      event.clear = Properties().text(p::product_id, h.object).number(p::rating, h.value);
      break;
    case Deed::answered:
      event.kind = k::survey_answered;
      event.clear = Properties().answer(h.object, h.value);
      break;
    case Deed::referred:
      event.kind = k::referral_made;
      break;
    case Deed::identified:
      event.kind = k::identify;
      event.clear = Properties().text(model::trait::region, h.object);
      break;
    case Deed::consented:
      event.kind = k::consent_updated;
      event.clear =
          Properties().text(p::purpose, "marketing").text(p::channel, "sms").number(p::granted, h.value);
      break;
    case Deed::points:
      event.kind = k::points_changed;
      event.clear = Properties().number(p::delta, h.value).text(p::reason, "order");
      break;
    case Deed::service:
      event.kind = k::service_delivered;
      event.clear = Properties().text(p::service_id, h.object).number(p::on_time, h.value);
      break;
    case Deed::custom:
      event.name = h.object;
      break;
    case Deed::alias:
      event.kind = k::alias;
      event.alias = true;
      break;
    case Deed::unlinked:
      event.type = model::RecordType::unlinked;
      break;
    case Deed::valued:
      event.kind = k::value_published;
      event.clear =
          Properties()
              .text(p::value_id, h.object)
              .text(p::noun_body, "{\"value_id\":\"" + h.object + "\",\"value\":" + std::to_string(h.value) +
                                      ",\"currency\":\"CNY\"}");
      break;
  }
  return event;
}

views::SampleLog arrive(const History& history, const Arrival& arrival, Random& random) {
  struct Coming {
    Instant received;
    views::SampleEvent event;
    bool imported = false;
  };
  std::vector<Coming> first, live, imported;
  const Instant import_at = kEnd - hours(1);
  for (const Happening& h : history.happenings) {
    const views::SampleEvent event = sample_of(h);
    if (h.at == kBegin && (arrival.way == Arrival::Way::live || history.has_unlinks)) {
      first.push_back({kBegin, event});
    } else if (h.deed == Deed::unlinked) {
      live.push_back({h.at, event});
    } else if (arrival.way != Arrival::Way::live) {
      imported.push_back({import_at, event, true});
    } else {
      const bool late = arrival.latest_days > 0 && random.below(2) == 0;
      const Duration delay = late ? Duration{random.between(0, days(arrival.latest_days).ms)} : Duration{};
      live.push_back({h.at + delay, event});
    }
  }
  const std::vector<views::RuleText> rules = all_rules();
  for (std::size_t i = arrival.rules_at_start; i < rules.size(); ++i) {
    views::SampleEvent event;
    event.at = kBegin + milliseconds(static_cast<std::int64_t>(i));
    event.kind = k::rule_published;
    std::string text = rules[i].text, quoted;
    for (const char c : text) quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
    event.clear =
        Properties()
            .text(p::rule_id, rules[i].segment)
            .text(p::noun_body, "{\"rule_id\":\"" + rules[i].segment + "\",\"text\":\"" + quoted + "\"}");
    // In order, because one asks about others; anywhere in time.
    live.push_back({kBegin + days(static_cast<std::int64_t>(5 * i)), event});
  }
  shuffle(first, random);
  shuffle(live, random);
  std::stable_sort(live.begin(), live.end(),
                   [](const Coming& a, const Coming& b) { return a.received < b.received; });
  shuffle(imported, random);
  if (arrival.way == Arrival::Way::imported_in_order) {
    std::stable_sort(imported.begin(), imported.end(),
                     [](const Coming& a, const Coming& b) { return a.event.at < b.event.at; });
  }
  views::SampleLog log;
  for (const auto* part : {&first, &live}) {
    for (const Coming& coming : *part) log.add(coming.event, coming.received);
  }
  views::SampleEvent mark;
  if (!imported.empty()) {
    mark.type = model::RecordType::import_started;
    log.add(mark, import_at);
    for (const Coming& coming : imported) log.add(coming.event, import_at, true);
    mark.type = model::RecordType::import_ended;
    log.add(mark, import_at);
  }
  mark.type = model::RecordType::tick;
  log.add(mark, kEnd);
  return log;
}

}  // namespace rapport::sim
