#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/money.h"
#include "codec/properties.h"
#include "lens/detail/table_appender.h"
#include "model/record.h"

namespace rapport::lens::detail {

/// Writes one record's rows into the tables of `mirror`, but for nodes, which commit() writes.
class MirrorRows {
 public:
  static Result<std::unique_ptr<MirrorRows>> open(const DuckConnection& connection, Currency currency);
  Status add(const model::RecordView& record);
  Status add_flip(const std::string& id, std::uint32_t customer, std::string_view segment, bool entered,
                  Instant valid_time, std::uint64_t cause, std::string_view origin);
  Status flush();

 private:
  /// The properties that have a column of their own.
  struct Columns {
    std::string_view product_id, order_id, service_id, category, channel, region, step, currency, survey_id,
        about, noun_body;
    std::string_view lines, answers, clauses;
    std::optional<std::int64_t> total, price, quantity, rating, value;
  };

  MirrorRows(TableAppender events, TableAppender lines, TableAppender answers, TableAppender clauses,
             TableAppender traits, TableAppender flips, Currency currency);
  static Columns read_columns(std::string_view clear);
  Status add_event_row(const model::RecordView& record, const Columns& columns, Currency currency);
  Status add_lists(const model::RecordView& record, const Columns& columns, Currency currency);
  Status add_traits(const model::RecordView& record);
  void person(TableAppender& out, const model::RecordView& record) const;

  TableAppender events_, lines_, answers_, clauses_, traits_, flips_;
  Currency currency_;
  std::vector<codec::ProductLine> line_items_;
  std::vector<codec::AnswerItem> answer_items_;
  std::vector<codec::ClauseItem> clause_items_;
};

/// Minor units as the integer of a DECIMAL(18,3), kept inside its range.
std::int64_t decimal_18_3(std::int64_t minor, Currency currency);

}  // namespace rapport::lens::detail
