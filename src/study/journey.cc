#include "study/journey.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

#include "study/detail/columns.h"
#include "study/detail/say.h"

namespace rapport::study {
namespace {

enum Feature {
  visits,
  views,
  searches,
  carts,
  orders,
  forms_left,
  contacts,
  terms_asked,
  chases,
  low_ratings,
  payment_failed
};

/// Text columns that may be absent; an absent one reads as "" everywhere.
struct OptionalText {
  std::vector<std::string> cells;
  const std::string& operator[](std::size_t row) const {
    static const std::string kNothing;
    return cells.empty() ? kNothing : cells[row];
  }
};

struct Rows {
  std::vector<std::string> customer, event;
  std::vector<Instant> time;
  OptionalText category, step, order, form, page, term, reason, ticket, source, rating, channel;
};

Result<OptionalText> optional_text(const model::Table& table, std::string_view name) {
  OptionalText text;
  if (table.find(name).ok()) {
    RAPPORT_TRY(text.cells, detail::labels(table, name));
  }
  return text;
}

Result<Rows> read_rows(const model::Table& table) {
  Rows r;
  RAPPORT_TRY(r.customer, detail::labels(table, table.find("customer_id").ok() ? "customer_id" : "customer"));
  RAPPORT_TRY(r.event, detail::labels(table, "event"));
  RAPPORT_TRY(r.time, detail::instants(table, "event_time"));
  RAPPORT_TRY(r.category, optional_text(table, "category"));
  RAPPORT_TRY(r.step, optional_text(table, "step"));
  RAPPORT_TRY(r.order, optional_text(table, "order_id"));
  RAPPORT_TRY(r.form, optional_text(table, "form"));
  RAPPORT_TRY(r.page, optional_text(table, "page"));
  RAPPORT_TRY(r.term, optional_text(table, "term"));
  RAPPORT_TRY(r.reason, optional_text(table, "reason"));
  RAPPORT_TRY(r.ticket, optional_text(table, "ticket_id"));
  RAPPORT_TRY(r.source, optional_text(table, "source"));
  RAPPORT_TRY(r.rating, optional_text(table, "rating"));
  RAPPORT_TRY(r.channel, optional_text(table, "channel"));
  return r;
}

/// How far on the way an event is; -1 for what a customer does elsewhere or what is done to her.
int step_of(const std::string& event) {
  static const std::unordered_map<std::string_view, int> kSteps = {{"screen", 0},
                                                                   {"page", 0},
                                                                   {"Area Engaged", 0},
                                                                   {"Products Searched", 0},
                                                                   {"Content Viewed", 0},
                                                                   {"Contact Started", 0},
                                                                   {"Product List Viewed", 0},
                                                                   {"Product Viewed", 1},
                                                                   {"Product Compared", 1},
                                                                   {"Product Liked", 1},
                                                                   {"Product Added", 2},
                                                                   {"Checkout Started", 3},
                                                                   {"Form Page Viewed", 4},
                                                                   {"Order Completed", 5}};
  const auto found = kSteps.find(event);
  return found == kSteps.end() ? -1 : found->second;
}

/// The rows that stay, by customer and time.
std::vector<std::size_t> clean(const Rows& r, Cleaning& c) {
  std::vector<std::size_t> kept;
  c.rows = static_cast<std::int64_t>(r.customer.size());
  for (std::size_t i = 0; i < r.customer.size(); ++i) {
    if (r.customer[i].empty()) {
      ++c.without_customer;
    } else if (r.time[i] == Instant::never()) {
      ++c.without_time;
    } else {
      kept.push_back(i);
    }
  }
  const auto key = [&r](std::size_t i) {
    return std::tie(r.customer[i], r.time[i].ms, r.event[i], r.category[i], r.order[i], r.page[i], r.term[i],
                    r.step[i], r.reason[i], r.ticket[i]);
  };
  std::stable_sort(kept.begin(), kept.end(), [&r](std::size_t a, std::size_t b) {
    return std::tie(r.customer[a], r.time[a].ms) < std::tie(r.customer[b], r.time[b].ms);
  });
  // A repeat is the same act at the same millisecond; others of that moment may stand between.
  std::vector<std::size_t> unique;
  std::size_t moment = 0;
  for (const std::size_t i : kept) {
    if (unique.empty() || r.customer[unique.back()] != r.customer[i] ||
        r.time[unique.back()].ms != r.time[i].ms)
      moment = unique.size();
    const bool again = std::any_of(unique.begin() + static_cast<std::ptrdiff_t>(moment), unique.end(),
                                   [&](std::size_t j) { return key(j) == key(i); });
    if (again && step_of(r.event[i]) >= 0) {
      ++c.repeated;
    } else {
      unique.push_back(i);
    }
  }
  c.kept = static_cast<std::int64_t>(unique.size());
  return unique;
}

/// One customer's rows in order of time, walked once for visits and once for each pain.
class Walk {
 public:
  Walk(const Rows& rows, const JourneyOptions& options, Journey& journey,
       std::array<std::map<std::string, Counted>, kPains>& where,
       std::array<std::vector<double>, kJourneySteps>& waits)
      : r_(rows), o_(options), j_(journey), where_(where), waits_(waits) {}

