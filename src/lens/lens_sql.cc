#include <chrono>
#include <condition_variable>
#include <new>
#include <thread>

#include "base/time.h"
#include "lens/detail/lens_state.h"
#include "lens/detail/query_memory.h"
#include "lens/lens.h"

namespace rapport::lens {

using detail::DuckConnection;
using detail::DuckRows;

namespace {

// Interrupts a connection when its time is over.
class Deadline {
 public:
  Deadline(const DuckConnection& connection, std::int64_t ms)
      : thread_([this, &connection, ms] {
          std::unique_lock lock(mutex_);
          if (done_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return over_; })) return;
          late_ = true;
          connection.interrupt();
        }) {}
  ~Deadline() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    done_.notify_all();
    thread_.join();
  }
  bool late() const {
    const std::lock_guard lock(mutex_);
    return late_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable done_;
  bool over_ = false, late_ = false;
  std::thread thread_;
};

// Told of to Lens::end_queries() while it lives.
class UnderWay {
 public:
  UnderWay(detail::RunningQueries& running, const DuckConnection& connection)
      : running_(running), connection_(connection) {
    const std::lock_guard lock(running_.mutex);
    running_.connections.push_back(&connection_);
  }
  ~UnderWay() {
    const std::lock_guard lock(running_.mutex);
    std::erase(running_.connections, &connection_);
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  bool ended() const {
    const std::lock_guard lock(running_.mutex);
    return running_.ended;
  }

 private:
  detail::RunningQueries& running_;
  const DuckConnection& connection_;
};

struct FreeStatements {
  void operator()(duckdb_extracted_statements statements) const { duckdb_destroy_extracted(&statements); }
};
using Statements = std::unique_ptr<std::remove_pointer_t<duckdb_extracted_statements>, FreeStatements>;

class Prepared {
 public:
  Prepared() = default;
  ~Prepared() { duckdb_destroy_prepare(&statement); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  duckdb_prepared_statement statement = nullptr;
};

constexpr std::string_view kOneSelect = "one SELECT over the tables of docs/sql.md";

// The word that the query begins with, lower case, behind blanks, comments and brackets.
std::string first_word(std::string_view query) {
  for (;;) {
    const std::size_t start = query.find_first_not_of(" \t\r\n\f\v(");
    if (start == std::string_view::npos) return {};
    query.remove_prefix(start);
    const bool line = query.starts_with("--"), block = query.starts_with("/*");
    if (!line && !block) break;
    const std::size_t end = query.find(line ? "\n" : "*/", 2);
    if (end == std::string_view::npos) return {};
    query.remove_prefix(end + (line ? 1 : 2));
  }
  std::string word;
  for (const char c : query) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower < 'a' || lower > 'z') break;
    word.push_back(lower);
  }
  return word;
}

