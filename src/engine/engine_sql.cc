#include "engine/detail/impl.h"
#include "lens/export.h"

// Questions to the lens.
namespace rapport::engine {
namespace {

constexpr Duration kCatchUp = minutes(10);
constexpr std::string_view kTables =
    "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'main' "
    "ORDER BY table_name, ordinal_position";

/// Runs `task` when it is the caller's turn.
template <class T>
void ask_fairly(FairWorkers& askers, const LensQuestion& question, Reply<T> reply,
                std::function<Result<T>()> task) {
  auto shared = std::make_shared<Reply<T>>(std::move(reply));
  const auto taken =
      askers.run(question.caller, [shared, task = std::move(task), cancellation = question.cancellation] {
        if (cancellation && cancellation->cancelled())
          return (*shared)(Error{Errc::conflict, "nobody waits for the answer any more", "cancelled"});
        (*shared)(task());
      });
  if (taken == FairWorkers::Taken::too_many_of_caller) {
    (*shared)(Error{Errc::overloaded, "several questions of this caller are waiting already", "",
                    "one after the other, or again in a few seconds"});
  } else if (taken == FairWorkers::Taken::too_many) {
    (*shared)(Error{Errc::overloaded, "too many questions are waiting", "", "again in a few seconds"});
  }
}

}  // namespace

void Engine::sql(ShopNo shop, LensQuestion question, Reply<model::SqlAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  ask_fairly<model::SqlAnswer>(
      *impl_->askers, question, std::move(reply), [this, unit, question]() -> Result<model::SqlAnswer> {
        RAPPORT_TRY(const lens::Lens* lens,
                    unit->mirror.caught_up(EventSeq{unit->shop.counters().durable.load()}, kCatchUp,
                                           question.cancellation.get()));
        lens::SqlLimits limits;
        limits.rows = impl_->options.limits.sql_rows;
        limits.ms = impl_->options.limits.sql_ms;
        limits.cancellation = question.cancellation.get();
        return lens->sql(question.query, limits, question.reveal);
      });
}

void Engine::sql_tables(ShopNo shop, Reply<model::SqlTablesAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_quick<model::SqlTablesAnswer>(std::move(reply), [this, unit]() -> Result<model::SqlTablesAnswer> {
    RAPPORT_TRY(const lens::Lens* lens, unit->mirror.opened());
    lens::SqlLimits limits;
    limits.ms = impl_->options.limits.sql_ms;
    RAPPORT_TRY(const model::SqlAnswer got, lens->sql(kTables, limits, false));
    model::SqlTablesAnswer answer;
    for (const std::vector<model::SqlValue>& row : got.rows) {
      const auto& table = std::get<std::string>(row[0]);
      if (answer.tables.empty() || answer.tables.back().name != table) answer.tables.push_back({table, {}});
      answer.tables.back().columns.push_back({std::get<std::string>(row[1]), std::get<std::string>(row[2])});
    }
    answer.mirrored = unit->mirror.position();
    answer.log = EventSeq{unit->shop.counters().durable.load()};
    return answer;
  });
}

void Engine::export_query(ShopNo shop, LensQuestion question, std::string format, std::string path,
                          Reply<std::uint64_t> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  const auto known = lens::export_format_from_name(format);
  if (!known)
    return reply(Error{Errc::bad_input, fmt::format("no format '{}'", format.substr(0, 20)), "format",
                       "csv, parquet, xlsx or jsonl"});
  lens::ExportRequest request;
  request.query = question.query;
  request.format = *known;
  request.path = std::move(path);
  request.reveal = question.reveal;
  request.limits.cancellation = question.cancellation.get();
  ask_fairly<std::uint64_t>(
      *impl_->askers, question, std::move(reply),
      [unit, request, held = question.cancellation]() -> Result<std::uint64_t> {
        RAPPORT_TRY(
            const lens::Lens* lens,
            unit->mirror.caught_up(EventSeq{unit->shop.counters().durable.load()}, kCatchUp, held.get()));
        return lens::export_query(*lens, request);
      });
}

}  // namespace rapport::engine
