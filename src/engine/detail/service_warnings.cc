#include "engine/detail/service_warnings.h"

#include <fmt/format.h>

namespace rapport::engine {
namespace {

// Below these counts a share is an accident.
constexpr double kGivenLeast = 30, kOfferedLeast = 100, kDeliveredLeast = 20, kRatingsLeast = 10;

double percent(double part, double whole) {
  return whole > 0 ? 100 * part / whole : 0;
}

}  // namespace

std::vector<ServiceWarning> service_warnings(const ServiceFacts& f) {
  std::vector<ServiceWarning> out;
  const double given = f.entitled + f.delivered;
  if (f.price == 0 && given >= kGivenLeast && f.used < 0.3 * given) {
    out.push_back({"giving_presents",
                   fmt::format("Given away and hardly used: {} uses of {} given ({:.0f} %).", f.used, given,
                               percent(f.used, given)),
                   fmt::format("白送却少有人用：送出 {} 次，仅使用 {} 次（{:.0f}%）。", given, f.used,
                               percent(f.used, given)),
                   {{"given", given}, {"used", f.used}}});
  }
  const double take_up = percent(f.held, f.offered);
  if (f.offered >= kOfferedLeast && take_up < 2) {
    out.push_back(
        {"no_demand",
         fmt::format("Offered to {} customers, taken by {} ({:.1f} %).", f.offered, f.held, take_up),
         fmt::format("向 {} 位客户提供，仅 {} 位接受（{:.1f}%）。", f.offered, f.held, take_up),
         {{"offered", f.offered}, {"held", f.held}}});
  } else if (f.offered >= kOfferedLeast && take_up < 10 && !f.has_choice) {
    out.push_back(
        {"one_size",
         fmt::format("One form for everybody, and {:.1f} % of {} customers take it: there are no tiers or "
                     "options to choose from.",
                     take_up, f.offered),
         fmt::format("对所有人一个样：{} 位客户中仅 {:.1f}% 接受，且没有可选的档位或选项。", f.offered,
                     take_up),
         {{"offered", f.offered}, {"held", f.held}}});
  }
  const double failed = f.late + f.errors;
  if (f.delivered >= kDeliveredLeast && failed >= 0.1 * f.delivered) {
    out.push_back(
        {"broken_core",
         fmt::format("{:.0f} % of {} deliveries were late or wrong: mend the service before adding to it.",
                     percent(failed, f.delivered), f.delivered),
         fmt::format("{} 次交付中有 {:.0f}% 延误或出错：先修好服务，再谈增加。", f.delivered,
                     percent(failed, f.delivered)),
         {{"delivered", f.delivered}, {"late", f.late}, {"errors", f.errors}}});
  }
  if (f.alike >= 3 && f.customers >= kOfferedLeast && percent(f.held, f.customers) < 5) {
    out.push_back(
        {"more_is_better",
         fmt::format("One of {} services of its type, held by {:.1f} % of the customers: more is not better.",
                     f.alike + 1, percent(f.held, f.customers)),
         fmt::format("同类服务共有 {} 项，本项仅 {:.1f}% 的客户持有：并非越多越好。", f.alike + 1,
                     percent(f.held, f.customers)),
         {{"alike", f.alike}, {"held", f.held}, {"customers", f.customers}}});
  }
  const double spent = f.cost * f.delivered, earned = f.price * (f.bought + f.renewed);
  if (f.price > 0 && f.delivered >= kDeliveredLeast && spent > earned) {
    out.push_back({"upkeep",
                   fmt::format("Its deliveries cost {:.2f} and it was paid {:.2f}.", spent, earned),
                   fmt::format("交付成本 {:.2f}，收入 {:.2f}，入不敷出。", spent, earned),
                   {{"spent", spent}, {"earned", earned}}});
  }
  const bool disliked = f.ratings >= kRatingsLeast && f.mean_rating < 3;
  if (disliked || (f.has_benefit && f.benefit_high < 0)) {
    out.push_back(
        {"mismatch",
         disliked
             ? fmt::format("Those who had it rate it {:.2f} of 5 ({} ratings).", f.mean_rating, f.ratings)
             : std::string("A published study finds that it does harm."),
         disliked ? fmt::format("用过的客户平均评分 {:.2f}（{} 个评分）。", f.mean_rating, f.ratings)
                  : std::string("已发布的研究表明它有负面效果。"),
         {{"mean_rating", f.mean_rating}, {"ratings", f.ratings}}});
  }
  return out;
}

}  // namespace rapport::engine