// DuckDB also calls PRAGMA and CALL statements SELECTs; those begin otherwise.
bool begins_like_reading(std::string_view query) {
  constexpr std::string_view kWords[] = {"select", "with",    "from",     "values", "table",
                                         "pivot",  "unpivot", "describe", "show",   "summarize"};
  const std::string word = first_word(query);
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

// What a name that DuckDB does not know could have been. DuckDB itself names near ones; these are all.
std::string hint_of(const DuckConnection& connection, std::string_view message) {
  if (message.starts_with("Catalog Error: Table")) {
    auto tables = DuckRows::start(
        connection, "SELECT coalesce(string_agg(name, ', ' ORDER BY name), '') FROM (SHOW TABLES)");
    if (!tables.ok()) return std::string(kOneSelect);
    const auto rows = tables->next_chunk();
    return rows.ok() && *rows == 1 ? fmt::format("one of the tables {}", tables->bytes(0, 0))
                                   : std::string(kOneSelect);
  }
  if (message.starts_with("Binder Error: Referenced column"))
    return "a column of these tables: DESCRIBE table lists them, so does docs/sql.md";
  return {};
}

// Exactly one statement, and that a SELECT; everything else is refused before it could do anything.
Status prepare_select(const DuckConnection& connection, std::string_view query, Prepared& out) {
  if (query.find('\0') != std::string_view::npos) {
    return Error{Errc::bad_input, "the query holds a zero byte", "query", std::string(kOneSelect)};
  }
  if (!begins_like_reading(query)) {
    return Error{Errc::bad_input, "only reading is allowed", "query", std::string(kOneSelect)};
  }
  duckdb_extracted_statements raw = nullptr;
  const idx_t count = duckdb_extract_statements(connection.get(), std::string(query).c_str(), &raw);
  const Statements statements(raw);
  if (count == 0) {
    const char* message = duckdb_extract_statements_error(raw);
    return Error{Errc::bad_input, message == nullptr ? "the query is empty" : detail::duck_message(message),
                 "query", std::string(kOneSelect)};
  }
  if (count > 1) {
    return Error{Errc::bad_input, fmt::format("{} statements", count), "query", std::string(kOneSelect)};
  }
  if (duckdb_prepare_extracted_statement(connection.get(), raw, 0, &out.statement) != DuckDBSuccess) {
    std::string message = detail::duck_message(duckdb_prepare_error(out.statement));
    std::string expected = hint_of(connection, message);
    return Error{Errc::bad_input, std::move(message), "query", std::move(expected)};
  }
  const auto type = duckdb_prepared_statement_type(out.statement);
  if (type != DUCKDB_STATEMENT_TYPE_SELECT) {
    return Error{Errc::bad_input, "only reading is allowed", "query", std::string(kOneSelect)};
  }
  if (duckdb_nparams(out.statement) > 0) {
    return Error{Errc::bad_input, "the query has parameters", "query", "values written out"};
  }
  return {};
}

std::size_t bytes_of(const model::SqlValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? 8 : text->size() + 8;
}

/// Collects an answer up to the row limit.
class Collect final : public SqlSink {
 public:
  explicit Collect(model::SqlAnswer& answer) : answer_(answer) {}
  Status columns(const std::vector<std::string>& names, const std::vector<std::string>& types) override {
    answer_.names = names;
    answer_.types = types;
    return {};
  }
  Status row(std::vector<model::SqlValue> values) override {
    answer_.rows.push_back(std::move(values));
    return {};
  }

 private:
  model::SqlAnswer& answer_;
};

enum class RowsOver { cut_off, refused };

struct Streamed {
  std::uint64_t rows = 0;
  bool cut_off = false;
};

Result<Streamed> send_rows(DuckRows& rows, const SqlLimits& limits, RowsOver over, SqlSink& sink) {
  RAPPORT_CHECK(sink.columns(rows.names(), rows.types()));
  Streamed out;
  std::size_t bytes = 0;
  for (;;) {
    RAPPORT_TRY(const std::size_t n, rows.next_chunk());
    if (n == 0) return out;
    for (std::size_t i = 0; i < n; ++i) {
      if (out.rows == limits.rows) {
        out.cut_off = true;
        if (over == RowsOver::cut_off) return out;
        return Error{Errc::too_large, fmt::format("more than {} rows", limits.rows), "query", "a LIMIT"};
      }
      std::vector<model::SqlValue> values(rows.names().size());
      for (std::size_t c = 0; c < values.size(); ++c) {
        // Nothing is copied that would be refused afterwards.
        const std::size_t left = limits.bytes - bytes;
        values[c] = rows.value(c, i, left);
        const std::size_t taken = bytes_of(values[c]);
        if (taken > left) {
          return Error{Errc::too_large, fmt::format("an answer of more than {} bytes", limits.bytes), "query",
                       "fewer rows or columns"};
        }
        bytes += taken;
      }
      RAPPORT_CHECK(sink.row(std::move(values)));
      ++out.rows;
    }
  }
}

}  // namespace

/// One query from its text to its last row, on the caller's thread.
struct QueryRun {
  const SqlLimits& limits;
  RowsOver over;
  LensPosition known_at;

  Result<Streamed> run(const Lens::State& state, std::mutex& publish, std::string_view query, bool reveal,
                       SqlSink& sink);

 private:
  Result<Streamed> answer(const DuckConnection& connection, const Lens::State& state, std::mutex& publish,
                          std::string_view query, bool reveal, SqlSink& sink);
};

