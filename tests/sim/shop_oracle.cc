#include "shop_oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/hash.h"

namespace rapport::sim {
namespace {

using Name = std::string;
using FactRow = std::tuple<std::int64_t, int, std::string, std::int64_t, std::string>;

Name name_of(const std::pair<model::IdentifierKind, std::string>& who) {
  return std::string(model::identifier_kind_name(who.first)) + ':' + who.second;
}
bool is_user(const Name& name) {
  return name.starts_with("user_id:");
}

struct Link {
  Instant asserted = Instant::min(), unlinked = Instant::min();
  bool stands() const { return asserted > unlinked; }
};
using Links = std::map<std::pair<Name, Name>, Link>;

Links links_of(const History& history, std::set<Name>& names) {
  Links links;
  for (const Happening& h : history.happenings) {
    std::vector<Name> who;
    for (const auto& each : h.who) who.push_back(name_of(each));
    names.insert(who.begin(), who.end());
    for (std::size_t i = 0; i < who.size(); ++i) {
      for (std::size_t j = i + 1; j < who.size(); ++j) {
        Link& link = links[std::minmax(who[i], who[j])];
        if (h.deed == Deed::unlinked) {
          if (i == 0) link.unlinked = std::max(link.unlinked, h.at);
        } else if (h.deed == Deed::alias || !(is_user(who[i]) && is_user(who[j]))) {
          link.asserted = std::max(link.asserted, h.at);
        }
      }
    }
  }
  std::erase_if(links, [](const auto& entry) {
    return entry.second.asserted == Instant::min() && entry.second.unlinked == Instant::min();
  });
  return links;
}

std::set<Name> shared_of(const Links& links) {
  std::map<Name, std::set<Name>> users;
  for (const auto& [pair, link] : links) {
    if (!link.stands()) continue;
    if (is_user(pair.first) && !is_user(pair.second)) users[pair.second].insert(pair.first);
    if (is_user(pair.second) && !is_user(pair.first)) users[pair.first].insert(pair.second);
  }
  std::set<Name> shared;
  for (const auto& [name, of] : users) {
    if (of.size() > 1) shared.insert(name);
  }
  return shared;
}

std::vector<std::set<Name>> people_of(const std::set<Name>& names, const Links& links,
                                      const std::set<Name>& shared) {
  std::vector<std::set<Name>> people;
  for (const Name& name : names) people.push_back({name});
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [pair, link] : links) {
      if (!link.stands() || shared.contains(pair.first) || shared.contains(pair.second)) continue;
      const auto has = [](const Name& name) {
        return [&name](const std::set<Name>& s) { return s.contains(name); };
      };
      const auto a = std::find_if(people.begin(), people.end(), has(pair.first));
      const auto b = std::find_if(people.begin(), people.end(), has(pair.second));
      if (a == b) continue;
      a->insert(b->begin(), b->end());
      people.erase(b);
      changed = true;
      break;
    }
  }
  return people;
}

/// What rules read of the shop as a whole. It is what holds in the end: a rule means the same at every
/// moment.
struct ShopFacts {
  bool has_orders = false;
  std::optional<std::int64_t> rich_from;  ///< in minor units
};

ShopFacts facts_of(const History& history) {
  ShopFacts shop;
  std::pair<Instant, std::int64_t> latest{Instant::min(), 0};
  for (const Happening& h : history.happenings) {
    shop.has_orders = shop.has_orders || h.deed == Deed::completed;
    // All values have three digits, so the greater text is the greater value.
    if (h.deed == Deed::valued) latest = std::max(latest, std::pair(h.at, h.value));
  }
  if (latest.first != Instant::min()) shop.rich_from = latest.second * 100;
  return shop;
}

/// One person's happenings, as the rules of all_rules() ask about them.
class Life {
 public:
  Life(std::vector<Happening> mine, const ShopFacts& shop) : mine_(std::move(mine)), shop_(shop) {
    std::stable_sort(mine_.begin(), mine_.end(), [](const Happening& a, const Happening& b) {
      return std::tie(a.at, a.deed, a.object, a.value) < std::tie(b.at, b.deed, b.object, b.value);
    });
  }
  const std::vector<Happening>& all() const { return mine_; }

