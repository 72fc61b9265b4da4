#include "world/detail/assortment.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "world/detail/draw.h"

namespace rapport::world {
namespace {

constexpr std::string_view kSeries[] = {"A", "S", "X", "M", "Air", "Pro", "Lite", "Neo", "One", "Max"};

Product make_product(std::uint64_t seed, std::size_t index, std::uint16_t category) {
  const Draw draw(seed, index, 0x9d);
  const CategorySpec& spec = categories()[category];
  Product p;
  p.category = category;
  p.brand = static_cast<std::uint8_t>(draw.below(Tag::brand, kBrands));
  const std::int64_t grade = draw.below(Tag::brand, 100, 1);
  p.grade = grade < 45 ? 0 : grade < 82 ? 1 : 2;
  p.quality = static_cast<std::int16_t>(
      std::clamp<std::int64_t>(draw.bell(Tag::quality, 190) + 60 * (p.grade - 1), -500, 500));
  // Each grade takes a third of the range; within it prices crowd towards the lower end.
  const std::int64_t span = (spec.price_high - spec.price_low) / 3;
  const std::int64_t along = draw.below(Tag::price, 1000) * draw.below(Tag::price, 1000, 1) / 1000;
  const std::int64_t yuan = spec.price_low + span * p.grade + span * along / 1000;
  p.list_fen = static_cast<std::int32_t>((yuan / 10 * 10 + 9) * 100);
  p.stock = static_cast<std::int32_t>(draw.between(Tag::stock, 0, 400));
  for (std::size_t i = 0; i < 3; ++i) {
    const ParameterSpec& parameter = spec.parameters[i];
    const std::int64_t step = parameter.high - parameter.low >= 100'000  ? 10'000
                              : parameter.high - parameter.low >= 10'000 ? 1'000
                                                                         : 100;
    const std::int64_t value = draw.between(Tag::param, parameter.low, parameter.high, i);
    p.parameters[i] = static_cast<std::int32_t>(value / step * step);
  }
  const auto series = kSeries[draw.below(Tag::name, std::size(kSeries))];
  const auto function = spec.functions[static_cast<std::size_t>(draw.below(Tag::name, 3, 1))];
  const auto number = draw.between(Tag::name, 1, 9, 2);
  p.id = fmt::format("P{:04}", index + 1);
  p.name_zh =
      fmt::format("{} {}{} {}{}", brand_zh(spec.department, p.brand), series, number, function, spec.zh);
  p.name_en = fmt::format("{} {}{} {}", brand_en(spec.department, p.brand), series, number, spec.en);
  return p;
}

}  // namespace

Assortment::Assortment(std::uint64_t seed, int products, Pack pack) {
  const auto [begin, end] = categories_of(pack);
  ASSERT(products >= end - begin && products <= 32'000);
  std::int64_t total = 0;
  for (int i = begin; i < end; ++i) total += categories()[static_cast<std::size_t>(i)].weight;
  by_category_.resize(categories().size());
  products_.reserve(static_cast<std::size_t>(products));
  for (int i = 0; i < products; ++i) {
    int category = begin + i;  // one of each first, so that none is empty
    if (category >= end) {
      std::int64_t at = Draw(seed, static_cast<std::uint64_t>(i), 0x9e).below(Tag::category, total);
      for (category = begin; at >= categories()[static_cast<std::size_t>(category)].weight; ++category)
        at -= categories()[static_cast<std::size_t>(category)].weight;
    }
    by_category_[static_cast<std::size_t>(category)].push_back(static_cast<std::uint16_t>(i));
    products_.push_back(
        make_product(seed, static_cast<std::size_t>(i), static_cast<std::uint16_t>(category)));
  }
}

std::int64_t Assortment::price_fen(std::size_t product, std::int32_t discount) const {
  const std::int64_t list = products_[product].list_fen;
  return discount == 0 ? list : list * (1000 - discount) / 1000 / 100 * 100;
}

}  // namespace rapport::world
