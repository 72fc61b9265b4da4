#include "engine/detail/impl.h"
#include "engine/detail/shopfront.h"
#include "engine/engine.h"

/// What visitors of the shop see.
namespace rapport::engine {
namespace {

constexpr Duration kReadAhead = milliseconds(100);
constexpr Duration kReadOn = milliseconds(200);

/// Reads the rest of the log in pieces, so that questions are answered in between.
void read_on(Workers& thread, Shopfront& front) {
  [[maybe_unused]] const bool queued = thread.run([&thread, &front] {
    const auto whole = front.refresh(kReadOn);
    if (whole.ok() && !*whole) read_on(thread, front);
  });
}

/// Runs `task` on the shopfront's thread with the window brought up to date.
template <class T>
void on_shopfront(ShopUnit* unit, Workers& thread, Reply<T> reply,
                  std::function<Result<T>(Shopfront&)> task) {
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  auto shared = std::make_shared<Reply<T>>(std::move(reply));
  Shopfront& front = unit->shopfront;
  const bool queued = thread.run([shared, &front, &thread, task = std::move(task)] {
    const bool first = front.is_new();
    const auto whole = front.refresh(kReadAhead);
    (*shared)(whole.ok() ? task(front) : Result<T>(whole.error()));
    if (first && whole.ok() && !*whole) read_on(thread, front);
  });
  if (!queued) (*shared)(Error{Errc::overloaded, "too many visitors at once", "", "again in a second"});
}

}  // namespace

void Engine::shop_products(ShopNo shop, ShopProductQuery query, Reply<model::ShopProductPage> reply) {
  on_shopfront<model::ShopProductPage>(
      impl_->unit(shop), *impl_->shopfront_thread, std::move(reply),
      [query = std::move(query)](Shopfront& front) -> Result<model::ShopProductPage> {
        return front.products(query);
      });
}

void Engine::shop_product(ShopNo shop, std::string id, Reply<model::ShopProduct> reply) {
  on_shopfront<model::ShopProduct>(impl_->unit(shop), *impl_->shopfront_thread, std::move(reply),
                                   [id = std::move(id)](Shopfront& front) { return front.product(id); });
}

void Engine::shop_bestsellers(ShopNo shop, std::string region, std::size_t most,
                              Reply<model::ShopBestsellers> reply) {
  on_shopfront<model::ShopBestsellers>(
      impl_->unit(shop), *impl_->shopfront_thread, std::move(reply),
      [region = std::move(region), most](Shopfront& front) -> Result<model::ShopBestsellers> {
        return front.bestsellers(region, most);
      });
}

void Engine::shop_reviews(ShopNo shop, ShopReviewQuery query, Reply<model::ShopReviews> reply) {
  on_shopfront<model::ShopReviews>(
      impl_->unit(shop), *impl_->shopfront_thread, std::move(reply),
      [query = std::move(query)](Shopfront& front) { return front.reviews(query); });
}

void Engine::noun_names(ShopNo shop, Reply<model::NounNames> reply) {
  on_shopfront<model::NounNames>(impl_->unit(shop), *impl_->shopfront_thread, std::move(reply),
                                 [](Shopfront& front) -> Result<model::NounNames> { return front.names(); });
}

void Engine::shop_services(ShopNo shop, Reply<std::vector<model::NounMembers>> reply) {
  on_shopfront<std::vector<model::NounMembers>>(
      impl_->unit(shop), *impl_->shopfront_thread, std::move(reply),
      [](Shopfront& front) -> Result<std::vector<model::NounMembers>> { return front.services(); });
}

}  // namespace rapport::engine
