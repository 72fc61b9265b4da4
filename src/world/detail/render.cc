#include "world/detail/render.h"

#include <charconv>

#include "world/detail/prose.h"

namespace rapport::world {
namespace {

using model::EventType;
using model::IdentifierKind;

constexpr std::string_view kSourceKinds[] = {"app", "mini_program", "web"};
constexpr std::string_view kPages[] = {"Home",     "List",   "Product",  "Cart",
                                       "Checkout", "Orders", "Services", "Help"};
constexpr std::string_view kPaths[] = {"/",         "/list",   "/product",  "/cart",
                                       "/checkout", "/orders", "/services", "/help"};
constexpr std::string_view kAreas[] = {"gallery", "specification", "reviews",
                                       "price",   "delivery",      "services"};
constexpr std::string_view kMethods[] = {"alipay",      "wechat_pay", "unionpay",
                                         "credit_card", "balance",    "business_transfer"};
constexpr std::string_view kFailures[] = {"insufficient_balance", "card_limit", "network", "risk_control"};
constexpr std::string_view kCancelReasons[] = {"changed_mind", "wrong_address", "found_cheaper"};
constexpr std::string_view kReturnReasons[] = {"size", "quality", "not_as_described", "changed_mind",
                                               "damaged"};
constexpr std::string_view kReturnStates[] = {"under_review",  "approved",  "rejected",
                                              "pickup_booked", "picked_up", "inspected",
                                              "refunding",     "refunded",  "closed"};
constexpr std::string_view kNodes[] = {"placed",           "packing", "picked_up", "in_transit",
                                       "out_for_delivery", "signed",  "exception"};
constexpr std::string_view kCarriers[] = {"飞隼速运", "远岚快递", "四方物流", "邻里达", "山海配送"};
constexpr std::string_view kShares[] = {"wechat", "moments", "link"};
constexpr std::string_view kWays[] = {"phone", "wechat", "email"};
constexpr std::string_view kPurposes[] = {"marketing", "personalisation"};
constexpr std::string_view kChannels[] = {"app", "sms", "email"};

constexpr std::string_view track_name(Act act) {
  switch (act) {
    case Act::registered:
      return "User Registered";
    case Act::verified:
      return "User Verified";
    case Act::consent:
      return "Consent Updated";
    case Act::referral_made:
      return "Referral Made";
    case Act::referral_joined:
      return "Referral Joined";
    case Act::area:
      return "Area Engaged";
    case Act::list:
      return "Product List Viewed";
    case Act::view:
      return "Product Viewed";
    case Act::search:
      return "Products Searched";
    case Act::compare:
      return "Product Compared";
    case Act::add:
      return "Product Added";
    case Act::remove:
      return "Product Removed";
    case Act::like:
      return "Product Liked";
    case Act::share:
      return "Product Shared";
    case Act::wish:
      return "Product Added to Wishlist";
    case Act::content:
      return "Content Viewed";
    case Act::checkout:
      return "Checkout Started";
    case Act::form_page:
      return "Form Page Viewed";
    case Act::payment_failed:
      return "Payment Failed";
    case Act::order:
      return "Order Completed";
    case Act::cancelled:
      return "Order Cancelled";
    case Act::refunded:
      return "Order Refunded";
    case Act::promised:
      return "Shipment Promised";
    case Act::shipment:
      return "Shipment Updated";
    case Act::return_requested:
      return "Return Requested";
    case Act::return_updated:
      return "Return Updated";
    case Act::contact_started:
      return "Contact Started";
    case Act::message:
      return "Message Posted";
    case Act::contact_ended:
      return "Contact Ended";
    case Act::ticket_opened:
      return "Ticket Opened";
    case Act::ticket_assigned:
      return "Ticket Assigned";
    case Act::ticket_updated:
      return "Ticket Updated";
    case Act::review:
      return "Review Posted";
    case Act::review_followed_up:
      return "Review Followed Up";
    case Act::review_replied:
      return "Review Replied";
    case Act::survey_shown:
      return "Survey Shown";
    case Act::survey_answered:
      return "Survey Answered";
    case Act::service_offered:
      return "Service Offered";
    case Act::service_known:
      return "Service Known";
    case Act::service_bought:
      return "Service Bought";
    case Act::service_entitled:
      return "Service Entitled";
    case Act::service_booked:
      return "Service Booked";
    case Act::service_delivered:
      return "Service Delivered";
    case Act::service_used:
      return "Service Used";
    case Act::service_rated:
      return "Service Rated";
    case Act::service_renewed:
      return "Service Renewed";
    case Act::service_lapsed:
      return "Service Lapsed";
    case Act::points:
      return "Points Changed";
    case Act::coupon_granted:
      return "Coupon Granted";
    case Act::coupon_redeemed:
      return "Coupon Redeemed";
    case Act::coupon_expired:
      return "Coupon Expired";
    case Act::tier:
      return "Tier Changed";
    case Act::recommended:
    case Act::list_shown:
      return "Recommendation Shown";
    case Act::recommended_click:
    case Act::list_clicked:
      return "Recommendation Clicked";
    case Act::recommended_buy:
    case Act::list_bought:
      return "Recommendation Bought";
    case Act::recommended_ignore:
    case Act::list_ignored:
      return "Recommendation Ignored";
    case Act::reach_decided:
      return "Message Decided";
    case Act::reach_sent:
      return "Message Sent";
    case Act::reach_delivered:
      return "Message Delivered";
    case Act::reach_opened:
      return "Message Opened";
    case Act::reach_clicked:
      return "Message Clicked";
    case Act::reach_failed:
      return "Message Failed";
    case Act::assigned:
      return "Experiment Assigned";
    case Act::device:
      return "Device Reported";
    default:
      return "";
  }
}

void append_number(std::int64_t value, std::string& out) {
  char buffer[24];
  out.append(buffer,
             static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, value).ptr - buffer));
}

}  // namespace

