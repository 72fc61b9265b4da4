#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rapport::model {

struct ImportColumn {
  std::string name;
  std::string type;                   ///< integer number time boolean text
  std::vector<std::string> examples;  ///< up to three different ones
  std::string property;               ///< what it may mean: order_id, time, phone, total, ...; "" = no guess
  std::int32_t confidence = 0;        ///< hundredths
};

/// A look at the first rows of a file, and a recipe made of guesses.
struct ImportPreview {
  std::string format;    ///< csv xlsx jsonl parquet gzip
  std::string encoding;  ///< of text: UTF-8, GB18030, ...; "" otherwise
  std::vector<ImportColumn> columns;
  std::uint64_t rows = 0;             ///< read; of a file that was cut off the last line is not counted
  std::vector<std::string> problems;  ///< bad rows, the first ten
  std::string event;   ///< what a row, or the rows of an order, may be: an event's name, "identify" or
                       ///< "messages"; "" = no guess
  std::string recipe;  ///< JSON as of docs/recipes.md; "" without a guess
  // The recipe tried on the rows that were read.
  std::uint64_t events = 0, rejected = 0;
  std::vector<std::string> refused;  ///< why rows were rejected, the first ten
};

}  // namespace rapport::model