  bool holds(const std::string& rule, Instant t) const {
    if (rule == "fresh") return registered(t, days(0), days(7)) && purchases(t).empty();
    if (rule == "potential") {
      return registered(t, days(7), days(30)) && count(Deed::viewed, t, days(30)) >= 3 &&
             purchases(t).empty();
    }
    if (rule == "good") {
      std::int64_t n = 0, sum = 0;
      for (const Happening& p : purchases(t)) {
        if (t - p.at < days(30)) ++n, sum += p.value;
      }
      return n >= 2 && sum >= 100'000 * n;
    }
    if (rule == "away") {
      const std::vector<Happening> bought = purchases(t);
      const bool none =
          std::none_of(bought.begin(), bought.end(), [t](const Happening& p) { return t - p.at < days(10); });
      const std::optional<Happening> review = last(Deed::reviewed, "", t);
      return !bought.empty() && none && review && review->value <= 3000;
    }
    if (rule == "problem") return count(Deed::contacted, t, days(5)) + count(Deed::ticket, t, days(5)) > 0;
    if (rule == "seed") {
      const std::optional<Happening> nps = last(Deed::answered, "nps", t);
      return nps && nps->value >= 9000 && count(Deed::referred, t, days(1000)) > 0;
    }
    if (rule == "quiet") {
      const std::vector<Happening> bought = purchases(t);
      return shop_.has_orders && std::none_of(bought.begin(), bought.end(),
                                              [t](const Happening& p) { return t - p.at < days(20); });
    }
    if (rule == "rich") {
      std::int64_t n = 0, sum = 0;
      for (const Happening& p : purchases(t)) ++n, sum += p.value;
      return shop_.rich_from && n > 0 && sum >= *shop_.rich_from * n;
    }
    if (rule == "either") return holds("rich", t) || holds("quiet", t);
    if (rule == "troubled") return holds("problem", t) && !holds("fresh", t);
    if (rule == "northern") {
      const std::optional<Happening> told = last(Deed::identified, "", t);
      if (!told) return false;
      // At equal moments the greater text counts.
      return told->object == "north";
    }
    return granted(t).value_or(false);  // "open"
  }

  /// Each node's latest word; a denial anywhere wins.
  std::optional<bool> granted(Instant t) const {
    std::map<Name, std::pair<Instant, bool>> by_node;
    for (const Happening& h : mine_) {
      if (h.deed != Deed::consented || h.at > t) continue;
      auto [at, is_new] = by_node.try_emplace(name_of(h.who[0]), h.at, h.value != 0);
      if (is_new) continue;
      if (h.at > at->second.first) at->second = {h.at, h.value != 0};
      if (h.at == at->second.first && h.value == 0) at->second.second = false;
    }
    if (by_node.empty()) return std::nullopt;
    return std::all_of(by_node.begin(), by_node.end(), [](const auto& entry) { return entry.second.second; });
  }

 private:
  std::int64_t count(Deed deed, Instant t, Duration window) const {
    return std::count_if(mine_.begin(), mine_.end(), [&](const Happening& h) {
      return h.deed == deed && h.at <= t && t - h.at < window;
    });
  }
  bool registered(Instant t, Duration from, Duration to) const {
    for (const Happening& h : mine_) {
      if (h.deed == Deed::registered && h.at <= t) return t - h.at >= from && t - h.at < to;  // the first
    }
    return false;
  }
  std::optional<Happening> last(Deed deed, const std::string& object, Instant t) const {
    std::optional<Happening> found;
    for (const Happening& h : mine_) {
      if (h.deed == deed && h.at <= t && (object.empty() || h.object == object)) found = h;
    }
    return found;
  }
  std::vector<Happening> purchases(Instant t) const {
    std::vector<Happening> bought;
    std::set<std::string> gone, seen;
    for (const Happening& h : mine_) {
      if (h.deed == Deed::cancelled && h.at <= t) gone.insert(h.object);
    }
    for (const Happening& h : mine_) {
      if (h.deed != Deed::completed || h.at > t || gone.contains(h.object)) continue;
      if (seen.insert(h.object).second) bought.push_back(h);
    }
    return bought;
  }
  std::vector<Happening> mine_;
  ShopFacts shop_;
};