std::string_view Renderer::joined(WorldEvent& out, std::string_view a, std::string_view b) {
  scratch_.assign(a);
  scratch_ += b;
  return out.arena.copy(scratch_);
}

std::string_view Renderer::numbered(WorldEvent& out, std::string_view prefix, std::int64_t number) {
  scratch_.assign(prefix);
  append_number(number, scratch_);
  return out.arena.copy(scratch_);
}

std::string_view Renderer::user_id(std::uint32_t index, WorldEvent& out) {
  scratch_.clear();
  append_user_id(index, scratch_);
  return out.arena.copy(scratch_);
}

std::string_view Renderer::own_id(const Frame& f, char kind, std::int64_t number) {
  scratch_.assign(1, kind);
  scratch_.push_back('-');
  append_number(f.act.customer, scratch_);
  scratch_.push_back('-');
  append_number(number, scratch_);
  return f.out.arena.copy(scratch_);
}

void Renderer::head(const Frame& f) {
  WorldEvent& out = f.out;
  out.clear();
  out.timestamp = Instant{f.act.ms};
  out.name = track_name(f.act.act);
  scratch_.assign(tag_);
  scratch_.push_back('-');
  append_number(f.act.customer, scratch_);
  scratch_.push_back('-');
  append_number(f.act.seq, scratch_);
  out.message_id = out.arena.copy(scratch_);
  if (f.act.known) out.identifiers.push_back({IdentifierKind::user_id, user_id(f.act.customer, out)});
  if (f.act.device == kBackOffice) return;
  scratch_.clear();
  append_anonymous_id(shop_.seed, f.act.customer, f.act.device, scratch_);
  out.identifiers.push_back({IdentifierKind::anonymous_id, out.arena.copy(scratch_)});
}

