#include "workload.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "codec/record.h"

namespace rapport::crash {

using store::NewNode;
using store::Store;
using store::Walk;

namespace {

// Keys of a script must be the script's: those of the operating system differ from run to run.
codec::NodeKey key_of(Random& random) {
  codec::NodeKey key;
  for (auto& byte : key) byte = static_cast<std::uint8_t>(random.below(256));
  return key;
}

std::string_view bytes_of(const codec::NodeKey& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

}  // namespace

store::StoreOptions options_on(SimulatedDisk& disk) {
  return {.path = kFolder,
          .compression = store::Compression::off,
          .file_system = &disk,
          .cache_bytes = 1 << 20,
          .write_buffer_bytes = 4 << 20,
          .witness_every = Duration{}};
}

Workload::Workload(SimulatedDisk& disk, std::uint64_t seed) : disk_(&disk), random_(seed) {}

Status Workload::open() {
  store_.reset();
  RAPPORT_TRY(store_, Store::open(options_on(*disk_)));
  return {};
}

std::optional<Error> Workload::run(int steps) {
  Status done = open();
  for (int i = 0; done.ok() && i < steps; ++i) done = step();
  if (done.ok()) return std::nullopt;
  return done.error();
}

Status Workload::step() {
  if (shops_.empty() || (shops_.size() < 3 && random_.chance(0.05))) return create_shop();
  Shop& shop = shops_[random_.below(shops_.size())];
  const std::uint64_t what = random_.below(100);
  if (what < 60) return append(shop);
  if (what < 70) return follow(shop);
  if (what < 78) return put_setting();
  if (what < 86) return checkpoint(shop);
  if (what < 94) return erase(shop);
  return open();
}

namespace {

/// Followers of the script: record n names node n % 7 + 1 and, when n is a multiple of 3, flips that
/// customer.
constexpr std::uint32_t kFollowed = 7;

std::uint32_t followed_node(std::uint64_t seq) {
  return static_cast<std::uint32_t>(seq % kFollowed) + 1;
}

}  // namespace

Status Workload::follow(Shop& shop) {
  const EventSeq last = store_->last(shop.number).seq;
  RAPPORT_TRY(const EventSeq positions, store_->positions_upto(shop.number));
  RAPPORT_TRY(const EventSeq flips, store_->flips_upto(shop.number));
  std::vector<std::pair<NodeId, EventSeq>> rows;
  for (std::uint64_t seq = positions.value + 1; seq <= last.value; ++seq) {
    rows.emplace_back(NodeId{1'000'000 + followed_node(seq)}, EventSeq{seq});
  }
  RAPPORT_CHECK(store_->append_positions(shop.number, last, rows));
  std::vector<store::FlipRow> flip_rows;
  for (std::uint64_t seq = flips.value + 1; seq <= last.value; ++seq) {
    if (seq % 3 == 0) flip_rows.push_back({EventSeq{seq}, CustomerId{followed_node(seq)}, "flip"});
  }
  return store_->append_flips(shop.number, last, flip_rows);
}

Status Workload::create_shop() {
  shop_in_flight_ = fmt::format("shop-{}", shops_.size() + 1);
  RAPPORT_TRY(const store::ShopInfo info, store_->create_shop(*shop_in_flight_));
  Shop shop;
  shop.name = info.name;
  shop.number = info.shop;
  shops_.push_back(std::move(shop));
  shop_in_flight_.reset();
  ++acknowledged_;
  return {};
}

Workload::Batch Workload::make_batch(Shop& shop) {
  Batch batch;
  batch.first = shop.batches.empty() ? EventSeq{1}
                                     : EventSeq{shop.batches.back().first.value + shop.batches.back().count};
  const Digest previous = shop.batches.empty() ? Digest{} : shop.batches.back().digest;
  codec::BatchWriter writer(batch.first, Instant{static_cast<std::int64_t>(batch.first.value) * 1000},
                            previous);
  for (std::uint64_t n = 1 + random_.below(6); n > 0; --n) {
    std::string clear(random_.below(300), '\0');
    for (char& c : clear) c = static_cast<char>(random_.below(256));
    const EventSeq seq = writer.add_event({.event_time = Instant{0}, .message_id = "m", .clear = clear});
    batch.dedup.push_back({{random_.next(), random_.next()}, seq});
    if (random_.chance(0.4)) {
      batch.nodes.push_back({NodeId{shop.next_node++},
                             model::IdentifierKind::email,
                             {random_.next(), random_.next()},
                             key_of(random_)});
    }
  }
  batch.count = writer.size();
  codec::FinishedBatch finished = std::move(writer).finish();
  batch.bytes = std::move(finished.bytes);
  batch.digest = finished.digest;
  return batch;
}

Status Workload::append(Shop& shop) {
  shop.in_flight = make_batch(shop);
  const Batch& batch = *shop.in_flight;
  RAPPORT_CHECK(store_->append({.shop = shop.number,
                                .batch = batch.bytes,
                                .digest = batch.digest,
                                .dedup = batch.dedup,
                                .import_ids = batch.dedup,
                                .nodes = batch.nodes}));
  settle_in_flight(shop);
  ++acknowledged_;
  return {};
}

void Workload::settle_in_flight(Shop& shop) {
  for (const NewNode& node : shop.in_flight->nodes) shop.nodes[node.node.value] = node;
  shop.batches.push_back(std::move(*shop.in_flight));
  shop.in_flight.reset();
}

Status Workload::erase(Shop& shop) {
  if (shop.nodes.empty()) return {};
  std::vector<NodeId> gone;
  for (const auto& [number, node] : shop.nodes) {
    if (random_.chance(0.2)) {
      gone.push_back(NodeId{number});
      shop.in_doubt[number] = node.key;
    }
  }
  for (const NodeId node : gone) shop.nodes.erase(node.value);
  RAPPORT_CHECK(store_->destroy_keys(shop.number, gone));
  shop.erased.merge(shop.in_doubt);
  shop.in_doubt.clear();
  ++acknowledged_;
  return {};
}

Status Workload::put_setting() {
  setting_in_flight_ = {fmt::format("name-{}", random_.below(4)), fmt::format("value-{}", random_.next())};
  RAPPORT_CHECK(
      store_->put(store::Table::settings, ShopNo{}, setting_in_flight_->first, setting_in_flight_->second));
  settings_[setting_in_flight_->first] = setting_in_flight_->second;
  setting_in_flight_.reset();
  ++acknowledged_;
  return {};
}

Status Workload::checkpoint(Shop& shop) {
  const store::LogHead head = store_->last(shop.number);
  if (head.seq.value == 0) return {};
  RAPPORT_CHECK(follow(shop));
  int left = 3;
  return store_->save_checkpoint(shop.number, {head.seq, head.digest, 1, sha256(shop.name)},
                                 [&](std::string& chunk) -> Result<bool> {
                                   chunk.assign(500, static_cast<char>('0' + left));
                                   return left-- > 0;
                                 });
}

std::vector<std::string> Workload::broken_promises() {
  if (const Status opened = open(); !opened.ok()) {
    return {"the folder does not open: " + opened.error().describe()};
  }
  return check();
}

Workload Workload::on(SimulatedDisk& copy) const {
  Workload other(copy, 0);
  other.random_ = random_;
  other.shops_ = shops_;
  other.settings_ = settings_;
  return other;
}

std::vector<std::string> Workload::check_all(bool errors_count) {
  errors_count_ = errors_count;
  std::vector<std::string> broken;
  if (shop_in_flight_) {
    if (const auto info = store_->find_shop(*shop_in_flight_)) {
      Shop shop;
      shop.name = info->name;
      shop.number = info->shop;
      shops_.push_back(std::move(shop));
    }
    shop_in_flight_.reset();
  }
  if (store_->shops().size() != shops_.size()) broken.push_back("an acknowledged shop is missing");
  for (Shop& shop : shops_) {
    const auto info = store_->find_shop(shop.name);
    if (!info || info->shop != shop.number) {
      broken.push_back(shop.name + " is missing");
      continue;
    }
    check_log(shop, broken);
    check_nodes(shop, broken);
    check_checkpoint(shop, broken);
    check_followers(shop, broken);
  }
  check_tables(broken);
  return broken;
}

void Workload::check_tables(std::vector<std::string>& broken) {
  for (auto& [name, value] : settings_) {
    const auto stored = store_->get(store::Table::settings, ShopNo{}, name);
    if (!stored.ok() && !errors_count_) continue;
    const bool newer = setting_in_flight_ && setting_in_flight_->first == name && stored.ok() &&
                       stored->has_value() && **stored == setting_in_flight_->second;
    if (!stored.ok() || (*stored != value && !newer)) broken.push_back("setting " + name + " is lost");
    if (newer) value = setting_in_flight_->second;
  }
  setting_in_flight_.reset();
}

void Workload::check_checkpoint(Shop& shop, std::vector<std::string>& broken) {
  const auto latest = store_->latest_checkpoint(shop.number);
  if (!latest.ok() && errors_count_)
    broken.push_back(shop.name + ": checkpoint: " + latest.error().describe());
  if (!latest.ok() || !*latest) return;
  const auto flips = store_->flips_upto(shop.number);
  if (flips.ok() && *flips < (*latest)->seq)
    broken.push_back(shop.name + ": a checkpoint is ahead of the flips");
  std::string chunks;
  const Status read =
      store_->read_checkpoint(shop.number, (*latest)->seq, [&](std::string_view chunk) -> Status {
        chunks += chunk;
        return {};
      });
  const std::string expected = std::string(500, '3') + std::string(500, '2') + std::string(500, '1');
  if (!read.ok() && !errors_count_) return;
  if (!read.ok() || chunks != expected) broken.push_back(shop.name + ": a checkpoint passed for whole");
}

// Followers may have fallen back, but rows and position together.
void Workload::check_followers(Shop& shop, std::vector<std::string>& broken) {
  const auto positions = store_->positions_upto(shop.number);
  const auto flips = store_->flips_upto(shop.number);
  if (!positions.ok() || !flips.ok()) {
    if (errors_count_) broken.push_back(shop.name + ": a follower's position does not read");
    return;
  }
  if (std::max(*positions, *flips) > store_->last(shop.number).seq) {
    broken.push_back(shop.name + ": a follower is ahead of the log");
  }
  for (std::uint32_t node = 1; node <= kFollowed; ++node) {
    std::vector<EventSeq> expected, expected_flips, found_flips;
    for (std::uint64_t seq = 1; seq <= std::max(*positions, *flips).value; ++seq) {
      if (followed_node(seq) != node) continue;
      if (seq <= positions->value) expected.emplace_back(seq);
      if (seq <= flips->value && seq % 3 == 0) expected_flips.emplace_back(seq);
    }
    const auto found = store_->positions(shop.number, NodeId{1'000'000 + node});
    const Status read = store_->flips_of(shop.number, CustomerId{node}, [&](const store::FlipRow& flip) {
      found_flips.push_back(flip.cause);
      return Walk::on;
    });
    if ((!found.ok() || !read.ok()) && !errors_count_) continue;
    if (!found.ok() || *found != expected)
      broken.push_back(fmt::format("{}: positions of {} differ", shop.name, node));
    if (!read.ok() || found_flips != expected_flips) {
      broken.push_back(fmt::format("{}: flips of {} differ", shop.name, node));
    }
  }
}

void Workload::check_log(Shop& shop, std::vector<std::string>& broken) {
  // A batch that was not acknowledged may be there, but only whole, with all that came with it.
  const store::LogHead head = store_->last(shop.number);
  const std::uint64_t promised =
      shop.batches.empty() ? 0 : shop.batches.back().first.value + shop.batches.back().count - 1;
  if (shop.in_flight && head.seq.value == promised + shop.in_flight->count) {
    settle_in_flight(shop);
  } else {
    if (shop.in_flight) shop.next_node -= static_cast<std::uint32_t>(shop.in_flight->nodes.size());
    shop.in_flight.reset();
    if (head.seq.value != promised) {
      broken.push_back(fmt::format("{}: log ends at {}, promised {}", shop.name, head.seq.value, promised));
    }
  }
  std::size_t at = 0;
  const Status verified = store_->verify_log(shop.number, [&](const store::StoredBatch& batch) {
    if (at >= shop.batches.size() || batch.bytes != shop.batches[at].bytes) {
      broken.push_back(fmt::format("{}: batch at seq {} differs", shop.name, batch.header.first.value));
    }
    ++at;
  });
  if (!verified.ok() && !errors_count_) return;
  if (!verified.ok()) broken.push_back(shop.name + ": " + verified.error().describe());
  if (at != shop.batches.size()) broken.push_back(shop.name + ": batches are missing");
  std::vector<EventSeq> seqs, expected;
  const Status loaded = store_->load_dedup(
      shop.number, Instant::min(), [&](const store::DedupEntry& entry) { seqs.push_back(entry.seq); });
  for (const Batch& batch : shop.batches) {
    for (const auto& entry : batch.dedup) expected.push_back(entry.seq);
  }
  if (!loaded.ok() && !errors_count_) return;
  if (!loaded.ok() || seqs != expected) broken.push_back(shop.name + ": de-duplication ids differ");
}

void Workload::check_nodes(Shop& shop, std::vector<std::string>& broken) {
  for (const auto& [number, key] : shop.in_doubt) {
    // An erasure without an answer has happened, or not; a second call settles it.
    if (!store_->destroy_keys(shop.number, std::vector<NodeId>{NodeId{number}}).ok()) {
      broken.push_back(shop.name + ": an erasure cannot be repeated");
    }
    shop.erased[number] = key;
  }
  shop.in_doubt.clear();
  for (const auto& [number, node] : shop.nodes) {
    const auto key = store_->key(shop.number, NodeId{number});
    const auto row = store_->find_node(shop.number, node.hash);
    if ((!key.ok() || !row.ok()) && !errors_count_) continue;
    if (!key.ok() || *key != node.key || !row.ok() || !*row || (*row)->node.value != number) {
      broken.push_back(fmt::format("{}: node {} is lost", shop.name, number));
    }
  }
  std::size_t rows = 0;
  const Status loaded = store_->load_nodes(shop.number, [&](const store::NodeRow&) { ++rows; });
  if (!loaded.ok() && !errors_count_) return;
  if (!loaded.ok() || rows != shop.nodes.size()) {
    broken.push_back(
        fmt::format("{}: {} nodes in the index, promised {}", shop.name, rows, shop.nodes.size()));
  }
  for (const auto& [number, key] : shop.erased) {
    const auto stored = store_->key(shop.number, NodeId{number});
    if (!stored.ok() || stored->has_value())
      broken.push_back(fmt::format("{}: node {} came back", shop.name, number));
    for (const std::string& file : disk_->files_with(bytes_of(key))) {
      broken.push_back(fmt::format("{}: the key of erased node {} lies in {}", shop.name, number, file));
    }
  }
}

}  // namespace rapport::crash
