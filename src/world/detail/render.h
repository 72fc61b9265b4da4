#pragma once

#include <string>
#include <string_view>

#include "world/detail/shop.h"
#include "world/world_event.h"

/// Makes catalogued events of planned acts.
namespace rapport::world {

class Renderer {
 public:
  /// `shop` must outlive the renderer. `tag` begins every message id. Without prose, texts are a constant.
  Renderer(const Shop& shop, std::string tag, bool prose);

  void render(const Pending& act, WorldEvent& out);
  std::size_t nouns() const;
  /// The n-th noun of the catalogue, dated the world's first moment.
  void render_noun(std::size_t n, WorldEvent& out);

 private:
  struct Frame {
    const Pending& act;
    const Customer* customer;
    WorldEvent& out;
  };

  void head(const Frame& f);
  void person(const Frame& f);
  void identify(const Frame& f);
  void browse(const Frame& f);
  void page(const Frame& f);
  void order(const Frame& f);
  void order_lines(const Frame& f, int quantities, int coupon);
  void returns(const Frame& f);
  void contact(const Frame& f);
  void ticket(const Frame& f);
  void voice(const Frame& f);
  void survey_answers(const Frame& f);
  void service(const Frame& f);
  void member(const Frame& f);
  void decision(const Frame& f);
  void product_noun(std::size_t n, WorldEvent& out);
  void service_noun(std::size_t n, WorldEvent& out);
  void other_noun(std::size_t n, WorldEvent& out);

  const Product& product(std::int64_t index) const {
    return shop_.assortment.product(static_cast<std::size_t>(index));
  }
  std::int32_t discount_at(std::int64_t ms) const {
    return shop_.calendar[static_cast<std::size_t>(shop_.day_of(ms))].discount;
  }
  Amount price_at(std::int64_t index, std::int64_t ms) const {
    return {shop_.assortment.price_fen(static_cast<std::size_t>(index), discount_at(ms))};
  }
  /// "O-00000123-4"; `kind` is the first letter.
  std::string_view own_id(const Frame& f, char kind, std::int64_t number);
  std::string_view user_id(std::uint32_t index, WorldEvent& out);
  std::string_view joined(WorldEvent& out, std::string_view a, std::string_view b);
  std::string_view numbered(WorldEvent& out, std::string_view prefix, std::int64_t number);

  const Shop& shop_;
  std::string tag_;
  bool prose_;
  std::string scratch_;
  std::vector<std::size_t> services_;  ///< of the pack
};

}  // namespace rapport::world
