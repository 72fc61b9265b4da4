#include "world/detail/shop.h"

// What customers say: reviews, surveys, and to their friends.
namespace rapport::world {

/// 0-10 from satisfaction, skewed as such scales are: most of the good end is nine and ten, the bad end is
/// long.
int nps_answer(const Customer& c, const Draw& d) {
  const std::int64_t felt = c.mood + d.bell(Tag::mood, 170);
  constexpr std::array<std::int32_t, 10> kSteps = {-780, -640, -520, -400, -280, -150, 0, 150, 330, 520};
  int answer = 0;
  while (answer < 10 && felt >= kSteps[static_cast<std::size_t>(answer)]) ++answer;
  return answer;
}

namespace {

int five(const Customer& c, const Draw& d, std::uint64_t n) {
  const std::int64_t felt = c.mood + d.bell(Tag::mood, 220, n);
  return felt < -450 ? 1 : felt < -180 ? 2 : felt < 120 ? 3 : felt < 430 ? 4 : 5;
}

}  // namespace

/// Surveys: 0 recommendation (NPS), 1 order (satisfaction, delivery, product, price, clarity), 2 contact
/// (satisfaction, speed, expertise, friendliness, solved).
void ask(Shop& shop, Customer& c, const Today& t, int survey, std::int64_t ms, std::int32_t product) {
  const Draw& d = t.draw;
  const auto n = static_cast<std::uint64_t>(survey) * 100 + c.contacts;
  if (survey == 0) c.survey_day = t.day;
  shop.plan(c, back_office(ms, Act::survey_shown, survey));
  // The very pleased and the very angry answer more often: a selection that a study must reckon with.
  const std::int64_t strong = c.mood < 0 ? -c.mood : c.mood;
  if (!d.chance(Tag::answer, 3800 + strong * 3, n)) return;
  std::int32_t answers = 0;
  if (survey == 0) {
    answers = nps_answer(c, d);
  } else {
    for (int item = 0; item < 5; ++item)
      answers |= five(c, d, n + 10 + static_cast<std::uint64_t>(item)) << (4 * item);
  }
  const bool comments = d.chance(Tag::answer, 2600 + strong, n + 1);
  shop.plan(c, back_office(ms + d.between(Tag::answer, 1, 900, n + 2) * kMinuteMs, Act::survey_answered,
                           survey, answers, comments ? product : -1));
}

void review(Shop& shop, Customer& c, const Today& t, std::int32_t order, std::int32_t product,
            int late_hours) {
  const Draw& d = t.draw;
  const auto n = static_cast<std::uint64_t>(order);
  const Product& p = shop.assortment.product(static_cast<std::size_t>(product));
  const std::int64_t felt =
      250 + p.quality + c.mood * 6 / 10 - (late_hours > 24 ? 260 : 0) + d.bell(Tag::rating, 260, n);
  const int rating = felt < -420 ? 1 : felt < -150 ? 2 : felt < 130 ? 3 : felt < 420 ? 4 : 5;
  if (!d.chance(Tag::review, rating <= 2 ? 4200 : rating == 3 ? 2400 : 2100, n)) return;
  const std::int64_t at = t.start_ms + d.between(Tag::review_day, 18, 190, n) * kHourMs;
  const int media = d.chance(Tag::review, 2600, n + 400) ? 1 : 0;
  const int aspect = late_hours > 24 ? 1 : 0;
  shop.plan(c, back_office(at, Act::review, order, pack2(rating, media | aspect << 1), product));
  if (rating <= 3 || d.chance(Tag::reply, 1500, n)) {
    shop.plan(c, back_office(at + d.between(Tag::reply, 2, 40, n + 1) * kHourMs, Act::review_replied, order,
                             pack2(rating, 0), product));
  }
  if (d.chance(Tag::follow_up, 900, n)) {
    const int later = std::clamp(rating + (p.quality > 0 ? 1 : -1), 1, 5);
    shop.plan(c, back_office(at + d.between(Tag::follow_up, 25, 45, n + 1) * kDayMs, Act::review_followed_up,
                             order, pack2(later, 0), product));
  }
}

void tell_friends(Shop& shop, Customer& c, const Today& t) {
  // Those who come by word have been told by somebody: see World::run_day. Others tell people who never come.
  if (c.mood < 380 || c.orders == 0 || c.referred_once || !t.draw.chance(Tag::refer, c.refers ? 1200 : 130))
    return;
  c.referred_once = true;
  shop.plan(c, back_office(t.start_ms + 20 * kHourMs, Act::referral_made, -1,
                           static_cast<std::int32_t>(t.draw.below(Tag::refer, 90'000, 1))));
}

}  // namespace rapport::world
