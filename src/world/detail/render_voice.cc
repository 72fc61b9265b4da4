#include "world/detail/prose.h"
#include "world/detail/render.h"

// Events of contacts, reviews, surveys, services, membership and decisions.
namespace rapport::world {
namespace {

constexpr std::string_view kContactChannels[] = {"chat", "phone", "app", "mini_program"};
constexpr std::string_view kTopicNames[] = {"term",  "usage",   "defect", "late_parcel", "size",
                                            "price", "payment", "refund", "unsolved",    "praise"};
constexpr std::string_view kPriorities[] = {"low", "normal", "high", "urgent"};
constexpr std::string_view kTicketStates[] = {"open",        "located",  "waiting",   "solved",
                                              "called_back", "reopened", "escalated", "closed"};
constexpr std::string_view kWriters[] = {"customer", "agent", "bot"};
constexpr std::string_view kSurveys[] = {"nps", "order_csat", "contact_csat"};
constexpr std::string_view kItems[3][5] = {{"nps", "", "", "", ""},
                                           {"csat", "delivery", "product", "price", "clarity"},
                                           {"csat", "speed", "expertise", "friendliness", "solved"}};
constexpr std::string_view kTiers[] = {"bronze", "silver", "gold", "platinum"};
constexpr std::string_view kScenes[] = {"onboarding", "related_need", "value_lift", "win_back", "home"};
constexpr std::string_view kReachChannels[] = {"app", "sms", "mini_program"};
constexpr std::string_view kMeasures[] = {"filter_left_percent",    "battery_health_percent",
                                          "margin_ratio_percent",   "deposit_cny",
                                          "forced_liquidation_cny", "withdrawal_cny"};
constexpr std::string_view kReachReasons[] = {"win_back", "margin_warning"};
constexpr std::string_view kShort = "-";

}  // namespace

void Renderer::contact(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  out.add("contact_id", own_id(f, 'K', a.a));
  if (a.act == Act::contact_ended) return out.add("agent", numbered(out, "agent-", a.b + 1));
  const auto index = static_cast<std::int32_t>(a.c & 0xffffffff);
  const Product& p = product(index);
  if (a.act == Act::contact_started) {
    out.add("channel", kContactChannels[first_of(a.b)]);
    const int topic = second_of(a.b);
    out.add("reason", kTopicNames[topic]);
    out.add("product_id", std::string_view(p.id));
    if (const std::int64_t order = a.c >> 32; order > 0) out.add("order_id", own_id(f, 'O', order));
    const std::string_view term = categories()[p.category].parameters[0].term;
    if (topic == static_cast<int>(Topic::term) && !term.empty()) out.add("term", term);
    return;
  }
  const int who = first_of(a.b), step = static_cast<int>(a.c >> 32 & 255);
  out.add("from", kWriters[who]);
  std::string_view text = kShort;
  if (prose_) {
    scratch_.clear();
    write_message({&p, static_cast<Topic>(second_of(a.b)), 3, f.customer->english, false,
                   Draw(shop_.seed, a.customer, a.seq + 0x70000000ull)},
                  who, step, scratch_);
    text = out.arena.copy(scratch_);
  }
  out.add("text", text);
  if (who == 1) out.add("agent", numbered(out, "agent-", (a.c >> 40) + 1));
}

void Renderer::ticket(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  out.add("ticket_id", own_id(f, 'T', a.a));
  if (a.act == Act::ticket_opened) {
    out.add("class", Desk::class_of_topic(first_of(a.b)));
    out.add("priority", kPriorities[second_of(a.b)]);
    out.add("contact_id", own_id(f, 'K', a.c & 0xffffffff));
    if (const std::int64_t order = a.c >> 32; order > 0) out.add("order_id", own_id(f, 'O', order));
    return;
  }
  if (a.act == Act::ticket_updated) out.add("state", kTicketStates[first_of(a.b)]);
  out.add("agent", numbered(out, "agent-", (a.act == Act::ticket_updated ? second_of(a.b) : a.b) + 1));
}

void Renderer::survey_answers(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  const std::size_t items = a.a == 0 ? 1 : 5;
  const bool comments = a.c >= 0;
  const auto answers = out.arena.array<Answer>(items + (comments ? 1 : 0));
  for (std::size_t i = 0; i < items; ++i) answers[i] = {kItems[a.a][i], a.b >> (4 * i) & 15, {}};
  if (comments) {
    std::string_view text = kShort;
    if (prose_) {
      const int mood = a.a == 0 ? ((a.b & 15) >= 9 ? 5 : (a.b & 15) >= 7 ? 3 : 1) : a.b & 15;
      scratch_.clear();
      write_comment({&product(a.c), Topic::usage, mood, f.customer->english, false,
                     Draw(shop_.seed, a.customer, a.seq + 0x71000000ull)},
                    scratch_);
      text = out.arena.copy(scratch_);
    }
    answers[items] = {"comment", 0, text};
  }
  out.add("answers", std::span<const Answer>(answers));
}

void Renderer::voice(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  if (a.act == Act::survey_shown || a.act == Act::survey_answered) {
    out.add("survey_id", kSurveys[a.a]);
    out.add("channel", std::string_view("app"));
    if (a.act == Act::survey_answered) survey_answers(f);
    return;
  }
  out.add("review_id", own_id(f, 'V', a.a));
  const int rating = first_of(a.b), marks = second_of(a.b);
  std::string_view text = kShort;
  if (prose_) {
    const Speech speech{&product(a.c),    Topic::usage,
                        rating,           f.customer->english,
                        (marks & 2) != 0, Draw(shop_.seed, a.customer, a.seq + 0x72000000ull)};
    scratch_.clear();
    if (a.act == Act::review)
      write_review(speech, scratch_);
    else if (a.act == Act::review_followed_up)
      write_follow_up(speech, scratch_);
    else
      write_reply(speech, scratch_);
    text = out.arena.copy(scratch_);
  }
  if (a.act == Act::review) out.add("product_id", std::string_view(product(a.c).id));
  if (a.act != Act::review_replied) out.add("rating", Thousandths{rating * 1000});
  out.add("text", text);
  if (a.act != Act::review) return;
  out.add("order_id", own_id(f, 'O', a.a));
  out.add("has_media", (marks & 1) != 0);
  out.add("verified", true);
}

void Renderer::service(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  const ServiceSpec& spec = services()[static_cast<std::size_t>(a.a)];
  out.add("service_id", spec.id);
  const auto price = [&] {
    out.add("price", Amount{spec.price_fen});
    out.add("currency", std::string_view("CNY"));
  };
  switch (a.act) {
    case Act::service_offered:
      out.add("order_id", own_id(f, 'O', a.b));
      out.add("product_id", std::string_view(product(a.c).id));
      return price();
    case Act::service_bought:
      price();
      out.add("order_id", own_id(f, 'O', a.b));
      return out.add("until", Instant{a.c});
    case Act::service_entitled:
      return out.add("until", Instant{a.c});
    case Act::service_booked:
      return out.add("for", Instant{a.c});
    case Act::service_delivered:
      out.add("on_time", first_of(a.b) != 0);
      return out.add("error", second_of(a.b) != 0);
    case Act::service_rated:
      return out.add("rating", Thousandths{a.b * 1000});
    case Act::service_renewed:
      price();
      return out.add("until", Instant{a.c});
    default:
      return;
  }
}

void Renderer::member(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  if (a.act == Act::points) {
    out.add("delta", std::int64_t{a.a});
    out.add("reason", first_of(a.b) == 0 ? std::string_view("purchase") : std::string_view("redeemed"));
    out.add("balance", a.c);
    return out.add("order_id", own_id(f, 'O', second_of(a.b)));
  }
  if (a.act == Act::tier) return out.add("tier", kTiers[a.a]);
  const CouponSpec& coupon = coupons()[static_cast<std::size_t>(a.a)];
  out.add("coupon_id", coupon.id);
  if (a.act == Act::coupon_redeemed) out.add("order_id", own_id(f, 'O', a.b));
  if (a.act != Act::coupon_granted) return;
  out.add("coupon_value", Amount{coupon.value_fen});
  out.add("currency", std::string_view("CNY"));
  out.add("until", Instant{a.c});
  out.add("reason", coupon.reason);
}

void Renderer::decision(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  if (a.act == Act::assigned) {
    constexpr std::string_view kTrials[] = {"E-express", "E-notice", "E-margin", "E-recommend"};
    constexpr std::string_view kTreated[] = {"offer", "notice", "watch", "recommend"};
    if (a.a >= kServiceTrials) {
      constexpr std::string_view kPilots[] = {"E-S-warranty", "E-S-install", "E-S-tradein",
                                              "E-S-training", "E-S-express", "E-S-member",
                                              "E-S-adviser",  "E-S-watch",   "E-S-account"};
      static_assert(std::size(kPilots) == kServices);
      out.add("experiment_id", kPilots[a.a - kServiceTrials]);
      return out.add("arm", std::string_view(a.b != 0 ? "service" : "control"));
    }
    out.add("experiment_id", kTrials[a.a]);
    return out.add("arm", a.b != 0 ? kTreated[a.a] : std::string_view("control"));
  }
  if (a.act == Act::device) {
    out.add("device_kind",
            a.a < 0 ? std::string_view("trading_account") : categories()[product(a.a).category].en);
    out.add("measure", kMeasures[a.b]);
    out.add("value", Thousandths{a.c});
    if (a.a >= 0) out.add("product_id", std::string_view(product(a.a).id));
    return;
  }
  if (a.act >= Act::reach_decided) {
    out.add("decision_id", own_id(f, 'm', a.a));
    out.add("channel", kReachChannels[first_of(a.b)]);
    if (a.act == Act::reach_decided) out.add("reason", kReachReasons[second_of(a.b)]);
    return;
  }
  if (a.act >= Act::list_shown) {
    const ShownList& list = shop_.lists.at(a.c);
    const ShownItem& item = list.items[static_cast<std::size_t>(first_of(a.b) - 1)];
    out.add("decision_id", std::string_view(list.decision_id));
    out.add("position", std::int64_t{first_of(a.b)});
    out.add("item", std::string_view(item.id));
    out.add("item_kind", std::string_view(item.kind));
    out.add("scene_id", std::string_view(list.scene));
    if (a.act == Act::list_bought) out.add("order_id", own_id(f, 'O', second_of(a.b)));
    return;
  }
  const bool bought = a.act == Act::recommended_buy;
  const int scene = bought ? first_of(a.b) >> 4 : second_of(a.b);
  out.add("decision_id", own_id(f, 'd', a.c));
  out.add("position", std::int64_t{bought ? first_of(a.b) & 15 : first_of(a.b)});
  out.add("item", std::string_view(product(a.a).id));
  out.add("item_kind", std::string_view("product"));
  out.add("scene_id", kScenes[scene]);
  if (bought) out.add("order_id", own_id(f, 'O', second_of(a.b)));
}

}  // namespace rapport::world