void add_rows(const Happening& h, std::vector<FactRow>& rows) {
  const auto row = [&](int kind, std::string object, std::int64_t value, std::string aux) {
    rows.emplace_back(h.at.ms, kind, std::move(object), value, std::move(aux));
  };
  switch (h.deed) {
    case Deed::page:
      return row(9, h.object, 0, "0");
    case Deed::registered:
      return row(4, "", 0, "0");
    case Deed::viewed:
      return row(13, h.object, 0, "CNY");
    case Deed::completed:
      row(25, h.object, h.value, "CNY");
      return row(2049, "P1", h.value, "1");
    case Deed::cancelled:
      return row(26, h.object, 0, "0");
    case Deed::contacted:
      return row(32, "", 0, "0");
    case Deed::ticket:
      return row(35, h.object, 0, "0");
    case Deed::ticket_moved:
      return row(36, h.object, 0, std::to_string(h.value));
    case Deed::engaged:
      return row(11, h.object, h.value, "0");
    case Deed::reviewed:
      return row(38, h.object, h.value, "0");
    case Deed::answered:
      return row(42, h.object, h.value, "0");
    case Deed::referred:
      return row(7, "", 0, "0");
    case Deed::identified:
      return row(1, "", 0, "0");
    case Deed::consented:
      return row(6, "marketing", h.value, "0");
    case Deed::points:
      return row(55, "order", h.value, "0");
    case Deed::service:
      return row(50, h.object, h.value, "0");
    case Deed::custom:
      return row(0, h.object, 0, "0");
    case Deed::alias:
      return row(2, "", 0, "0");
    case Deed::unlinked:
    case Deed::valued:
      return;
  }
}