  void customer(std::span<const std::size_t> rows) {
    f_ = &j_.features.emplace_back();
    f_->fill(0);
    j_.pains.push_back({});
    first_.fill(Instant::never());
    count(rows);
    walk_visits(rows);
    find_terms(rows);
    find_forms(rows);
    find_chases(rows);
    look_after(rows);
  }

 private:
  double& feature(Feature which) { return (*f_)[static_cast<std::size_t>(which)]; }
  PainFinding& finding(Pain pain) { return j_.findings[static_cast<std::size_t>(pain)]; }

  void hit(Pain pain, Instant at, bool is_hit, const std::string& name) {
    const auto p = static_cast<std::size_t>(pain);
    ++finding(pain).chances;
    Counted& counted = where_[p][name];
    ++counted.n;
    if (!is_hit) return;
    ++finding(pain).hits;
    ++counted.hits;
    j_.pains.back()[p] = true;
    first_[p] = std::min(first_[p], at);
  }

  void count(std::span<const std::size_t> rows) {
    for (const std::size_t i : rows) {
      const std::string& e = r_.event[i];
      if (e == "Product Viewed") feature(views) += 1;
      if (e == "Products Searched") feature(searches) += 1;
      if (e == "Product Added") feature(carts) += 1;
      if (e == "Order Completed") feature(orders) += 1;
      if (e == "Contact Started") feature(contacts) += 1;
      if (e == "Payment Failed") feature(payment_failed) += 1;
      const std::string& rating = r_.rating[i];
      if (!rating.empty() && e == "Review Posted" && std::strtod(rating.c_str(), nullptr) <= 3)
        feature(low_ratings) += 1;
    }
  }

