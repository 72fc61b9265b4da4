#include "lens/lens.h"

#include <filesystem>

#include "base/bytes.h"
#include "base/log.h"
#include "codec/record.h"
#include "lens/detail/lens_state.h"
#include "lens/detail/schema.h"

namespace rapport::lens {

using detail::CustomerMap;
using detail::DuckConnection;
using detail::DuckRows;

namespace {

std::vector<std::pair<std::string, std::string>> settings(const LensOptions& options) {
  return {{"threads", "1"},
          {"memory_limit", fmt::format("{}MB", options.memory_mb)},
          // What a query opens must not reach the disk: no spilling.
          {"temp_directory", ""},
          {"autoload_known_extensions", "false"},
          {"autoinstall_known_extensions", "false"},
          {"enable_external_access", "false"},
          {"allow_community_extensions", "false"}};
}

/// The file itself is at fault, as far as DuckDB's words tell.
bool is_damage(const Error& error) {
  return error.message.find("not a valid DuckDB") != std::string::npos ||
         error.message.find("orrupt") != std::string::npos ||
         error.message.find("checksum") != std::string::npos;
}

}  // namespace

Status Lens::State::create_tables() {
  RAPPORT_CHECK(writer.run("BEGIN"));
  for (const std::string& statement : detail::table_statements()) RAPPORT_CHECK(writer.run(statement));
  return writer.run("COMMIT");
}

Status Lens::State::connect() {
  RAPPORT_TRY(duck, detail::Duck::open(options.path, settings(options)));
  RAPPORT_TRY(writer, DuckConnection::connect(duck));
  if (!options.compression) RAPPORT_CHECK(writer.run("SET GLOBAL force_compression='uncompressed'"));
  RAPPORT_CHECK(writer.run("SET GLOBAL TimeZone='UTC'"));
  RAPPORT_CHECK(writer.run("SET lock_configuration=true"));
  // Before anything looks at the views, which name them.
  return detail::register_functions(writer);
}

Status Lens::State::prepare() {
  // A file that cannot be read, after a full disk or a bad sector, is a copy that can be made anew.
  if (const Status opened = connect(); !opened.ok()) {
    if (!is_damage(opened.error())) return opened;
    log(LogLevel::warn, "the lens file cannot be read and is made anew from the log",
        {{"why", opened.error().message}});
    RAPPORT_CHECK(start_over());
  }
  const auto tables = writer.integer("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'mirror'");
  if (tables.ok() && *tables == 0) {
    RAPPORT_CHECK(create_tables());
  } else {
    const auto version = writer.integer("SELECT version FROM mirror.version");
    if (!version.ok() || *version != detail::kSchemaVersion) RAPPORT_CHECK(start_over());
  }
  for (const std::string& statement : detail::view_statements()) RAPPORT_CHECK(writer.run(statement));
  return load();
}

// Another version's tables are not mended: the file is a copy, and made anew.
Status Lens::State::start_over() {
  writer = DuckConnection();
  duck = detail::Duck();
  std::error_code ignored;
  std::filesystem::remove(options.path, ignored);
  std::filesystem::remove(options.path + ".wal", ignored);
  RAPPORT_CHECK(connect());
  return create_tables();
}

// The position and to whom each node belongs, as last committed.
Status Lens::State::load() {
  RAPPORT_TRY(DuckRows at, DuckRows::start(writer, "SELECT seq, digest FROM mirror.position"));
  RAPPORT_TRY(const std::size_t rows_at, at.next_chunk());
  LensPosition loaded;
  if (rows_at == 1) {
    loaded.seq = EventSeq{static_cast<std::uint64_t>(std::get<std::int64_t>(at.value(0, 0)))};
    const std::string_view digest = at.bytes(1, 0);
    if (digest.size() == loaded.digest.size()) std::copy(digest.begin(), digest.end(), loaded.digest.begin());
  }
  auto map = std::make_shared<CustomerMap>();
  RAPPORT_TRY(DuckRows nodes, DuckRows::start(writer, "SELECT node, customer FROM mirror.nodes"));
  for (;;) {
    RAPPORT_TRY(const std::size_t n, nodes.next_chunk());
    if (n == 0) break;
    for (std::size_t i = 0; i < n; ++i) {
      const auto node = static_cast<std::size_t>(std::get<std::int64_t>(nodes.value(0, i)));
      if (map->size() <= node) map->resize(node + node / 4 + 1);
      (*map)[node] = static_cast<std::uint32_t>(std::get<std::int64_t>(nodes.value(1, i)));
    }
  }
  const std::lock_guard lock(publish);
  position = loaded;
  customers = std::move(map);
  return {};
}

Lens::Lens(std::unique_ptr<State> state) : state_(std::move(state)) {}
Lens::~Lens() = default;

Result<std::unique_ptr<Lens>> Lens::open(LensOptions options) {
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  auto prepared = state->prepare();
  if (!prepared.ok()) {
    Error error = std::move(prepared).error();
    if (error.code == Errc::internal || is_damage(error)) error.code = Errc::corrupt;
    error.where = state->options.path;
    return error;
  }
  return std::unique_ptr<Lens>(new Lens(std::move(state)));
}

LensPosition Lens::position() const {
  const std::lock_guard lock(state_->publish);
  return state_->position;
}

void Lens::set_reveal(Reveal reveal) {
  const std::lock_guard lock(state_->publish);
  state_->reveal = std::move(reveal);
}

Status Lens::begin() {
  State& s = *state_;
  if (s.open) return Error{Errc::conflict, "a feed is open already"};
  RAPPORT_CHECK(s.writer.run("BEGIN"));
  s.open = true;
  auto rows = detail::MirrorRows::open(s.writer, s.options.currency);
  if (!rows.ok()) {
    rollback();
    return std::move(rows).error();
  }
  s.rows = std::move(rows).value();
  return {};
}

Status Lens::add(const model::RecordView& record) {
  State& s = *state_;
  if (s.rows == nullptr) return Error{Errc::unavailable, "no feed is open"};
  if (record.type == model::RecordType::erased) {
    RAPPORT_TRY(const model::ErasedBody body, codec::decode_erased(record.body));
    for (const NodeId node : body.nodes) {
      s.identities[node.value] = 0;
      s.erased.push_back(node.value);
    }
    return {};
  }
  if (record.type == model::RecordType::shop_created) {
    RAPPORT_TRY(const model::ShopCreatedBody body, codec::decode_shop_created(record.body));
    if (auto named = Currency::parse(body.currency); named.ok()) s.options.currency = *named;
  }
  if (record.type != model::RecordType::event) return {};
  for (const model::NodeRef& node : record.nodes) {
    if (!node.birth) continue;
    s.births.push_back(
        {node.node.value, node.kind, std::string(node.sealed_value), record.seq, record.event_time});
    s.identities.try_emplace(node.node.value, node.node.value);
  }
  return s.rows->add(record);
}

Status Lens::add(const FlipFeed& flip) {
  State& s = *state_;
  if (s.rows == nullptr) return Error{Errc::unavailable, "no feed is open"};
  const std::string id = fmt::format("{:016x}{:016x}", flip.id.high, flip.id.low);
  return s.rows->add_flip(id, flip.customer.value, flip.segment, flip.entered, flip.valid_time,
                          flip.cause.value, flip.origin);
}

void Lens::add(const IdentityFeed& identity) {
  state_->identities[identity.node.value] = identity.customer.value;
}

Status Lens::State::move_nodes(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& moved) {
  if (moved.empty()) return {};
  RAPPORT_CHECK(writer.run("CREATE OR REPLACE TEMP TABLE moved(node UINTEGER, customer UINTEGER)"));
  {
    RAPPORT_TRY(auto table, detail::TableAppender::open(writer, nullptr, "moved"));
    for (const auto& [node, customer] : moved) {
      table.u32(node);
      table.u32(customer);
      RAPPORT_CHECK(table.end_row());
    }
    RAPPORT_CHECK(table.flush());
  }
  RAPPORT_CHECK(
      writer.run("UPDATE mirror.nodes SET customer = moved.customer, "
                 "sealed = CASE WHEN moved.customer = 0 THEN NULL ELSE nodes.sealed END "
                 "FROM moved WHERE nodes.node = moved.node"));
  return writer.run("DROP TABLE moved");
}

// New nodes get a row with the customer they have by now; rows of older ones change only where a merge, an
// unlink or an erasure moved them.
Status Lens::State::write_nodes() {
  std::unordered_map<std::uint32_t, const NodeBirth*> born;
  for (const NodeBirth& birth : births) born.emplace(birth.node, &birth);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> moved;
  for (const auto& [node, customer] : identities) {
    if (born.contains(node)) continue;
    const bool known = node < customers->size() && (*customers)[node] == customer;
    if (!known) moved.emplace_back(node, customer);
  }
  std::sort(moved.begin(), moved.end());
  if (!births.empty()) {
    RAPPORT_TRY(auto table, detail::TableAppender::open(writer, "mirror", "nodes"));
    for (const NodeBirth& birth : births) {
      if (born.at(birth.node) != &birth) continue;
      const std::uint32_t customer = identities.at(birth.node);
      table.u32(birth.node);
      table.text(model::identifier_kind_name(birth.kind));
      table.u32(customer);
      customer == 0 ? table.null() : table.text_or_null(birth.sealed);
      table.u64(birth.seq.value);
      table.i64(birth.at.ms * 1000);
      RAPPORT_CHECK(table.end_row());
    }
    RAPPORT_CHECK(table.flush());
  }
  return move_nodes(moved);
}

Status Lens::State::write_position(const LensPosition& to) {
  return writer.run(fmt::format("UPDATE mirror.position SET seq = {}, digest = from_hex('{}')", to.seq.value,
                                digest_hex(to.digest)));
}

Status Lens::commit(const LensPosition& position) {
  State& s = *state_;
  if (s.rows == nullptr) return Error{Errc::unavailable, "no feed is open"};
  RAPPORT_CHECK(s.rows->flush());
  s.rows.reset();
  RAPPORT_CHECK(s.write_nodes());
  RAPPORT_CHECK(s.write_position(position));
  auto map = std::make_shared<CustomerMap>(*s.customers);
  for (const auto& [node, customer] : s.identities) {
    if (map->size() <= node) map->resize(node + node / 4 + 1);
    (*map)[node] = customer;
  }
  const std::lock_guard lock(s.publish);
  RAPPORT_CHECK(s.writer.run("COMMIT"));
  s.customers = std::move(map);
  s.position = position;
  s.forget_feed();
  return {};
}

void Lens::State::forget_feed() {
  rows.reset();
  births.clear();
  identities.clear();
  erased.clear();
  open = false;
}

void Lens::rollback() {
  State& s = *state_;
  if (!s.open) return;
  s.rows.reset();
  // A transaction that failed inside is over already; then this says so, and that is as well.
  (void)s.writer.run("ROLLBACK");
  s.forget_feed();
}

Status Lens::reset() {
  State& s = *state_;
  rollback();
  RAPPORT_CHECK(s.writer.run("BEGIN"));
  for (const char* table : {"events", "order_lines", "answers", "clauses", "traits", "nodes", "flips"}) {
    RAPPORT_CHECK(s.writer.run(fmt::format("DELETE FROM mirror.{}", table)));
  }
  RAPPORT_CHECK(s.write_position({}));
  RAPPORT_CHECK(s.writer.run("COMMIT"));
  return s.load();
}

}  // namespace rapport::lens
