#include "engine/detail/parcel_policy.h"

#include "engine/detail/noun_members.h"

namespace rapport::engine {
namespace {

constexpr std::size_t kCouponMost = 64;

Result<Duration> duration_of(const NounMembers& body, std::string_view name, Duration otherwise,
                             Duration least, Duration most, const std::string& where) {
  if (!body.find(name).present()) return otherwise;
  const auto parsed = parse_duration(body.text(name));
  if (parsed.ok() && *parsed >= least && *parsed <= most) return *parsed;
  return Error{Errc::bad_input, "no such span of time", where,
               fmt::format("{} to {}, such as 24h", format_duration(least), format_duration(most))};
}

Result<std::int64_t> whole_of(const NounMembers& body, std::string_view name, std::int64_t otherwise,
                              std::int64_t least, std::int64_t most) {
  if (!body.find(name).present()) return otherwise;
  const auto number = body.number(name);
  if (number && *number >= static_cast<double>(least) && *number <= static_cast<double>(most) &&
      *number == static_cast<double>(static_cast<std::int64_t>(*number)))
    return static_cast<std::int64_t>(*number);
  return Error{Errc::bad_input, "no such number", "caps." + std::string(name),
               fmt::format("a whole number from {} to {}", least, most)};
}

Status read_compensation(const NounMembers& body, Currency shop, ParcelPolicy& policy) {
  if (!body.find("compensation").present()) return {};
  RAPPORT_TRY(const auto given, NounMembers::parse(body.raw("compensation")));
  ParcelPolicy::Compensation out;
  out.currency = shop;
  if (const std::string currency = given->text("currency"); !currency.empty()) {
    const auto parsed = Currency::parse(currency);
    if (!parsed.ok()) return Error{Errc::bad_input, "no currency", "compensation.currency", "such as CNY"};
    out.currency = *parsed;
  }
  out.coupon = given->text("coupon");
  if (out.coupon.empty() || out.coupon.size() > kCouponMost)
    return Error{Errc::bad_input, "no coupon is named", "compensation.coupon", "1 to 64 bytes"};
  const auto value = given->minor("value", out.currency);
  if (!value || *value <= 0)
    return Error{Errc::bad_input, "no value", "compensation.value", "more than nothing, such as \"5.00\""};
  out.minor = *value;
  RAPPORT_TRY(out.valid,
              duration_of(*given, "valid", out.valid, hours(1), days(3'650), "compensation.valid"));
  RAPPORT_TRY(out.after,
              duration_of(*given, "after", out.after, Duration{0}, days(60), "compensation.after"));
  policy.compensation = std::move(out);
  return {};
}

Status read_caps(const NounMembers& body, ParcelPolicy& policy) {
  if (!body.find("caps").present()) return {};
  RAPPORT_TRY(const auto caps, NounMembers::parse(body.raw("caps")));
  RAPPORT_TRY(policy.customer_most, whole_of(*caps, "customer", policy.customer_most, 0, 1'000));
  RAPPORT_TRY(policy.day_most, whole_of(*caps, "day", policy.day_most, 0, 1'000'000));
  RAPPORT_TRY(policy.days_back, whole_of(*caps, "days", policy.days_back, 1, 366));
  if (!caps->find("budget").present()) return {};
  const Currency currency = policy.compensation ? policy.compensation->currency : Currency{};
  policy.budget_minor = policy.compensation ? caps->minor("budget", currency) : std::nullopt;
  if (!policy.budget_minor || *policy.budget_minor < 0)
    return Error{Errc::bad_input, "no budget", "caps.budget", "an amount, of a compensation"};
  return {};
}

Status read_channels(const NounMembers& body, ParcelPolicy& policy) {
  const codec::JsonValue channels = body.find("channels");
  if (!channels.present()) return {};
  const Error wrong{Errc::bad_input, "no channels", "channels", "a list of app and email"};
  if (!channels.is(codec::JsonKind::array)) return wrong;
  policy.app = policy.email = false;
  for (codec::JsonItems items(channels); items.next();) {
    const std::string name = items.value().is(codec::JsonKind::string) ? items.value().text() : "";
    if (name != "app" && name != "email") return wrong;
    (name == "app" ? policy.app : policy.email) = true;
  }
  return {};
}

Result<std::optional<double>> share_of(const NounMembers& body, std::string_view name, double least,
                                       double most) {
  if (!body.find(name).present()) return std::optional<double>();
  const auto share = body.number(name);
  if (share && *share >= least && *share <= most) return share;
  return Error{Errc::bad_input, "no such share", std::string(name), fmt::format("{} to {}", least, most)};
}

}  // namespace

Result<ParcelPolicy> ParcelPolicy::parse(std::string_view text, Currency shop) {
  RAPPORT_TRY(const auto body, NounMembers::parse(text));
  ParcelPolicy policy;
  RAPPORT_TRY(policy.threshold, share_of(*body, "threshold", 0.05, 1));
  RAPPORT_TRY(const std::optional<double> wrong, share_of(*body, "false_warnings", 0, 0.5));
  policy.false_warnings = wrong.value_or(policy.false_warnings);
  if (policy.threshold && wrong)
    return Error{Errc::bad_input, "both a threshold and a share of false warnings", "threshold",
                 "one of them"};
  RAPPORT_TRY(policy.patience,
              duration_of(*body, "patience", policy.patience, hours(1), days(60), "patience"));
  RAPPORT_CHECK(read_compensation(*body, shop, policy));
  RAPPORT_CHECK(read_caps(*body, policy));
  RAPPORT_CHECK(read_channels(*body, policy));
  policy.since = body->time("since").value_or(Instant::never());
  return policy;
}

}  // namespace rapport::engine
