#include "engine/detail/impl.h"
#include "lens/export.h"

// Questions to the lens.
namespace rapport::engine {
namespace {
constexpr Duration kCatchUp = minutes(10);
}

void Engine::sql(ShopNo shop, std::string query, bool reveal, Reply<model::SqlAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_worker<model::SqlAnswer>(
      std::move(reply), [this, unit, query = std::move(query), reveal]() -> Result<model::SqlAnswer> {
        RAPPORT_TRY(const lens::Lens* lens,
                    unit->mirror.caught_up(EventSeq{unit->shop.counters().durable.load()}, kCatchUp));
        lens::SqlLimits limits;
        limits.rows = impl_->options.limits.sql_rows;
        limits.ms = impl_->options.limits.sql_ms;
        return lens->sql(query, limits, reveal);
      });
}

void Engine::export_query(ShopNo shop, std::string query, std::string format, std::string path, bool reveal,
                          Reply<std::uint64_t> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  const auto known = lens::export_format_from_name(format);
  if (!known)
    return reply(Error{Errc::bad_input, fmt::format("no format '{}'", format.substr(0, 20)), "format",
                       "csv, parquet, xlsx or jsonl"});
  lens::ExportRequest request;
  request.query = std::move(query);
  request.format = *known;
  request.path = std::move(path);
  request.reveal = reveal;
  impl_->on_worker<std::uint64_t>(std::move(reply), [unit, request]() -> Result<std::uint64_t> {
    RAPPORT_TRY(const lens::Lens* lens,
                unit->mirror.caught_up(EventSeq{unit->shop.counters().durable.load()}, kCatchUp));
    return lens::export_query(*lens, request);
  });
}

}  // namespace rapport::engine
