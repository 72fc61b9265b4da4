#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/event.h"

namespace rapport::lens::detail {

/// Events by event time, stable. Runs over the budget go to files without a name and are merged at the end.
class EventSorter {
 public:
  EventSorter(std::size_t budget_bytes, std::string scratch);
  ~EventSorter();
  /// Errors: io when a run cannot be written.
  Status add(model::Event event);
  /// No add() after this.
  Status finish();
  /// False when there are no more.
  Result<bool> next(model::Event& out);
  Instant newest() const { return newest_; }
  std::size_t runs() const;

 private:
  struct Run;
  struct Item {
    model::Event event;
    Instant time;
    std::uint64_t order = 0;
  };
  Status spill();
  void sort();

  std::size_t budget_, used_ = 0;
  std::string scratch_;
  std::vector<Item> items_;
  std::size_t at_ = 0;
  std::uint64_t order_ = 0;
  Instant newest_ = Instant::min();
  std::vector<std::unique_ptr<Run>> runs_;
  std::vector<std::size_t> heap_;
};

/// An event as bytes for the runs only; nothing stores them.
void write_event(const model::Event& event, std::string& out);
bool read_event(std::string_view bytes, model::Event& event);

}  // namespace rapport::lens::detail
