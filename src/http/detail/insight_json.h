#pragma once

#include "codec/json_writer.h"
#include "model/answers/import.h"
#include "model/answers/insight.h"

/// Answers of the insight topic as JSON. The names are the contract with the console (schemas_insight.cc).
namespace rapport::http::detail {

void write_json(codec::JsonWriter& json, const model::CustomerList& list);
void write_json(codec::JsonWriter& json, const model::SegmentMatrix& matrix);
void write_json(codec::JsonWriter& json, const model::RuleTrial& trial);
void write_json(codec::JsonWriter& json, const model::Overview& overview);
void write_json(codec::JsonWriter& json, const model::ServiceBoard& board);
void write_json(codec::JsonWriter& json, const model::Journey& journey);
void write_json(codec::JsonWriter& json, const model::PageAreas& areas);
void write_json(codec::JsonWriter& json, const model::Goals& goals);
void write_json(codec::JsonWriter& json, const model::ImportPreview& preview);

/// A number, or null.
void number_or_null(codec::JsonWriter& json, std::string_view name, const std::optional<double>& value);

/// A path of the console: "/customers?condition=...", "/data/sql?query=...", or the path itself; null for
/// none.
void write_drill(codec::JsonWriter& json, std::string_view name, const model::Drill& drill);

}  // namespace rapport::http::detail
