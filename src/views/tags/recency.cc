#include "views/detail/purchases.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

// Days since the last purchase, in bands; each ends at an exact moment.
void recency(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  struct Band {
    std::int64_t from_days;
    std::string_view text;
  };
  constexpr Band kBands[] = {{0, "0-7d"},     {7, "7-30d"},      {30, "30-90d"},
                             {90, "90-180d"}, {180, "180-365d"}, {365, "365d+"}};
  const std::vector<detail::Purchase> purchases = detail::purchases_of(facts);
  if (purchases.empty()) return;
  const detail::Purchase& last = purchases.back();
  std::size_t band = 0;
  while (band + 1 < std::size(kBands) && facts.at() - last.time >= days(kBands[band + 1].from_days)) ++band;
  Tag tag{TagLayer::behaviour,
          "recency",
          std::string(kBands[band].text),
          1000,
          last.time + days(kBands[band].from_days),
          std::nullopt,
          "facts"};
  if (band + 1 < std::size(kBands)) tag.until = last.time + days(kBands[band + 1].from_days);
  out.push_back(std::move(tag));
  if (trace != nullptr) {
    trace->push_back(
        {"time since the last purchase that was not cancelled", format_instant(last.time), {last.fact}});
  }
}

}  // namespace rapport::views::tags
