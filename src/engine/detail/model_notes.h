#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "codec/json_writer.h"
#include "engine/detail/shelf.h"
#include "engine/detail/taken.h"
#include "learn/evaluate.h"

/// What is kept of each training and judgement, so that quality can be followed over time. JSON objects.
namespace rapport::engine {

/// From the first purchase to the last; nothing where there is none.
using TimeSpan = std::optional<std::pair<Instant, Instant>>;
TimeSpan purchases_span(const TakenByAll& taken);

std::string training_note(const Shelf::Models& models, Instant at, const TimeSpan& span,
                          std::int64_t took_ms);
std::string failure_note(Instant at, const Error& why);
/// The measures at the first k only, each with its interval, and the differences to the line to beat.
std::string judgement_note(const learn::Evaluation& evaluation, const TakenByAll& taken,
                           std::int64_t took_ms);
/// What models were trained on: position, customers, items, purchases, views, baskets, bytes, digest.
void write_trained_on(codec::JsonWriter& json, const Shelf::Models& models);
/// "left_out": kinds of models that could not be trained, each with why.
void write_left_out(codec::JsonWriter& json, const Shelf::Models& models);
/// A note that cannot be kept is a line in the log: the training or the judgement holds all the same.
void keep_note(Shelf& shelf, const std::string& note);

}  // namespace rapport::engine