void Renderer::render(const Pending& act, WorldEvent& out) {
  const Frame f{act, &shop_.customers[act.customer], out};
  head(f);
  switch (act.act) {
    case Act::identify:
    case Act::registered:
    case Act::verified:
    case Act::consent:
    case Act::referral_made:
    case Act::referral_joined:
    case Act::alias:
      return person(f);
    case Act::page:
    case Act::area:
    case Act::list:
    case Act::view:
    case Act::search:
    case Act::compare:
    case Act::add:
    case Act::remove:
    case Act::like:
    case Act::share:
    case Act::wish:
    case Act::content:
      return browse(f);
    case Act::checkout:
    case Act::form_page:
    case Act::payment_failed:
    case Act::order:
    case Act::cancelled:
    case Act::refunded:
    case Act::promised:
    case Act::shipment:
      return order(f);
    case Act::return_requested:
    case Act::return_updated:
      return returns(f);
    case Act::contact_started:
    case Act::message:
    case Act::contact_ended:
      return contact(f);
    case Act::ticket_opened:
    case Act::ticket_assigned:
    case Act::ticket_updated:
      return ticket(f);
    case Act::review:
    case Act::review_followed_up:
    case Act::review_replied:
    case Act::survey_shown:
    case Act::survey_answered:
      return voice(f);
    case Act::service_offered:
    case Act::service_known:
    case Act::service_bought:
    case Act::service_entitled:
    case Act::service_booked:
    case Act::service_delivered:
    case Act::service_used:
    case Act::service_rated:
    case Act::service_renewed:
    case Act::service_lapsed:
      return service(f);
    case Act::points:
    case Act::coupon_granted:
    case Act::coupon_redeemed:
    case Act::coupon_expired:
    case Act::tier:
      return member(f);
    default:
      return decision(f);
  }
}

void Renderer::identify(const Frame& f) {
  const Customer& c = *f.customer;
  WorldEvent& out = f.out;
  out.type = EventType::identify;
  scratch_ = person_name(shop_.seed, c);
  out.add("name", out.arena.copy(scratch_));
  scratch_.clear();
  append_user_id(c.index, scratch_);
  scratch_ += "@mail.example.com";
  out.add("email", out.arena.copy(scratch_));
  if (f.act.a == 0) return;  // a login; the rest was told at registration
  scratch_.clear();
  append_phone(c.index, scratch_);
  out.add("phone", out.arena.copy(scratch_));
  const City& city = cities()[c.city];
  out.add("age_band", age_name(c.age));
  out.add("gender", c.female ? std::string_view("female") : std::string_view("male"));
  out.add("region", city.province);
  out.add("city", city.zh);
  out.add("city_tier", numbered(out, "", city.tier));
  out.add("job", job_name(c.job));
  out.add("income_band", income_name(c.income));
  out.add("household", household_name(c));
  out.add("children", c.has_baby ? std::string_view("1") : std::string_view("0"));
  out.add("language", c.english ? std::string_view("en") : std::string_view("zh-CN"));
  out.add("birth_month", std::int64_t{1 + c.index % 12});
  out.add("member_id", numbered(out, "M", 800'000'000 + static_cast<std::int64_t>(c.index)));
  scratch_.clear();
  append_anonymous_id(shop_.seed, c.index, 7, scratch_);
  if (f.act.device == 1) out.add("openid", joined(out, "o", out.arena.copy(scratch_)));
}

void Renderer::person(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  switch (a.act) {
    case Act::identify:
      return identify(f);
    case Act::registered:
      out.add("method", kWays[a.a]);
      out.add("source_kind", kSourceKinds[a.device]);
      return;
    case Act::verified:
      return out.add("method", a.a == 0 ? std::string_view("sms_code") : std::string_view("id_card"));
    case Act::consent:
      out.add("purpose", kPurposes[a.a]);
      out.add("channel", kChannels[a.b]);
      return out.add("granted", a.c != 0);
    case Act::referral_made:
      scratch_ = "phone:";
      append_phone(a.a >= 0 ? static_cast<std::uint32_t>(a.a) : 99'000'000u + static_cast<std::uint32_t>(a.b),
                   scratch_);
      out.add("referred", out.arena.copy(scratch_));
      return out.add("channel", kShares[a.customer % 3]);
    case Act::referral_joined:
      scratch_ = "user_id:";
      append_user_id(static_cast<std::uint32_t>(a.a), scratch_);
      return out.add("referrer", out.arena.copy(scratch_));
    default:
      return;
  }
}

