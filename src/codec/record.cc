#include "codec/record.h"

#include "base/assert.h"

namespace rapport::codec {
namespace {

using model::IdentifierKind;
using model::NodeRef;
using model::RecordType;
using model::RecordView;

constexpr std::uint8_t kOutboxBodyVersion = 1;
constexpr std::uint8_t kAlias = 1;
constexpr std::uint8_t kFromImport = 2;
constexpr std::uint8_t kPersonal = 4;
constexpr std::uint8_t kFromPage = 8;
constexpr std::uint8_t kKnownFlags = kAlias | kFromImport | kPersonal | kFromPage;
constexpr std::size_t kCountOffset = 1 + 8 + 8;

bool is_known(RecordType type) {
  return type >= RecordType::event && type <= RecordType::shop_created;
}

bool is_known(IdentifierKind kind) {
  return kind >= IdentifierKind::user_id && kind <= IdentifierKind::unionid;
}

Error damaged(std::string_view what) {
  return Error{Errc::corrupt, fmt::format("{}: bytes are not what was written", what)};
}

// A list of nodes: count, then each number. An element takes at least one byte.
void write_nodes(ByteWriter& out, const std::vector<NodeId>& nodes) {
  out.varint(nodes.size());
  for (const NodeId node : nodes) out.varint(node.value);
}

bool read_node(ByteReader& in, NodeId& node) {
  const std::uint64_t value = in.varint();
  if (!in.ok() || value == 0 || value > 0xffff'ffff) return false;
  node = NodeId{static_cast<std::uint32_t>(value)};
  return true;
}

bool read_nodes(ByteReader& in, std::vector<NodeId>& nodes) {
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > in.left()) return false;
  nodes.resize(static_cast<std::size_t>(count));
  for (NodeId& node : nodes) {
    if (!read_node(in, node)) return false;
  }
  return true;
}

}  // namespace

BatchWriter::BatchWriter(EventSeq first, Instant received, const Digest& previous)
    : first_(first), received_(received) {
  ASSERT(first.value > 0);
  ByteWriter out(bytes_);
  out.u8(kBatchVersion);
  out.u64(first.value);
  out.i64(received.ms);
  out.u32(0);
  out.raw(as_view(previous));
}

EventSeq BatchWriter::add_event(const EventRecord& event) {
  body_.clear();
  ByteWriter out(body_);
  out.u8(static_cast<std::uint8_t>((event.is_alias ? kAlias : 0) | (event.from_import ? kFromImport : 0) |
                                   (event.personal_sealed.empty() ? 0 : kPersonal) |
                                   (event.from_page ? kFromPage : 0)));
  out.u8(static_cast<std::uint8_t>(event.event_type));
  out.varint(event.kind.value);
  if (event.kind.value == 0) out.text(event.name);
  out.svarint(received_.ms - event.event_time.ms);
  out.text(event.message_id);
  out.varint(event.nodes.size());
  for (const NodeRef& ref : event.nodes) {
    ASSERT(ref.node.value != 0);
    out.varint((std::uint64_t{ref.node.value} << 5) | (static_cast<std::uint64_t>(ref.kind) << 1) |
               (ref.birth ? 1U : 0U));
    if (ref.birth) out.text(ref.sealed_value);
  }
  out.text(event.clear);
  if (!event.personal_sealed.empty()) out.text(event.personal_sealed);
  add_body(RecordType::event);
  return EventSeq{first_.value + count_ - 1};
}

EventSeq BatchWriter::add_control(RecordType type, std::string_view body) {
  ASSERT(type != RecordType::event && is_known(type));
  body_.assign(body);
  add_body(type);
  return EventSeq{first_.value + count_ - 1};
}

void BatchWriter::add_body(RecordType type) {
  ByteWriter out(bytes_);
  out.varint(body_.size() + 2);
  out.u8(kRecordVersion);
  out.u8(static_cast<std::uint8_t>(type));
  out.raw(body_);
  ++count_;
}

FinishedBatch BatchWriter::finish() && {
  ASSERT(count_ > 0 && count_ <= kMostRecordsInBatch);
  for (std::size_t i = 0; i < 4; ++i) bytes_[kCountOffset + i] = static_cast<char>(count_ >> (8 * i));
  FinishedBatch batch{std::move(bytes_), {}};
  batch.digest = sha256(batch.bytes);
  return batch;
}

Result<BatchHeader> read_batch_header(std::string_view bytes) {
  ByteReader in(bytes);
  BatchHeader header;
  const std::uint8_t version = in.u8();
  header.first = EventSeq{in.u64()};
  header.received = Instant{in.i64()};
  header.count = in.u32();
  const std::string_view previous = in.raw(header.previous.size());
  if (!in.ok()) return damaged("batch header");
  if (version != kBatchVersion) {
    return Error{Errc::unsupported, fmt::format("batch of version {}", version), "", "version 1"};
  }
  std::copy(previous.begin(), previous.end(), reinterpret_cast<char*>(header.previous.data()));
  const bool plausible = header.first.value > 0 && header.first.value < (std::uint64_t{1} << 62) &&
                         header.count > 0 && header.count <= kMostRecordsInBatch &&
                         header.received >= Instant::min() && header.received <= Instant::max();
  if (!plausible) return damaged("batch header");
  return header;
}

Result<BatchReader> BatchReader::open(std::string_view bytes) {
  RAPPORT_TRY(const BatchHeader header, read_batch_header(bytes));
  return BatchReader(header, bytes.substr(kBatchHeaderBytes));
}

bool BatchReader::stop(Fault fault) {
  fault_ = fault;
  return false;
}

bool BatchReader::next(RecordView& record) {
  if (fault_ != Fault::none) return false;
  if (read_ == header_.count) return in_.at_end() ? false : stop(Fault::trailing);
  ByteReader in(in_.text());
  if (!in_.ok()) return stop(Fault::damaged);
  const std::uint8_t version = in.u8();
  const RecordType type{in.u8()};
  if (!in.ok()) return stop(Fault::damaged);
  if (version != kRecordVersion) return stop(Fault::version);
  if (!is_known(type)) return stop(Fault::type);
  record.seq = EventSeq{header_.first.value + read_};
  record.received = header_.received;
  record.type = type;
  record.nodes.clear();
  if (type == RecordType::event) {
    record.body = {};
    if (!read_event(in, record)) return stop(Fault::damaged);
  } else {
    record.event_time = header_.received;
    record.name = record.message_id = record.clear = record.personal = {};
    record.kind = {};
    record.is_alias = record.from_import = record.from_page = false;
    record.body = in.rest();
  }
  ++read_;
  return true;
}

bool BatchReader::read_event(ByteReader& in, RecordView& record) {
  const std::uint8_t flags = in.u8();
  const std::uint8_t event_type = in.u8();
  const std::uint64_t kind = in.varint();
  if ((flags & ~kKnownFlags) != 0 || event_type < 1 || event_type > 6 || kind > 0xffff) return false;
  record.event_type = model::EventType{event_type};
  record.kind = model::EventKind{static_cast<std::uint16_t>(kind)};
  record.name = kind == 0 ? in.text() : std::string_view{};
  const std::uint64_t before = static_cast<std::uint64_t>(in.svarint());
  record.event_time.ms = static_cast<std::int64_t>(static_cast<std::uint64_t>(header_.received.ms) - before);
  if (record.event_time < Instant::min() || record.event_time > Instant::max()) return false;
  record.message_id = in.text();
  const std::uint64_t nodes = in.varint();
  if (!in.ok() || nodes > in.left()) return false;
  for (std::uint64_t i = 0; i < nodes; ++i) {
    NodeRef& ref = record.nodes.emplace_back();
    const std::uint64_t packed = in.varint();
    const std::uint64_t node = packed >> 5;
    ref.kind = IdentifierKind{static_cast<std::uint8_t>((packed >> 1) & 15)};
    ref.birth = (packed & 1) != 0;
    if (node == 0 || node > 0xffff'ffff || !is_known(ref.kind)) return false;
    ref.node = NodeId{static_cast<std::uint32_t>(node)};
    if (ref.birth) ref.sealed_value = in.text();
  }
  record.is_alias = (flags & kAlias) != 0;
  record.from_import = (flags & kFromImport) != 0;
  record.from_page = (flags & kFromPage) != 0;
  record.clear = in.text();
  record.personal = (flags & kPersonal) != 0 ? in.text() : std::string_view{};
  const bool whole = in.ok() && in.at_end() && !(record.is_alias && nodes < 2) &&
                     !((flags & kPersonal) != 0 && record.personal.empty());
  return whole;
}

Status BatchReader::status() const {
  const std::uint64_t seq = header_.first.value + read_;
  switch (fault_) {
    case Fault::none:
      return {};
    case Fault::damaged:
      return Error{Errc::corrupt, "record: bytes are not what was written", fmt::format("seq {}", seq)};
    case Fault::version:
      return Error{Errc::unsupported, "record of a later version", fmt::format("seq {}", seq), "version 1"};
    case Fault::type:
      return Error{Errc::unsupported, "record of an unknown type", fmt::format("seq {}", seq)};
    case Fault::trailing:
      return Error{Errc::corrupt, "bytes after the last record", fmt::format("seq {}", seq)};
  }
  return {};
}

std::string encode_unlinked(const model::UnlinkedBody& body) {
  std::string bytes;
  ByteWriter out(bytes);
  out.varint(body.node.value);
  write_nodes(out, body.from);
  return bytes;
}

Result<model::UnlinkedBody> decode_unlinked(std::string_view bytes) {
  ByteReader in(bytes);
  model::UnlinkedBody body;
  if (!read_node(in, body.node) || !read_nodes(in, body.from) || !in.at_end()) return damaged("unlinked");
  return body;
}

std::string encode_erased(const model::ErasedBody& body) {
  std::string bytes;
  ByteWriter out(bytes);
  write_nodes(out, body.nodes);
  return bytes;
}

Result<model::ErasedBody> decode_erased(std::string_view bytes) {
  ByteReader in(bytes);
  model::ErasedBody body;
  if (!read_nodes(in, body.nodes) || !in.at_end()) return damaged("erased");
  return body;
}

std::string encode_shop_created(const model::ShopCreatedBody& body) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(static_cast<std::uint8_t>(body.clock));
  out.text(body.currency);
  out.text(body.zone);
  return bytes;
}

Result<model::ShopCreatedBody> decode_shop_created(std::string_view bytes) {
  ByteReader in(bytes);
  model::ShopCreatedBody body;
  const std::uint8_t clock = in.u8();
  body.clock = model::ClockKind{clock};
  body.currency = in.text();
  body.zone = in.text();
  if (!in.ok() || !in.at_end() || clock < 1 || clock > 2) return damaged("shop_created");
  return body;
}

std::string encode_import(const model::ImportBody& body) {
  std::string bytes;
  ByteWriter out(bytes);
  out.text(body.recipe);
  out.text(body.source);
  out.svarint(body.shift_ms);
  return bytes;
}

Result<model::ImportBody> decode_import(std::string_view bytes) {
  ByteReader in(bytes);
  model::ImportBody body;
  body.recipe = in.text();
  body.source = in.text();
  body.shift_ms = in.svarint();
  if (!in.ok() || !in.at_end()) return damaged("import");
  return body;
}

std::string encode_outbox_intent(const model::OutboxIntentBody& body) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(kOutboxBodyVersion);
  out.u64(body.webhook);
  out.text(body.id);
  out.varint(body.cause.value);
  return bytes;
}