std::string sorted_text(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

struct FirstOrder {
  Instant at = Instant::min();
  bool from_page = false;
  std::int64_t total = 0;
  Name node;
  Instant cancelled = Instant::min();
  std::pair<Instant, std::string> carrier{Instant::min(),
                                          ""};  ///< the latest; of one moment the greater name
};

std::map<std::string, FirstOrder> orders_of(const History& history) {
  std::map<std::string, FirstOrder> orders;
  for (const Happening& h : history.happenings) {
    if (h.deed == Deed::cancelled) {
      Instant& cancelled = orders[h.object].cancelled;
      if (cancelled == Instant::min() || h.at < cancelled) cancelled = h.at;
    }
    if (h.deed != Deed::completed) continue;
    FirstOrder& order = orders[h.object];
    order.carrier = std::max(order.carrier, {h.at, carrier_of(h)});
    if (order.at == Instant::min() ||
        std::tuple(from_page(h), h.at, h.value) < std::tuple(order.from_page, order.at, order.total)) {
      order.at = h.at;
      order.from_page = from_page(h);
      order.total = h.value;
      order.node = name_of(h.who[0]);
    }
  }
  return orders;
}

std::string facts_text(const Life& life) {
  std::vector<FactRow> rows;
  for (const Happening& h : life.all()) add_rows(h, rows);
  std::sort(rows.begin(), rows.end());
  std::string text;
  for (const auto& [at, kind, object, value, aux] : rows) {
    text += fmt::format("  fact {} {} {} {} {}\n", at, kind, object, value, aux);
  }
  std::set<std::tuple<Name, std::int64_t, std::string>> traits;
  for (const Happening& h : life.all()) {
    if (h.deed == Deed::identified) traits.emplace(name_of(h.who[0]), h.at.ms, h.object);
  }
  std::vector<std::string> lines;
  for (const auto& [node, at, word] : traits) {
    lines.push_back(fmt::format("  trait {} {} {}\n", model::trait::region.value, at, word));
  }
  return text + sorted_text(std::move(lines));
}

/// What a form with that scale could have asked for; anything else is no answer.
bool is_answer(const Happening& h, std::string_view item, std::int64_t least, std::int64_t most) {
  return h.deed == Deed::answered && h.object == item && h.value >= least * 1000 && h.value <= most * 1000;
}

std::string segments_text(const Life& life) {
  std::vector<std::string> lines;
  if (life.all().empty()) return "";
  for (const views::RuleText& rule : all_rules()) {
    std::optional<Instant> since;
    for (Instant t = life.all().front().at; t <= kEnd; t = t + kGrid) {
      if (!life.holds(rule.segment, t)) {
        since.reset();
      } else if (!since) {
        since = t;
      }
    }
    if (since) lines.push_back(fmt::format("  in {} since {}\n", rule.segment, since->ms));
  }
  return sorted_text(std::move(lines));
}

std::string lives_text(const Life& life, const std::set<Name>& person,
                       const std::map<std::string, FirstOrder>& orders) {
  std::string text;
  if (const std::optional<bool> granted = life.granted(kEnd)) {
    text += fmt::format("  consent marketing sms {}\n", *granted);
  }
  std::vector<std::string> lines;
  for (const std::string service : {"S1", "S2"}) {
    std::vector<Happening> steps;
    std::copy_if(life.all().begin(), life.all().end(), std::back_inserter(steps),
                 [&](const Happening& h) { return h.deed == Deed::service && h.object == service; });
    if (steps.empty()) continue;
    const auto on_time =
        std::count_if(steps.begin(), steps.end(), [](const Happening& h) { return h.value != 0; });
    lines.push_back(fmt::format("  service {} 5 {} {} {} 0 {} 0\n", service, steps.size(),
                                steps.front().at.ms, steps.back().at.ms, on_time));
  }
  for (const auto& [id, order] : orders) {
    if (person.contains(order.node)) lines.push_back(fmt::format("  order {}\n", id));
  }
  text += sorted_text(std::move(lines));
  std::int64_t balance = 0, changes = 0;
  for (const Happening& h : life.all()) {
    if (h.deed == Deed::points) balance += h.value, ++changes;
  }
  if (changes != 0) text += fmt::format("  points {} {}\n", balance, changes);
  std::int64_t answers = 0, sum = 0;
  for (const Happening& h : life.all()) {
    if (is_answer(h, "csat", 1, 5)) ++answers, sum += h.value;
  }
  if (answers != 0) text += fmt::format("  csat {} {}\n", answers, sum);
  return text;
}

void add_counts(const History& history, std::vector<std::string>& blocks) {
  std::map<std::pair<std::int64_t, int>, int> by_day;
  std::map<std::pair<std::int64_t, std::string>, std::array<int, 3>> by_product;
  for (const Happening& h : history.happenings) {
    std::vector<FactRow> rows;
    add_rows(h, rows);
    if (rows.empty()) continue;
    const std::int64_t day = day_number(h.at);
    ++by_day[{day, std::get<1>(rows[0])}];
    if (h.deed == Deed::viewed) ++by_product[{day / 28, h.object}][0];
    if (h.deed == Deed::completed) {
      ++by_product[{day / 28, "P1"}][1];
      ++by_product[{day / 28, "P1"}][2];
    }
  }
  for (const auto& [key, n] : by_day)
    blocks.push_back(fmt::format("day {} {} {}\n", key.first, key.second, n));
  for (const auto& [key, n] : by_product) {
    blocks.push_back(fmt::format("product {}  {} {} {} {}\n", key.second, key.first, n[0], n[1], n[2]));
  }
}

struct Case {
  Instant opened = Instant::min(), since = Instant::min(), solved = Instant::min();
  Instant done = Instant::min(), reopened = Instant::min();  ///< last told so
  bool from_page = false;
  std::uint64_t order = 0;  ///< of the event that opened it, within its moment
  std::int64_t state = 0;
  Name node;
};

/// "solved", "called_back" and "closed" end a ticket.
bool ends(std::int64_t state) {
  return state == 3 || state == 4 || state == 7;
}

/// Of two events that open a ticket at one moment the one whose message id has the lesser hash names it.
std::uint64_t order_within_moment(const Happening& h) {
  constexpr HashKey kKey = {'c', 'a', 's', 'e', 's'};
  return keyed_hash(kKey, views::SampleLog::message_id_of(sample_of(h))).low;
}

std::map<std::string, Case> tickets_of(const History& history) {
  std::map<std::string, Case> tickets;
  for (const Happening& h : history.happenings) {
    if ((h.deed != Deed::ticket && h.deed != Deed::ticket_moved) || h.object.empty()) continue;
    Case& ticket = tickets[h.object];
    if (h.deed == Deed::ticket) {
      const std::uint64_t order = order_within_moment(h);
      if (ticket.opened == Instant::min() ||
          std::tuple(from_page(h), h.at, order) < std::tuple(ticket.from_page, ticket.opened, ticket.order)) {
        ticket.opened = h.at;
        ticket.from_page = from_page(h);
        ticket.order = order;
        ticket.node = name_of(h.who[0]);
      }
      continue;
    }
    if (std::pair(ticket.since, ticket.state) < std::pair(h.at, h.value)) {
      ticket.since = h.at;
      ticket.state = h.value;
    }
    if (ends(h.value) && (ticket.solved == Instant::min() || h.at < ticket.solved)) ticket.solved = h.at;
    if (ends(h.value)) ticket.done = std::max(ticket.done, h.at);
    if (h.value == 0 || h.value == 5) ticket.reopened = std::max(ticket.reopened, h.at);
  }
  return tickets;
}

void add_hours(const History& history, const std::map<std::string, FirstOrder>& orders,
               const std::map<std::string, Case>& tickets, std::vector<std::string>& blocks) {
  std::map<std::pair<std::int64_t, int>, std::int64_t> sums;
  const auto add = [&sums](Instant at, int indicator, std::int64_t amount) {
    sums[{at.ms / hours(1).ms, indicator}] += amount;
  };
  std::map<std::pair<std::string, std::int64_t>, std::pair<int, std::int64_t>> areas;
  for (const Happening& h : history.happenings) {
    if (h.deed == Deed::registered) add(h.at, 18, 1);
    if (h.deed == Deed::reviewed) add(h.at, 16, 1), add(h.at, 17, h.value);
    if (is_answer(h, "nps", 0, 10)) {
      add(h.at, 11, 1);
      if (h.value >= 9000) add(h.at, 12, 1);
      if (h.value <= 6000) add(h.at, 13, 1);
    }
    if (is_answer(h, "csat", 1, 5)) {
      add(h.at, 14, 1);
      if (h.value >= 4000) add(h.at, 15, 1);
    }
    if (h.deed == Deed::engaged) {
      auto& [count, dwell_ms] = areas[{h.object, day_number(h.at) / 28}];
      ++count;
      dwell_ms += h.value;
    }
  }
  for (const auto& [id, order] : orders) {
    if (order.at == Instant::min() || order.cancelled != Instant::min()) continue;
    add(order.at, 0, 1), add(order.at, 1, order.total);
  }
  for (const auto& [id, ticket] : tickets) {
    if (ticket.opened == Instant::min()) continue;
    add(ticket.opened, 4, 1);
    if (ticket.solved == Instant::min()) continue;
    if (ticket.done >= ticket.reopened) add(ticket.solved, 5, 1);
    add(ticket.solved, 6, 1);
    add(ticket.solved, 7, std::max<std::int64_t>(0, (ticket.solved - ticket.opened).ms));
  }
  for (const auto& [key, sum] : sums) {
    if (sum != 0) blocks.push_back(fmt::format("hour {} {} {}\n", key.first, key.second, sum));
  }
  for (const auto& [key, seen] : areas) {
    blocks.push_back(fmt::format("area home {} {} {} {}\n", key.first, key.second, seen.first, seen.second));
  }
}

}  // namespace

