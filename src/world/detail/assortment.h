#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "world/pack.h"

/// What the simulated shop sells: categories and services are tables, products are made of them by the seed.
/// Every brand is invented.
namespace rapport::world {

enum class Department : std::uint8_t { appliance, baby, outdoor, beauty, investing };
inline constexpr int kDepartments = 4;  ///< of retail; investing is the brokerage's own

struct ParameterSpec {
  std::string_view name_zh, name_en, unit;
  std::int32_t low = 0, high = 0;  ///< thousandths
  std::string_view term;           ///< not "": an abbreviation that customers ask about
};

/// One category. Prices in whole CNY.
struct CategorySpec {
  Department department;
  std::string_view zh, en;
  std::int32_t price_low, price_high;
  std::array<ParameterSpec, 3> parameters;
  std::array<std::string_view, 3> scenes;
  std::array<std::string_view, 3> functions;
  std::int16_t complement;          ///< index of the category bought after it, -1 = none
  std::int16_t repurchase_days;     ///< > 0: a consumable
  std::int16_t weight;              ///< share of demand
  bool installs;                    ///< large enough to be installed
  std::int16_t defect_permyriad;    ///< per piece
  std::string_view typo_a, typo_b;  ///< how people mistype it
};
std::span<const CategorySpec> categories();
/// Those of a pack are neighbours: [first, last).
struct CategoryRange {
  int first, last;
};
CategoryRange categories_of(Pack pack);
std::string_view department_zh(Department department);
std::string_view department_en(Department department);

struct Product {
  std::uint16_t category = 0;
  std::uint8_t brand = 0;
  std::uint8_t grade = 0;    ///< 0 entry, 1 middle, 2 premium
  std::int16_t quality = 0;  ///< latent, never logged, -500..500
  std::int32_t list_fen = 0;
  std::int32_t stock = 0;
  std::array<std::int32_t, 3> parameters{};  ///< thousandths
  std::string id, name_zh, name_en;
};

enum class Service : std::uint8_t {
  warranty,
  installation,
  trade_in,
  training,
  express,
  membership,
  adviser,
  watch,
  account
};
inline constexpr int kServices = 9;
/// Whether a pack offers it.
bool offered_by(Service service, Pack pack);

struct ServiceSpec {
  std::string_view id, zh, en;
  std::string_view type;           ///< physical information experience
  std::string_view purpose;        ///< technical_support convenience customisation after_sale
  std::string_view stage;          ///< pre_sale sale after_sale
  std::string_view place;          ///< online offline
  std::string_view participation;  ///< passive participating
  std::string_view provider;       ///< own partner
  std::int32_t price_fen, cost_fen;
  std::int32_t standard_hours;
  std::string_view owner;
  std::string_view text_zh, text_en;
};
std::span<const ServiceSpec, kServices> services();

struct ContentSpec {
  std::string_view id, title_zh, title_en, kind, term;
  Department department;
};
std::span<const ContentSpec> contents();

struct CouponSpec {
  std::string_view id;
  std::int32_t value_fen, minimum_fen;
  std::int16_t valid_days;
  std::string_view reason;
};
enum class Coupon : std::uint8_t { none, late_parcel, welcome, cart, win_back, birthday };
std::span<const CouponSpec> coupons();  ///< by Coupon, the first one empty

struct BundleSpec {
  std::string_view id, title_zh, title_en;
  std::int16_t category_a, category_b;
};
std::span<const BundleSpec> bundles();

struct CompetitorSpec {
  std::string_view id, title_zh, title_en;
  std::int16_t category;
  std::int32_t price_percent;  ///< of our mean list price
};
std::span<const CompetitorSpec> competitors();

std::string_view brand_zh(Department department, int brand);
std::string_view brand_en(Department department, int brand);
inline constexpr int kBrands = 6;

/// The products of a seed, and where each category's lie.
class Assortment {
 public:
  Assortment(std::uint64_t seed, int products, Pack pack);
  const Product& product(std::size_t index) const { return products_[index]; }
  std::size_t size() const { return products_.size(); }
  /// Indices of a category's products, the most popular first; never empty for one of the pack's.
  std::span<const std::uint16_t> of(int category) const {
    return by_category_[static_cast<std::size_t>(category)];
  }
  /// Price asked on a day with this shop-wide discount, rounded down to whole yuan above 10 CNY.
  std::int64_t price_fen(std::size_t product, std::int32_t discount) const;

 private:
  std::vector<Product> products_;
  std::vector<std::vector<std::uint16_t>> by_category_;
};

}  // namespace rapport::world
