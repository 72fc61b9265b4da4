#include "engine/engine_study.h"

#include "engine/detail/impl.h"
#include "lens/query_table.h"
#include "study/study.h"

// Studies over a shop's own facts.
namespace rapport::engine {
namespace {

constexpr Duration kCatchUp = minutes(10);
/// As many cells as the whole of a large survey; beyond it a study belongs to the command line.
constexpr std::uint64_t kCellsMost = 20'000'000;
/// A bootstrap runs on the server's time.
constexpr std::int64_t kReplicatesMost = 10'000;

Status check_draws(const study::Options& options) {
  for (const char* name : {"bootstrap", "replicates"}) {
    RAPPORT_TRY([[maybe_unused]] const std::int64_t draws, options.whole(name, 0, 0, kReplicatesMost));
  }
  return {};
}

std::string_view question_of(const StudyQuery& query) {
  if (!query.sql.empty()) return query.sql;
  for (const study::Method& method : study::methods()) {
    if (method.name == query.method) return method.shop_query;
  }
  return {};
}

Result<std::string> run(const lens::Lens& lens, const StudyQuery& query, const lens::SqlLimits& limits) {
  RAPPORT_TRY(const study::Language language, study::parse_language(query.language));
  study::Options options;
  for (const auto& [name, value] : query.options) options.add(name, value);
  RAPPORT_CHECK(check_draws(options));
  model::Table table;
  if (const std::string_view sql = question_of(query); !sql.empty()) {
    RAPPORT_TRY(table, lens::query_table(lens, sql, limits, query.reveal, kCellsMost));
  }
  RAPPORT_TRY(const study::Report report, study::run_study(query.method, table, options));
  return query.format == StudyFormat::html ? study::render_html(report, language)
                                           : study::render_json(report);
}

}  // namespace

std::vector<StudyMethod> study_methods() {
  std::vector<StudyMethod> all;
  for (const study::Method& method : study::methods()) {
    StudyMethod& out =
        all.emplace_back(StudyMethod{method.name, method.purpose, method.shop_query, method.needs_table, {}});
    for (const study::OptionSpec& option : method.options)
      out.options.push_back({option.name, option.value, option.help});
  }
  return all;
}

void Engine::study(ShopNo shop, StudyQuery query, Reply<std::string> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  // One at a time: the other worker stays free for questions.
  if (impl_->studying.exchange(true)) {
    return reply(
        Error{Errc::overloaded, "another study is under way", "", "again in a few seconds, one at a time"});
  }
  auto finished = [this, reply = std::move(reply)](Result<std::string> answer) {
    impl_->studying = false;
    reply(std::move(answer));
  };
  impl_->on_worker<std::string>(
      std::move(finished), [this, unit, query = std::move(query)]() -> Result<std::string> {
        RAPPORT_TRY(const lens::Lens* lens,
                    unit->mirror.caught_up(EventSeq{unit->shop.counters().durable.load()}, kCatchUp));
        lens::SqlLimits limits = {};
        limits.rows = kCellsMost;
        limits.bytes = std::size_t{1} << 30;
        limits.ms = impl_->options.limits.sql_ms;
        return run(*lens, query, limits);
      });
}

}  // namespace rapport::engine