void Renderer::page(const Frame& f) {
  WorldEvent& out = f.out;
  out.type = f.act.device == 2 ? EventType::page : EventType::screen;
  out.name = kPages[f.act.a];
  out.add("name", kPages[f.act.a]);
  if (out.type == EventType::page) out.add("path", kPaths[f.act.a]);
  out.add("source_kind", kSourceKinds[f.act.device]);
}

void Renderer::browse(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  const auto list_category = [&](const Product& p) { out.add("category", categories()[p.category].zh); };
  switch (a.act) {
    case Act::page:
      return page(f);
    case Act::area:
      out.add("page", joined(out, "/product/", product(a.a).id));
      out.add("area", kAreas[first_of(a.b)]);
      out.add("dwell_ms", std::int64_t{second_of(a.b)} * 100);
      return out.add("product_id", std::string_view(product(a.a).id));
    case Act::list:
      out.add("category", categories()[static_cast<std::size_t>(a.a)].zh);
      return out.add("list_id", std::string_view("category"));
    case Act::view: {
      const Product& p = product(a.a);
      const CategorySpec& spec = categories()[p.category];
      out.add("product_id", std::string_view(p.id));
      list_category(p);
      out.add("brand", brand_zh(spec.department, p.brand));
      out.add("scene", spec.scenes[a.seq % 3]);
      out.add("function", spec.functions[static_cast<std::size_t>(a.a) % 3]);
      out.add("price", price_at(a.a, a.ms));
      out.add("currency", std::string_view("CNY"));
      out.add("position", a.c);
      return out.add("dwell_ms", std::int64_t{a.b});
    }
    case Act::search: {
      const CategorySpec& spec = categories()[static_cast<std::size_t>(a.a)];
      std::string_view query = spec.zh;
      switch (first_of(a.b)) {
        case 1:
          query = spec.typo_a;
          break;
        case 2:
          query = spec.typo_b;
          break;
        case 3:
          query = joined(out, spec.functions[a.seq % 3], spec.zh);
          break;
        case 4:
          query = joined(out, spec.scenes[a.seq % 3], spec.zh);
          break;
        case 5:
          query = f.customer->english
                      ? spec.en
                      : joined(out, brand_zh(spec.department, static_cast<int>(a.seq % kBrands)), spec.zh);
          break;
        default:
          break;
      }
      out.add("query", query);
      return out.add("results", std::int64_t{second_of(a.b)});
    }
    case Act::compare: {
      const auto ids = out.arena.array<std::string_view>(a.c >= 0 ? 3 : 2);
      ids[0] = product(a.a).id;
      ids[1] = product(a.b).id;
      if (a.c >= 0) ids[2] = product(a.c).id;
      out.add("product_ids", std::span<const std::string_view>(ids));
      return list_category(product(a.a));
    }
    case Act::add:
    case Act::remove: {
      out.add("product_id", std::string_view(product(a.a).id));
      out.add("quantity", std::int64_t{a.b});
      out.add("price", price_at(a.a, a.ms));
      out.add("currency", std::string_view("CNY"));
      if (a.act == Act::add) list_category(product(a.a));
      return;
    }
    case Act::content: {
      const ContentSpec& content = contents()[static_cast<std::size_t>(a.a)];
      out.add("content_id", content.id);
      out.add("content_kind", content.kind);
      out.add("dwell_ms", std::int64_t{a.b});
      if (!content.term.empty()) out.add("term", content.term);
      if (a.c >= 0) out.add("product_id", std::string_view(product(a.c).id));
      return;
    }
    default:
      out.add("product_id", std::string_view(product(a.a).id));
      if (a.act == Act::share) out.add("channel", kShares[a.b]);
  }
}