Result<Streamed> QueryRun::run(const Lens::State& state, std::mutex& publish, std::string_view query,
                               bool reveal, SqlSink& sink) {
  if (query.size() > limits.query_bytes) {
    return Error{Errc::too_large, fmt::format("a query of {} bytes", query.size()), "query",
                 fmt::format("at most {} bytes", limits.query_bytes)};
  }
  RAPPORT_TRY(const DuckConnection connection, DuckConnection::connect(state.duck));
  const UnderWay under_way(state.running, connection);
  const Error stopping{Errc::unavailable, "the server is stopping"};
  if (under_way.ended()) return stopping;
  detail::QueryMemory memory(connection, limits.memory_bytes > 0
                                             ? limits.memory_bytes
                                             : (state.options.memory_mb + state.options.memory_mb / 2) << 20);
  const Deadline deadline(connection, limits.ms);
  const Cancellation::Interrupt interrupt(limits.cancellation, [&connection] { connection.interrupt(); });
  auto streamed = [&]() -> Result<Streamed> {
    try {
      return answer(connection, state, publish, query, reveal, sink);
    } catch (const std::bad_alloc&) {
      return Error{Errc::overloaded, "out of memory", "query", "less to look at"};
    }
  }();
  if (streamed.ok()) return streamed;
  // Asked again it would take as long or as much again, so the caller is not told to try later.
  if (memory.over()) {
    return Error{Errc::too_large,
                 fmt::format("the query needs more than {} MB of memory", memory.most() >> 20), "query",
                 "shorter texts and lists, or less to look at"};
  }
  if (under_way.ended()) return stopping;
  if (limits.cancellation != nullptr && limits.cancellation->cancelled())
    return Error{Errc::conflict, "nobody waits for the answer any more", "cancelled"};
  if (deadline.late()) {
    return Error{Errc::too_large, fmt::format("the query took more than {} ms", limits.ms), "query",
                 "less to look at"};
  }
  return streamed;
}

Result<Streamed> QueryRun::answer(const DuckConnection& connection, const Lens::State& state,
                                  std::mutex& publish, std::string_view query, bool reveal, SqlSink& sink) {
  RAPPORT_CHECK(connection.run("BEGIN TRANSACTION READ ONLY"));
  Prepared prepared;
  std::unique_ptr<detail::SessionScope> scope;
  {
    // Planning opens the transaction's view of the rows; it must be of the same moment as the customers.
    const std::lock_guard lock(publish);
    const Reveal* may = reveal ? &state.reveal : nullptr;
    scope = std::make_unique<detail::SessionScope>(
        std::make_shared<detail::Session>(state.customers, may, &state.duck));
    known_at = state.position;
    RAPPORT_CHECK(prepare_select(connection, query, prepared));
  }
  RAPPORT_TRY(DuckRows rows, DuckRows::start(prepared.statement));
  return send_rows(rows, limits, over, sink);
}

void Lens::end_queries() const {
  const std::lock_guard lock(state_->running.mutex);
  state_->running.ended = true;
  for (const DuckConnection* connection : state_->running.connections) connection->interrupt();
}

Result<model::SqlAnswer> Lens::sql(std::string_view query, const SqlLimits& limits, bool reveal) const {
  const std::int64_t start = monotonic_ns();
  model::SqlAnswer answer;
  Collect sink(answer);
  QueryRun run{limits, RowsOver::cut_off, {}};
  RAPPORT_TRY(const Streamed streamed, run.run(*state_, state_->publish, query, reveal, sink));
  answer.truncated = streamed.cut_off;
  answer.known_at = run.known_at.seq;
  answer.seconds = static_cast<double>(monotonic_ns() - start) / 1e9;
  return answer;
}

Result<std::uint64_t> Lens::stream(std::string_view query, const SqlLimits& limits, bool reveal,
                                   SqlSink& sink) const {
  QueryRun run{limits, RowsOver::refused, {}};
  RAPPORT_TRY(const Streamed streamed, run.run(*state_, state_->publish, query, reveal, sink));
  return streamed.rows;
}

}  // namespace rapport::lens