std::string oracle_state(const History& history) {
  std::set<Name> names;
  const Links links = links_of(history, names);
  const std::set<Name> shared = shared_of(links);
  const std::map<std::string, FirstOrder> orders = orders_of(history);
  const ShopFacts shop = facts_of(history);
  std::vector<std::string> blocks;
  for (const std::set<Name>& person : people_of(names, links, shared)) {
    std::vector<Happening> mine;
    for (const Happening& h : history.happenings) {
      if (h.deed == Deed::unlinked || h.deed == Deed::valued) continue;
      if (person.contains(name_of(h.who[0]))) mine.push_back(h);
    }
    const Life life(std::move(mine), shop);
    std::set<std::string> printed;
    for (const Name& name : person) printed.insert(name + (shared.contains(name) ? "!" : ""));
    std::string text = "customer";
    for (const std::string& name : printed) text += ' ' + name;
    blocks.push_back(text + '\n' + facts_text(life) + segments_text(life) + lives_text(life, person, orders));
  }
  for (const auto& [id, order] : orders) {
    blocks.push_back(fmt::format("order {} {} {} {} CNY {} {} 0\n", id, order.node, order.at.ms, order.total,
                                 order.cancelled.ms, Instant::min().ms));
    if (order.from_page) blocks.back() += "  told by pages alone\n";
    if (!order.carrier.second.empty()) blocks.back() += fmt::format("  lane {} \n", order.carrier.second);
  }
  for (const auto& [pair, link] : links) {
    blocks.push_back(
        fmt::format("edge {} {} {} {}\n", pair.first, pair.second, link.asserted.ms, link.unlinked.ms));
  }
  const std::map<std::string, Case> tickets = tickets_of(history);
  for (const auto& [id, ticket] : tickets) {
    blocks.push_back(fmt::format("ticket {} {} 0 {} {} {} {} {} {} \n", id, ticket.node, ticket.opened.ms,
                                 ticket.state, ticket.since.ms, ticket.solved.ms, ticket.done.ms,
                                 ticket.reopened.ms));
  }
  add_counts(history, blocks);
  add_hours(history, orders, tickets, blocks);
  return sorted_text(std::move(blocks));
}

}  // namespace rapport::sim
