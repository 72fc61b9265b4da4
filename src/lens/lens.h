#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/money.h"
#include "base/result.h"
#include "lens/feed.h"
#include "model/answers/sql.h"

/// The mirror of one shop: its log as columns that SQL may ask. Tables and views are described in
/// docs/sql.md. Personal parts are held as ciphertext only and opened one by one while a query runs, for
/// readers who may see them.
namespace rapport::lens {

struct LensOptions {
  std::string path;         ///< of the DuckDB file; "" keeps the mirror in memory
  bool compression = true;  ///< false stores columns as they are, for byte scans
  std::size_t memory_mb = 1'024;
  Currency currency{{'C', 'N', 'Y'}};  ///< of amounts in events that name none
};

enum class SealedAs : std::uint8_t { identifier, personal };

/// Opens what is sealed under a node's key; nullopt when the key is gone. Called from the threads that ask.
using Reveal = std::function<std::optional<std::string>(SealedAs, NodeId, std::string_view sealed)>;

struct SqlLimits {
  std::size_t rows = 100'000;  ///< more are cut off, and the answer says so
  std::size_t bytes = 64u << 20;
  std::int64_t ms = 30'000;
  std::size_t query_bytes = 64u << 10;
  /// What one query may take in all, with what DuckDB's own limit does not count; 0: half as much again as
  /// LensOptions::memory_mb.
  std::size_t memory_bytes = 0;
  /// Ends the query, which then answers conflict with where = "cancelled". Borrowed until the answer; may be
  /// null.
  Cancellation* cancellation = nullptr;
};

/// Receives the rows of one query as they come.
class SqlSink {
 public:
  virtual ~SqlSink() = default;
  virtual Status columns(const std::vector<std::string>& names, const std::vector<std::string>& types) = 0;
  virtual Status row(std::vector<model::SqlValue> values) = 0;
};

class Lens {
 public:
  /// Opens or makes the file. A file of another version of the tables is emptied, and position() is then the
  /// start. Errors: io; corrupt when DuckDB cannot read it (delete the file and open again: it is a copy).
  static Result<std::unique_ptr<Lens>> open(LensOptions options);
  ~Lens();
  Lens(const Lens&) = delete;
  Lens& operator=(const Lens&) = delete;

  /// What is mirrored and committed. Any thread.
  LensPosition position() const;

  // --- feeding: one thread at a time, beside any number of queries. begin(), add() ..., commit(); or
  // rollback().
  Status begin();
  /// In order of seq, each once. Errors: unavailable without begin(); internal with DuckDB's words, upon
  /// which only rollback() may follow.
  Status add(const model::RecordView& record);
  Status add(const FlipFeed& flip);
  void add(const IdentityFeed& identity);
  /// Rows, identities and `position` become visible and durable together.
  Status commit(const LensPosition& position);
  void rollback();
  /// Empties the mirror: position() is the start again.
  Status reset();

  // --- asking: any thread
  /// Which function opens sealed parts; set before the first query.
  void set_reveal(Reveal reveal);
  /// One SELECT over docs/sql.md's tables. Errors: bad_input for anything else and for what DuckDB refuses;
  /// too_large for the query's text, an answer over `bytes`, past `ms` or over `memory_bytes`; overloaded
  /// when DuckDB is out of the memory that all queries share.
  Result<model::SqlAnswer> sql(std::string_view query, const SqlLimits& limits, bool reveal) const;
  /// The same, row by row into `sink`; gives the number of rows. Over `rows` is an error, too_large.
  Result<std::uint64_t> stream(std::string_view query, const SqlLimits& limits, bool reveal,
                               SqlSink& sink) const;
  /// Cuts short the queries under way, which answer `unavailable`, and takes no more.
  void end_queries() const;

 private:
  friend struct QueryRun;
  struct State;
  explicit Lens(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace rapport::lens
