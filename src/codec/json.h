#pragma once

#include <string>
#include <vector>

#include "model/answers/customer.h"
#include "model/answers/explain.h"
#include "model/answers/ingest.h"
#include "model/answers/segments.h"
#include "model/answers/shop.h"
#include "model/answers/sql.h"

/// Answers as JSON, one line, appended to `out`. The names are the contract with callers of the HTTP API and
/// of the command line's --json; http/openapi.h describes them. Strengths are decimals 0..1, times RFC 3339.
namespace rapport::codec {

class JsonWriter;

void write_json(JsonWriter& json, const model::CustomerAnswer& answer);
void write_json(JsonWriter& json, const model::ExplainAnswer& answer);
void write_json(JsonWriter& json, const model::TimelineEntry& entry);
void write_json(JsonWriter& json, const model::IngestAnswer& answer);
void write_json(JsonWriter& json, const model::DeadLetterAnswer& letter);
void write_json(JsonWriter& json, const model::SegmentSummary& segment);
void write_json(JsonWriter& json, const model::SegmentPage& page);
void write_json(JsonWriter& json, const model::FlipAnswer& flip);
void write_json(JsonWriter& json, const model::ShopSummary& shop);
void write_json(JsonWriter& json, const model::KeyAnswer& key);
void write_json(JsonWriter& json, const model::WebhookAnswer& webhook);
void write_json(JsonWriter& json, const model::VerifyAnswer& answer);
/// {"columns":[{name,type}],"rows":[[...]],"truncated","known_at","seconds"}
void write_json(JsonWriter& json, const model::SqlAnswer& answer);

template <class Answer>
std::string to_json(const Answer& answer);
extern template std::string to_json(const model::CustomerAnswer&);
extern template std::string to_json(const model::ExplainAnswer&);
extern template std::string to_json(const model::TimelineEntry&);
extern template std::string to_json(const model::IngestAnswer&);
extern template std::string to_json(const model::SegmentPage&);
extern template std::string to_json(const model::FlipAnswer&);
extern template std::string to_json(const model::VerifyAnswer&);
extern template std::string to_json(const model::SqlAnswer&);

}  // namespace rapport::codec
