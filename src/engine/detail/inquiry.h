#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/detail/impl.h"
#include "engine/detail/noun_event.h"
#include "model/table.h"

/// A question that takes several steps: what is published, what the lens counts, and a conclusion published
/// in turn. On a worker thread: each step waits.
namespace rapport::engine {

class Inquiry {
 public:
  Inquiry(ShopUnit& unit, const EngineOptions& options, store::Store& store)
      : unit_(unit), options_(options), store_(store), known_at_(unit.shop.counters().durable.load()) {}

  /// The noun of `kind` as published under `id`; "" when none.
  Result<std::string> noun(model::EventKind kind, const std::string& id);
  /// All of a kind: id and JSON.
  Result<std::vector<std::pair<std::string, std::string>>> nouns(model::EventKind kind);
  Result<Instant> now();
  /// The answer of a question to the lens, which knows of known_at() at least.
  Result<model::Table> table(const std::string& sql);
  EventSeq known_at() const { return known_at_; }
  Currency currency() const;
  /// Durable and folded when it returns. Errors: those of ingest; conflict when the message ids of all were
  /// seen before.
  Result<EventSeq> publish(std::vector<model::Event> events);
  Result<EventSeq> publish(const NounEvent& noun);
  ShopUnit& unit() { return unit_; }
  const EngineOptions& options() const { return options_; }
  store::Store& store() { return store_; }

 private:
  ShopUnit& unit_;
  const EngineOptions& options_;
  store::Store& store_;
  EventSeq known_at_;
  const lens::Lens* lens_ = nullptr;
};

/// A number of one cell; `fallback` for a missing one.
double cell(const model::Table& table, std::string_view column, std::size_t row, double fallback = 0);
/// The row whose text in `column` is this; rows() when there is none.
std::size_t row_of(const model::Table& table, std::string_view column, std::string_view text);

}  // namespace rapport::engine
