#include "engine/detail/inquiry.h"

#include <condition_variable>
#include <mutex>

#include "lens/query_table.h"

namespace rapport::engine {
namespace {

constexpr Duration kCatchUp = minutes(10);
constexpr std::uint64_t kCellsMost = 5'000'000;

}  // namespace

Result<std::string> Inquiry::noun(model::EventKind kind, const std::string& id) {
  return ask_shop<std::string>(
      unit_, [&]() -> Result<std::string> { return std::string(unit_.shop.state().noun(kind, id)); });
}

Result<std::vector<std::pair<std::string, std::string>>> Inquiry::nouns(model::EventKind kind) {
  using All = std::vector<std::pair<std::string, std::string>>;
  return ask_shop<All>(unit_, [&]() -> Result<All> {
    All all;
    for (const std::string_view id : unit_.shop.state().noun_ids(kind))
      all.emplace_back(id, unit_.shop.state().noun(kind, id));
    return all;
  });
}

Result<Instant> Inquiry::now() {
  return ask_shop<Instant>(unit_, [&]() -> Result<Instant> { return unit_.shop.now(); });
}

Result<model::Table> Inquiry::table(const std::string& sql) {
  if (lens_ == nullptr) {
    RAPPORT_TRY(lens_, unit_.mirror.caught_up(known_at_, kCatchUp));
  }
  lens::SqlLimits limits = {};
  limits.rows = kCellsMost;
  limits.ms = options_.limits.sql_ms;
  return lens::query_table(*lens_, sql, limits, false, kCellsMost);
}

Currency Inquiry::currency() const {
  return Currency::parse(unit_.shop.founding().currency).value_or(Currency{{'C', 'N', 'Y'}});
}

Result<EventSeq> Inquiry::publish(std::vector<model::Event> events) {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Result<EventSeq>> answer;
  const auto finish = [&](Result<EventSeq> result) {
    const std::lock_guard lock(mutex);
    answer.emplace(std::move(result));
    done.notify_one();
  };
  IngestRequest request;
  request.events = std::move(events);
  const bool taken = unit_.shop.ingest(std::move(request), [&](Result<model::IngestAnswer> got) {
    if (!got.ok()) return finish(got.error());
    if (got->accepted == 0 && got->duplicate > 0)
      return finish(Error{Errc::conflict, "this was published before"});
    const EventSeq offset = got->offset;
    if (!unit_.shop.read(offset, [&finish, offset] { finish(offset); })) finish(offset);
  });
  if (!taken) return Error{Errc::overloaded, "too many events wait for this shop", "", "again in a second"};
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return answer.has_value(); });
  return std::move(*answer);
}

Result<EventSeq> Inquiry::publish(const NounEvent& noun) {
  RAPPORT_TRY(model::Event event, noun_event(noun, currency()));
  std::vector<model::Event> events;
  events.push_back(std::move(event));
  return publish(std::move(events));
}

void Engine::inquire(ShopNo shop, std::function<Result<std::string>(Inquiry&)> task,
                     Reply<std::string> reply) {
  ShopUnit* found = impl_->unit(shop);
  if (found == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_worker<std::string>(std::move(reply),
                                [this, found, task = std::move(task)]() -> Result<std::string> {
                                  Inquiry inquiry(*found, impl_->options, *impl_->store);
                                  return task(inquiry);
                                });
}

void Engine::inquire_quickly(ShopNo shop, std::function<Result<std::string>(Inquiry&)> task,
                             Reply<std::string> reply) {
  ShopUnit* found = impl_->unit(shop);
  if (found == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_quick<std::string>(std::move(reply),
                               [this, found, task = std::move(task)]() -> Result<std::string> {
                                 Inquiry inquiry(*found, impl_->options, *impl_->store);
                                 return task(inquiry);
                               });
}

double cell(const model::Table& table, std::string_view column, std::size_t row, double fallback) {
  const auto numbers = table.numbers(column);
  if (!numbers.ok() || row >= numbers->size()) return fallback;
  const double value = (*numbers)[row];
  return value == value ? value : fallback;
}

std::size_t row_of(const model::Table& table, std::string_view column, std::string_view text) {
  const auto texts = table.texts(column);
  if (!texts.ok()) return table.rows();
  for (std::size_t i = 0; i < texts->size(); ++i) {
    if ((*texts)[i] == text) return i;
  }
  return table.rows();
}

}  // namespace rapport::engine
