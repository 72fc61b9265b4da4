#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "model/event.h"

/// What tracking clients send (Segment's HTTP API) into events. The wire format and every decision about odd
/// input are in docs/formats/wire.md. Thread-safe: each thread keeps its own parser memory.
namespace rapport::codec {

enum class EndpointKind : std::uint8_t { track, identify, page, screen, group, alias, batch };
/// "track", "t", "batch", ...: the last part of the path. Nothing for another word.
std::optional<EndpointKind> endpoint_from_name(std::string_view name);

inline constexpr std::size_t kEventMostBytes = 32 * 1024;
inline constexpr std::size_t kBatchMostBytes = 500 * 1024;
/// How deep one event may nest; readers of the stored JSON stop at 32 as well.
inline constexpr int kEventDeepest = 32;

struct ParseOptions {
  Currency currency = {{'C', 'N', 'Y'}};  ///< of amounts in events that name none
  std::size_t event_bytes_max = kEventMostBytes;
  std::size_t batch_bytes_max = kBatchMostBytes;
};

/// An event that was not taken, with the sender's own text (cut at event_bytes_max when longer).
struct DeadLetter {
  std::size_t index = 0;  ///< place in the batch, from 0
  Error reason;           ///< `where` is a path inside the event, such as "properties.price"
  std::string raw;
};

struct ParsedBatch {
  std::vector<model::Event> accepted;  ///< in the sender's order
  std::vector<DeadLetter> dead;
};

/// Parses one request body. An event wrong in any way becomes a dead letter and the rest stands. Errors are
/// those of the envelope, upon which nothing is taken: bad_input (not JSON, `batch` not an array), too_large.
Result<ParsedBatch> parse_batch(std::string_view body, EndpointKind endpoint, const ParseOptions& options);

/// The body's `writeKey`, "" when there is none: browsers' beacons cannot send headers. Errors: bad_input.
Result<std::string> write_key_of(std::string_view body);

/// One message that names its own `type`: a line of a JSON Lines file, or a dead letter driven again. Errors:
/// bad_input, too_large.
Result<model::Event> parse_message(std::string_view json, const ParseOptions& options);

}  // namespace rapport::codec
