#include "bench/folded_cases.h"

#include <fmt/format.h>

#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::bench {

namespace k = model::kind;
namespace p = model::property;

void FoldedCases::fold(model::EventKind kind, std::uint32_t node, Instant at, Instant received,
                       std::string_view clear) {
  const std::string message_id = fmt::format("b{}", ++seq_);
  model::RecordView record;
  record.seq = EventSeq{seq_};
  record.received = received;
  record.event_time = at;
  record.kind = kind;
  record.message_id = message_id;
  if (node != 0) record.nodes = {{NodeId{node}, model::IdentifierKind::user_id, false, {}}};
  record.clear = clear;
  state.fold(record, flips_);
  flips_.flips.clear();
}

void FoldedCases::levels(std::string_view body, Instant at, Instant received) {
  std::string clear;
  codec::PropertyWriter(clear).text(p::service_level_id, "main");
  codec::PropertyWriter(clear).text(p::noun_body, body);
  fold(k::service_level_published, 0, at, received, clear);
}

void FoldedCases::open(std::uint32_t node, std::string_view ticket, std::string_view feedback_class,
                       Instant at, Instant received) {
  std::string clear;
  codec::PropertyWriter(clear).text(p::ticket_id, ticket);
  codec::PropertyWriter(clear).text(p::feedback_class, feedback_class);
  fold(k::ticket_opened, node, at, received, clear);
}

void FoldedCases::move(std::uint32_t node, std::string_view ticket, std::string_view ticket_state, Instant at,
                       Instant received) {
  std::string clear;
  codec::PropertyWriter(clear).text(p::ticket_id, ticket);
  codec::PropertyWriter(clear).text(p::ticket_state, ticket_state);
  fold(k::ticket_updated, node, at, received, clear);
}

}  // namespace rapport::bench