Result<model::OutboxIntentBody> decode_outbox_intent(std::string_view bytes) {
  ByteReader in(bytes);
  model::OutboxIntentBody body;
  const std::uint8_t version = in.u8();
  body.webhook = in.u64();
  body.id = in.text();
  body.cause = EventSeq{in.varint()};
  if (!in.ok() || !in.at_end() || version != kOutboxBodyVersion) return damaged("outbox_intent");
  return body;
}

std::string encode_outbox_receipt(const model::OutboxReceiptBody& body) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(kOutboxBodyVersion);
  out.u64(body.webhook);
  out.text(body.id);
  out.varint(body.status);
  out.varint(body.attempts);
  return bytes;
}

Result<model::OutboxReceiptBody> decode_outbox_receipt(std::string_view bytes) {
  ByteReader in(bytes);
  model::OutboxReceiptBody body;
  const std::uint8_t version = in.u8();
  body.webhook = in.u64();
  body.id = in.text();
  body.status = static_cast<std::uint32_t>(in.varint());
  body.attempts = static_cast<std::uint32_t>(in.varint());
  if (!in.ok() || !in.at_end() || version != kOutboxBodyVersion) return damaged("outbox_receipt");
  return body;
}

std::string encode_zone_data(std::string_view version) {
  std::string bytes;
  ByteWriter(bytes).text(version);
  return bytes;
}

Result<std::string> decode_zone_data(std::string_view bytes) {
  ByteReader in(bytes);
  std::string version(in.text());
  if (!in.ok() || !in.at_end()) return damaged("zone_data");
  return version;
}

}  // namespace rapport::codec
