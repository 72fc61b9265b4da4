#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/recipe.h"
#include "lens/file_reader.h"
#include "model/event.h"

/// A shop's own files and a recipe, turned into a stream of events in the order of their time.
namespace rapport::lens {

/// A shipped recipe by name, else the file at that path. Errors: not_found naming the shipped ones; bad_input
/// for a file that is no recipe.
Result<codec::Recipe> load_recipe(const std::string& name_or_path);

struct ImportOptions {
  Currency currency;  ///< of amounts when neither the event nor the recipe names one
  ReadLimits limits;
  /// Named limits: cells of the files that a recipe joins or groups are held in memory; events beyond
  /// `sort_bytes` are sorted in runs through files without a name in `scratch`.
  std::size_t table_bytes = 2ull << 30;
  std::size_t sort_bytes = 256u << 20;
  std::string scratch;                   ///< a folder; the system's temporary one when empty
  std::function<void(double)> progress;  ///< 0..1 of reading; called on the caller's thread
};

struct ImportCounts {
  std::uint64_t events = 0;    ///< made
  std::uint64_t rejected = 0;  ///< bad rows, and rows of which no valid event could be made
};

/// One run of an import. One thread at a time.
class ImportSource {
 public:
  /// Finds which path is which file of the recipe; a folder stands for the files in it. Nothing is read yet.
  /// Errors: bad_input when a required file is missing, naming it; not_found for a path.
  static Result<std::unique_ptr<ImportSource>> open(codec::Recipe recipe, std::vector<std::string> paths,
                                                    ImportOptions options);
  ~ImportSource();

  /// Reads every file, makes the events and sorts them by event time; equal times keep the order of the
  /// recipe's mappings and of rows. Call once, before next(). Errors: those of open_rows; bad_input when a
  /// file lacks a column; too_large over table_bytes.
  Status prepare();
  /// Moves the events of this run, and the times inside their clear properties, by one offset.
  void shift(Duration offset);
  /// Appends up to `most` events, oldest first; false when there are no more.
  Result<bool> next(std::vector<model::Event>& out, std::size_t most);

  const ImportCounts& counts() const;
  /// Event time of the newest event; Instant::min() without any. After prepare().
  Instant newest() const;
  /// "file:line: what was wrong", the first 1,000.
  const std::vector<std::string>& problems() const;
  /// Which file was taken for what, which were passed over, which mappings had no file; after prepare() also
  /// what was taken otherwise than it stands.
  const std::vector<std::string>& notes() const;
  const codec::Recipe& recipe() const;

 private:
  struct State;
  explicit ImportSource(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace rapport::lens