  void end_visit(const std::array<Instant, kJourneySteps>& reached, int furthest, int acts) {
    ++j_.visits;
    j_.bounced += acts == 1 ? 1 : 0;
    feature(visits) += 1;
    for (int s = 0; s <= furthest; ++s) ++j_.steps[static_cast<std::size_t>(s)].visits;
    for (std::size_t s = 0; s + 1 < kJourneySteps; ++s) {
      if (reached[s] == Instant::never()) continue;
      for (std::size_t next = s + 1; next < kJourneySteps; ++next) {
        if (reached[next] == Instant::never()) continue;
        waits_[s].push_back(static_cast<double>(std::max<std::int64_t>(0, reached[next].ms - reached[s].ms)) /
                            60'000);
        break;
      }
    }
  }

  void walk_visits(std::span<const std::size_t> rows) {
    std::array<Instant, kJourneySteps> reached;
    reached.fill(Instant::never());
    int furthest = -1, acts = 0;
    Instant last = Instant::never();
    for (const std::size_t i : rows) {
      const int step = step_of(r_.event[i]);
      if (step < 0) continue;
      if (acts > 0 && r_.time[i].ms - last.ms > o_.visit_gap.ms) {
        end_visit(reached, furthest, acts);
        reached.fill(Instant::never());
        furthest = -1;
        acts = 0;
      }
      Instant& first = reached[static_cast<std::size_t>(step)];
      first = std::min(first, r_.time[i]);
      furthest = std::max(furthest, step);
      last = r_.time[i];
      ++acts;
    }
    if (acts > 0) end_visit(reached, furthest, acts);
  }

  void find_terms(std::span<const std::size_t> rows) {
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const std::size_t i = rows[k];
      if (r_.event[i] != "Content Viewed" || r_.term[i].empty()) continue;
      bool asked = false;
      for (std::size_t m = k + 1; m < rows.size() && !asked; ++m) {
        const std::size_t n = rows[m];
        if (r_.time[n].ms - r_.time[i].ms > o_.ask_within.ms) break;
        // Reading it again is another chance; the question belongs to the last reading.
        if (r_.event[n] == "Content Viewed" && r_.term[n] == r_.term[i]) break;
        asked = r_.event[n] == "Contact Started" &&
                (r_.term[n] == r_.term[i] || (r_.term[n].empty() && r_.reason[n] == "term"));
      }
      if (asked) feature(terms_asked) += 1;
      hit(Pain::term_asked, r_.time[i], asked, r_.term[i]);
    }
  }

  struct Form {
    std::string name, source, last_page;
    Instant at, last;
    int pages = 0;
    bool switched = false, open = false;
  };

  void close(Form& form, bool done) {
    if (!form.open) return;
    form.open = false;
    const bool left = !done && (form.pages >= o_.form_pages || form.switched);
    if (left) feature(forms_left) += 1;
    hit(Pain::form_abandoned, form.at, left,
        fmt::format("{}, last page {}", form.name, form.last_page.empty() ? "?" : form.last_page));
  }

  void find_forms(std::span<const std::size_t> rows) {
    Form form;
    std::string source;
    for (const std::size_t i : rows) {
      const std::string& e = r_.event[i];
      if (form.open && r_.time[i].ms - form.at.ms > o_.done_within.ms) close(form, false);
      if (!r_.source[i].empty()) {
        if (form.open && !source.empty() && r_.source[i] != source &&
            r_.time[i].ms - form.last.ms <= o_.visit_gap.ms)
          form.switched = true;
        source = r_.source[i];
      }
      if (e == "Form Page Viewed") {
        const bool again = r_.page[i] == "1" || r_.page[i] == "1.0";
        if (form.open && (r_.form[i] != form.name || again)) close(form, false);
        if (!form.open) form = {r_.form[i], source, "", r_.time[i], r_.time[i], 0, false, true};
        ++form.pages;
        form.last_page = r_.page[i];
        form.last = r_.time[i];
      } else if (e == "Order Completed" || e == "User Registered" || e == "User Verified" ||
                 e == "Service Bought") {
        close(form, true);
      }
    }
    // Whoever is still inside the time for it has not given up.
    if (form.open && j_.until.ms - form.at.ms > o_.done_within.ms) close(form, false);
  }

  struct Matter {
    std::string about, reason;
    Instant at, last;
    int asked = 0;
  };

  void end(const Matter& matter) {
    if (matter.asked >= 2) feature(chases) += matter.asked - 1;
    hit(Pain::chased, matter.at, matter.asked >= 2, matter.reason.empty() ? "?" : matter.reason);
  }