void Renderer::order_lines(const Frame& f, int quantities, int coupon) {
  WorldEvent& out = f.out;
  const auto products = static_cast<std::uint64_t>(f.act.c);
  std::size_t count = 0;
  while (count < 4 && line_product(products, static_cast<int>(count)) >= 0) ++count;
  const auto lines = out.arena.array<Line>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t index = line_product(products, static_cast<int>(i));
    lines[i] = {product(index).id, (quantities >> (2 * i) & 3) + 1, price_at(index, f.act.ms)};
  }
  out.add("total",
          Amount{order_total(shop_.assortment, products, quantities, coupon, discount_at(f.act.ms))});
  out.add("currency", std::string_view("CNY"));
  out.add("products", std::span<const Line>(lines));
}

void Renderer::order(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  if (a.act == Act::checkout) return order_lines(f, a.b, 0);
  if (a.act == Act::form_page) {
    out.add("form", a.b == 0 ? std::string_view("checkout") : std::string_view("account_opening"));
    return out.add("page", std::int64_t{a.a});
  }
  out.add("order_id", own_id(f, 'O', a.a));
  switch (a.act) {
    case Act::payment_failed:
      out.add("method", kMethods[first_of(a.b)]);
      out.add("code", kFailures[second_of(a.b)]);
      out.add("total", Amount{a.c});
      return out.add("currency", std::string_view("CNY"));
    case Act::order: {
      const int coupon = a.b >> 8 & 15;
      order_lines(f, a.b & 255, coupon);
      if (coupon != 0) {
        out.add("discount", Amount{coupons()[static_cast<std::size_t>(coupon)].value_fen});
        out.add("coupon_id", coupons()[static_cast<std::size_t>(coupon)].id);
      }
      out.add("method", kMethods[a.b >> 12 & 15]);
      out.add("channel", kSourceKinds[a.device]);
      return out.add("region", cities()[f.customer->city].code);
    }
    case Act::cancelled:
      return out.add("reason", kCancelReasons[a.b]);
    case Act::refunded:
      out.add("amount", Amount{a.c});
      out.add("currency", std::string_view("CNY"));
      return out.add("return_id", own_id(f, 'R', a.a));
    case Act::promised:
      out.add("node", std::string_view("signed"));
      out.add("by", Instant{a.c});
      return out.add("carrier", kCarriers[a.b]);
    default: {
      const int node = first_of(a.b), carrier = second_of(a.b) & 255;
      out.add("node", kNodes[node]);
      out.add("carrier", kCarriers[carrier]);
      if (node >= 2)
        out.add("tracking_number", joined(out, "YD", own_id(f, static_cast<char>('1' + carrier), a.a)));
      out.add("place", node < 3 ? std::string_view("嘉兴") : cities()[f.customer->city].zh);
      if (node == 5) out.add("delivered_late", (second_of(a.b) & 256) != 0);
    }
  }
}

void Renderer::returns(const Frame& f) {
  WorldEvent& out = f.out;
  const Pending& a = f.act;
  out.add("return_id", own_id(f, 'R', a.a));
  out.add("order_id", own_id(f, 'O', a.a));
  if (a.act == Act::return_requested) {
    out.add("reason", kReturnReasons[first_of(a.b)]);
    out.add("product_id", std::string_view(product(a.c).id));
    return out.add("quantity", std::int64_t{1});
  }
  out.add("state", kReturnStates[a.b]);
  if (a.b >= 6) {
    out.add("amount", Amount{a.c});
    out.add("currency", std::string_view("CNY"));
  }
}

}  // namespace rapport::world