  void find_chases(std::span<const std::size_t> rows) {
    std::vector<Matter> matters;
    for (const std::size_t i : rows) {
      const bool reopened = r_.event[i] == "Ticket Updated" && r_.step[i] == "reopened";
      if (r_.event[i] != "Contact Started" && !reopened) continue;
      const bool unsolved = reopened || r_.reason[i] == "unsolved";
      const std::string& about = r_.order[i].empty() ? r_.ticket[i] : r_.order[i];
      Matter* same = nullptr;
      for (Matter& m : matters) {
        if (r_.time[i].ms - m.last.ms > o_.chase_within.ms) continue;
        if (unsolved || (!about.empty() && m.about == about && m.reason == r_.reason[i])) same = &m;
      }
      if (same == nullptr)
        same = &matters.emplace_back(Matter{about, r_.reason[i], r_.time[i], r_.time[i], 0});
      ++same->asked;
      same->last = r_.time[i];
    }
    for (const Matter& matter : matters) end(matter);
  }

  void look_after(std::span<const std::size_t> rows) {
    for (std::size_t p = 0; p < kPains; ++p) {
      if (!j_.pains.back()[p]) continue;
      ++j_.findings[p].customers;
      if (j_.until.ms - first_[p].ms < o_.back_within.ms) continue;
      ++j_.findings[p].seen_after;
      // The same visit does not count as coming back.
      Instant last = first_[p];
      bool back = false;
      for (const std::size_t i : rows) {
        if (r_.time[i] <= first_[p] || step_of(r_.event[i]) < 0) continue;
        if (r_.time[i].ms - last.ms > o_.visit_gap.ms) {
          back = r_.time[i].ms - first_[p].ms <= o_.back_within.ms;
          break;
        }
        last = r_.time[i];
      }
      j_.findings[p].away_after += back ? 0 : 1;
    }
  }

  const Rows& r_;
  const JourneyOptions& o_;
  Journey& j_;
  std::array<std::map<std::string, Counted>, kPains>& where_;
  std::array<std::vector<double>, kJourneySteps>& waits_;
  Features* f_ = nullptr;
  std::array<Instant, kPains> first_;
};

double median(std::vector<double>& values) {
  if (values.empty()) return std::nan("");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

std::string_view journey_step_name(JourneyStep step) {
  constexpr std::array<std::string_view, kJourneySteps> kNames = {"visited",  "viewed", "in_cart",
                                                                  "checkout", "form",   "ordered"};
  return kNames[static_cast<std::size_t>(step)];
}

std::string_view pain_name(Pain pain) {
  constexpr std::array<std::string_view, kPains> kNames = {"term_asked", "form_abandoned", "chased"};
  return kNames[static_cast<std::size_t>(pain)];
}

Result<Journey> read_journey(const model::Table& events, const JourneyOptions& options) {
  RAPPORT_TRY(const Rows rows, read_rows(events));
  Journey journey;
  const std::vector<std::size_t> order = clean(rows, journey.cleaning);
  if (order.empty())
    return Error{Errc::refused, "no event is left after cleaning", "customer_id",
                 "events with customer and time"};
  journey.from = journey.until = rows.time[order.front()];
  for (const std::size_t i : order) {
    journey.from = std::min(journey.from, rows.time[i]);
    journey.until = std::max(journey.until, rows.time[i]);
  }
  std::array<std::map<std::string, Counted>, kPains> where;
  std::array<std::vector<double>, kJourneySteps> waits;
  Walk walk(rows, options, journey, where, waits);
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && rows.customer[order[end]] == rows.customer[order[begin]]) ++end;
    journey.customers.push_back(rows.customer[order[begin]]);
    walk.customer(std::span(order).subspan(begin, end - begin));
    begin = end;
  }
  for (std::size_t p = 0; p < kPains; ++p) {
    for (auto& [name, counted] : where[p]) {
      counted.name = name;
      journey.findings[p].where.push_back(counted);
    }
    std::stable_sort(journey.findings[p].where.begin(), journey.findings[p].where.end(),
                     [](const Counted& a, const Counted& b) { return a.hits > b.hits; });
  }
  for (std::size_t s = 0; s < kJourneySteps; ++s) journey.steps[s].minutes_to_next = median(waits[s]);
  return journey;
}

}  // namespace rapport::study
