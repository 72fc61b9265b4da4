#include "store/store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "base/random.h"
#include "store/backup.h"

namespace rapport::store {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test, gone afterwards.
class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rapport_store_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    options_.path = name + "/data";
  }
  void TearDown() override {
    store_.reset();
    fs::remove_all(folder_);
  }

  void open() {
    store_.reset();
    auto opened = Store::open(options_);
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    store_ = std::move(*opened);
  }
  /// Appends one batch of `events` events named by their seq; gives its last seq.
  EventSeq append(ShopNo shop, int events, std::vector<NewNode> nodes = {},
                  std::vector<DedupEntry> dedup = {}, std::vector<DedupEntry> imports = {}) {
    const LogHead head = store_->last(shop);
    codec::BatchWriter writer(head.seq.next(), Instant{std::max<std::int64_t>(head.received.ms, 0) + 1000},
                              head.digest);
    for (int i = 0; i < events; ++i) {
      const std::string id = fmt::format("m-{}", writer.next_seq().value);
      writer.add_event({.event_time = Instant{5}, .message_id = id});
    }
    const codec::FinishedBatch batch = std::move(writer).finish();
    Append append{.shop = shop, .batch = batch.bytes, .digest = batch.digest};
    append.nodes = nodes;
    append.dedup = dedup;
    append.import_ids = imports;
    const Status status = store_->append(append);
    EXPECT_TRUE(status.ok()) << status.error().describe();
    return store_->last(shop).seq;
  }
  static NewNode node(std::uint32_t number) {
    NewNode node{NodeId{number}, model::IdentifierKind::email, {mix64(number), mix64(number + 1)}, {}};
    node.key = codec::make_node_key();
    return node;
  }
  /// Files below the folder that hold these bytes.
  std::vector<std::string> files_with(std::string_view needle) const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      if (bytes.find(needle) != std::string::npos) found.push_back(entry.path());
    }
    return found;
  }

  std::string folder_;
  StoreOptions options_;
  std::unique_ptr<Store> store_;
};

std::string_view bytes_of(const codec::NodeKey& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

TEST_F(StoreTest, WhatWasAppendedIsThereAfterReopening) {
  open();
  const ShopNo tea = store_->create_shop("tea")->shop;
  const ShopNo silk = store_->create_shop("silk")->shop;
  EXPECT_EQ(store_->create_shop("tea").error().code, Errc::conflict);
  const HashKey pepper = store_->find_shop("tea")->pepper;
  append(tea, 3);
  append(silk, 1);
  append(tea, 2);
  const LogHead head = store_->last(tea);
  EXPECT_EQ(head.seq, EventSeq{5});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(store_->last(tea).seq, EventSeq{5});
    EXPECT_EQ(store_->last(tea).digest, head.digest);
    EXPECT_EQ(store_->last(silk).seq, EventSeq{1});
    EXPECT_EQ(store_->find_shop("tea")->pepper, pepper);
    EXPECT_TRUE(store_->verify_log(tea).ok());
    EXPECT_TRUE(store_->verify_log(silk).ok());
    std::vector<std::string> seen;
    const std::vector<EventSeq> wanted = {EventSeq{1}, EventSeq{3}, EventSeq{4}};
    ASSERT_TRUE(
        store_
            ->read_records(tea, wanted,
                           [&](const model::RecordView& record) { seen.emplace_back(record.message_id); })
            .ok());
    EXPECT_EQ(seen, (std::vector<std::string>{"m-1", "m-3", "m-4"}));
    const EventSeq beyond{6};
    EXPECT_EQ(store_->read_records(tea, std::span(&beyond, 1), [](const auto&) {}).error().code,
              Errc::not_found);
    open();
  }
  append(tea, 1);
  EXPECT_EQ(store_->last(tea).seq, EventSeq{6});
  ASSERT_EQ(store_->shops().size(), 2U);
}

TEST_F(StoreTest, ASecondHolderIsTurnedAway) {
  open();
  EXPECT_EQ(Store::open(options_).error().code, Errc::conflict);
}

TEST_F(StoreTest, ReadersFollowAndStartInTheMiddle) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  for (const int n : {3, 4, 5}) append(shop, n);
  std::vector<std::uint64_t> firsts;
  ASSERT_TRUE(store_
                  ->read(shop, EventSeq{5}, EventSeq{8},
                         [&](const StoredBatch& batch) {
                           firsts.push_back(batch.header.first.value);
                           return Walk::on;
                         })
                  .ok());
  EXPECT_EQ(firsts, (std::vector<std::uint64_t>{4, 8}));
  LogReader follower(*store_, shop, EventSeq{8});
  StoredBatch batch;
  EXPECT_TRUE(*follower.next(batch));
  EXPECT_EQ(batch.header.first, EventSeq{8});
  EXPECT_FALSE(*follower.next(batch));
  append(shop, 2);
  append(shop, 1);
  EXPECT_TRUE(*follower.next(batch));
  EXPECT_EQ(batch.header.first, EventSeq{13});
  EXPECT_TRUE(*follower.next(batch));
  EXPECT_EQ(batch.header.first, EventSeq{15});
  EXPECT_EQ(follower.digest(), store_->last(shop).digest);
  EXPECT_FALSE(*follower.next(batch));
  LogReader from_start(*store_, shop, EventSeq{0});
  std::uint64_t records = 0;
  while (*from_start.next(batch)) records += batch.header.count;
  EXPECT_EQ(records, 15U);
}

TEST_F(StoreTest, GroupCommitsContinueOneAnother) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  const ShopNo other = store_->create_shop("silk")->shop;
  std::vector<codec::FinishedBatch> batches;
  std::vector<Append> appends;
  Digest previous{};
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    codec::BatchWriter writer(EventSeq{seq}, Instant{100}, previous);
    writer.add_control(model::RecordType::tick, "");
    batches.push_back(std::move(writer).finish());
    previous = batches.back().digest;
  }
  for (const auto& batch : batches)
    appends.push_back({.shop = shop, .batch = batch.bytes, .digest = batch.digest});
  appends.push_back({.shop = other, .batch = batches[0].bytes, .digest = batches[0].digest});
  ASSERT_TRUE(store_->append(appends).ok());
  EXPECT_EQ(store_->last(shop).seq, EventSeq{3});
  EXPECT_EQ(store_->last(other).seq, EventSeq{1});
  EXPECT_TRUE(store_->verify_log(shop).ok());
}

TEST_F(StoreTest, NodesKeysAndIdsComeBack) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  NewNode ada = node(1);
  const NewNode bob = node(2);
  ada.sealed_value = "sealed";
  const DedupEntry first{{1, 2}, EventSeq{1}}, second{{3, 4}, EventSeq{2}}, import{{5, 6}, EventSeq{2}};
  append(shop, 2, {ada, bob}, {first, second}, {import});
  append(shop, 1, {}, {{{7, 8}, EventSeq{3}}});
  open();
  EXPECT_EQ(store_->find_node(shop, ada.hash)->value().node, NodeId{1});
  EXPECT_FALSE(store_->find_node(shop, {9, 9})->has_value());
  EXPECT_EQ(*store_->last_node(shop), NodeId{2});
  EXPECT_EQ(store_->key(shop, NodeId{2})->value(), bob.key);
  EXPECT_FALSE(store_->key(shop, NodeId{3})->has_value());
  EXPECT_EQ(store_->key_and_value(shop, NodeId{1})->value().sealed_value, "sealed");
  EXPECT_EQ(store_->key_and_value(shop, NodeId{1})->value().key, ada.key);
  EXPECT_EQ(store_->key_and_value(shop, NodeId{2})->value().sealed_value, "");
  EXPECT_FALSE(store_->key_and_value(shop, NodeId{3})->has_value());
  std::vector<std::pair<std::uint32_t, std::string>> walked;
  const auto walk = [&](NodeId node, const StoredKey& row) {
    walked.emplace_back(node.value, row.sealed_value);
  };
  EXPECT_EQ(*store_->walk_keys(shop, NodeId{0}, 1, walk), NodeId{1});
  EXPECT_EQ(*store_->walk_keys(shop, NodeId{1}, 9, walk), NodeId{2});
  EXPECT_EQ(*store_->walk_keys(shop, NodeId{2}, 9, walk), NodeId{2});
  EXPECT_EQ(walked, (std::vector<std::pair<std::uint32_t, std::string>>{{1, "sealed"}, {2, ""}}));
  std::map<std::uint32_t, Hash128> nodes;
  ASSERT_TRUE(store_->load_nodes(shop, [&](const NodeRow& row) { nodes[row.node.value] = row.hash; }).ok());
  EXPECT_EQ(nodes, (std::map<std::uint32_t, Hash128>{{1, ada.hash}, {2, bob.hash}}));
  EXPECT_EQ(store_->find_import_id(shop, import.id)->value(), EventSeq{2});
  EXPECT_FALSE(store_->find_import_id(shop, first.id)->has_value());
  std::vector<std::uint64_t> seqs;
  const auto collect = [&](const DedupEntry& entry) { seqs.push_back(entry.seq.value); };
  ASSERT_TRUE(store_->load_dedup(shop, Instant::min(), collect).ok());
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1, 2, 3}));
  seqs.clear();
  ASSERT_TRUE(store_->expire_dedup(shop, Instant{2000}).ok());
  ASSERT_TRUE(store_->load_dedup(shop, Instant::min(), collect).ok());
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{3}));
}

TEST_F(StoreTest, AnErasedKeyIsInNoByteOfTheFolder) {
  options_.compression = Compression::off;
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  std::vector<NewNode> nodes;
  for (std::uint32_t n = 1; n <= 300; ++n) nodes.push_back(node(n));
  append(shop, 1, nodes);
  ASSERT_TRUE(store_->put_file(shop, NodeId{7}, sha256("photo"), "sealed bytes of a photo").ok());
  const std::vector<std::pair<NodeId, EventSeq>> occurs = {{NodeId{7}, EventSeq{1}},
                                                           {NodeId{8}, EventSeq{1}}};
  ASSERT_TRUE(store_->append_positions(shop, EventSeq{1}, occurs).ok());
  open();  // the keys are now in a file of RocksDB
  append(shop, 1, {node(301)});
  EXPECT_FALSE(files_with(bytes_of(nodes[6].key)).empty()) << "the scan must be able to find a key";

  const std::vector<NodeId> gone = {NodeId{7}, NodeId{301}};
  const codec::NodeKey late = store_->key(shop, NodeId{301})->value();
  EXPECT_FALSE(files_with(bytes_of(late)).empty());
  ASSERT_TRUE(store_->destroy_keys(shop, gone).ok());
  EXPECT_EQ(files_with(bytes_of(nodes[6].key)), std::vector<std::string>());
  EXPECT_EQ(files_with(bytes_of(late)), std::vector<std::string>());
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(store_->key(shop, NodeId{7})->has_value());
    EXPECT_FALSE(store_->find_node(shop, nodes[6].hash)->has_value());
    EXPECT_FALSE(store_->get_file(shop, NodeId{7}, sha256("photo"))->has_value());
    EXPECT_TRUE(store_->positions(shop, NodeId{7})->empty());
    EXPECT_EQ(store_->positions(shop, NodeId{8})->size(), 1U);
    EXPECT_EQ(store_->key(shop, NodeId{8})->value(), nodes[7].key);
    EXPECT_EQ(*store_->erased_nodes(shop), gone);
    EXPECT_EQ(*store_->last_node(shop), NodeId{301}) << "numbers are never given twice";
    open();
  }
  EXPECT_EQ(files_with(bytes_of(nodes[6].key)), std::vector<std::string>());
}

TEST_F(StoreTest, ErasureWaitsForNoOtherReader) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  std::vector<NewNode> nodes;
  for (std::uint32_t n = 1; n <= 100; ++n) nodes.push_back(node(n));
  append(shop, 50, nodes);
  LogReader follower(*store_, shop, EventSeq{1});
  StoredBatch batch;
  ASSERT_TRUE(*follower.next(batch));  // holds files of the log while keys are destroyed
  std::vector<NodeId> all;
  for (std::uint32_t n = 1; n <= 100; ++n) all.push_back(NodeId{n});
  ASSERT_TRUE(store_->destroy_keys(shop, all).ok());
  for (const NewNode& gone : nodes) ASSERT_EQ(files_with(bytes_of(gone.key)), std::vector<std::string>());
}

TEST_F(StoreTest, DeadLettersGoWithTheKeyOfTheirDay) {
  options_.compression = Compression::off;
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  const Instant day_one = *parse_instant("2026-11-01T12:00:00Z");
  const std::vector<NewDeadLetter> letters = {{day_one, "bad event of ada@example.com"},
                                              {day_one + days(10), "another"}};
  ASSERT_TRUE(store_->append({.shop = shop, .dead_letters = letters}).ok());
  EXPECT_EQ(files_with("ada@example.com"), std::vector<std::string>());
  open();
  std::vector<std::string> bodies;
  std::uint64_t last_id = 0;
  const auto collect = [&](const DeadLetter& letter) {
    bodies.push_back(letter.body);
    EXPECT_GT(letter.id, last_id);
    last_id = letter.id;
    return Walk::on;
  };
  ASSERT_TRUE(store_->dead_letters(shop, 0, collect).ok());
  EXPECT_EQ(bodies, (std::vector<std::string>{"bad event of ada@example.com", "another"}));
  EXPECT_EQ(*store_->expire_dead_letters(shop, day_one + days(14)), 0U);
  EXPECT_EQ(*store_->expire_dead_letters(shop, day_one + days(15)), 1U);
  bodies.clear();
  ASSERT_TRUE(store_
                  ->dead_letters(shop, 0,
                                 [&](const DeadLetter& letter) {
                                   bodies.push_back(letter.body);
                                   return Walk::on;
                                 })
                  .ok());
  EXPECT_EQ(bodies, (std::vector<std::string>{"another"}));
  ASSERT_TRUE(store_->delete_dead_letter(shop, last_id).ok());
  open();
  EXPECT_TRUE(store_
                  ->dead_letters(shop, 0,
                                 [](const DeadLetter&) {
                                   ADD_FAILURE() << "a letter is left";
                                   return Walk::stop;
                                 })
                  .ok());
}

TEST_F(StoreTest, LettersAreClosedAndRowsChangedWithTheBatchThatSaysSo) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  const std::vector<NewDeadLetter> letters = {{Instant{1}, "a"}, {Instant{1}, "b"}};
  ASSERT_TRUE(store_->append({.shop = shop, .dead_letters = letters}).ok());
  const auto ids = [&] {
    std::vector<std::uint64_t> out;
    EXPECT_TRUE(store_
                    ->dead_letters(shop, 0,
                                   [&](const DeadLetter& letter) {
                                     out.push_back(letter.id);
                                     return Walk::on;
                                   })
                    .ok());
    return out;
  };
  ASSERT_EQ(ids(), (std::vector<std::uint64_t>{1, 2}));
  const std::vector<std::uint64_t> closed = {1, 2};
  const std::vector<Change> changes = {{Table::outbox, shop, "call/1", "sent"}};
  ASSERT_TRUE(store_->append({.shop = shop, .changes = changes, .closed_letters = closed}).ok());
  open();
  EXPECT_TRUE(ids().empty());
  EXPECT_EQ(*store_->get(Table::outbox, shop, "call/1"), "sent");
  ASSERT_TRUE(store_->append({.shop = shop, .dead_letters = letters}).ok());
  EXPECT_EQ(ids(), (std::vector<std::uint64_t>{3, 4})) << "a number is never given twice";
}

TEST_F(StoreTest, FollowersKeepRowsAndPlaceTogether) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  const std::uint64_t seed = 11;
  SCOPED_TRACE(seed);
  Random random(seed);
  std::map<std::uint32_t, std::vector<EventSeq>> expected;
  std::uint64_t seq = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::pair<NodeId, EventSeq>> rows;
    for (int i = 0; i < 50; ++i) {
      ++seq;
      const auto node = static_cast<std::uint32_t>(random.between(120, 135));
      rows.emplace_back(NodeId{node}, EventSeq{seq});
      expected[node].emplace_back(seq);
    }
    ASSERT_TRUE(store_->append_positions(shop, EventSeq{seq}, rows).ok());
    if (round == 9) open();
  }
  EXPECT_EQ(*store_->positions_upto(shop), EventSeq{seq});
  for (const auto& [node, seqs] : expected) EXPECT_EQ(*store_->positions(shop, NodeId{node}), seqs);
}

TEST_F(StoreTest, FlipsAreFoundByCauseAndByCustomerAndCanBeTakenBack) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  const std::vector<FlipRow> flips = {{EventSeq{3}, CustomerId{1}, "in a"},
                                      {EventSeq{3}, CustomerId{2}, "in b"},
                                      {EventSeq{5}, CustomerId{1}, "out a"}};
  ASSERT_TRUE(store_->append_flips(shop, EventSeq{6}, flips).ok());
  open();
  const auto by_customer = [&](std::uint32_t customer) {
    std::vector<std::string> bodies;
    EXPECT_TRUE(store_
                    ->flips_of(shop, CustomerId{customer},
                               [&](const FlipRow& flip) {
                                 bodies.emplace_back(flip.body);
                                 return Walk::on;
                               })
                    .ok());
    return bodies;
  };
  const auto by_cause = [&](std::uint64_t from) {
    std::vector<std::string> bodies;
    EXPECT_TRUE(store_
                    ->flips(shop, EventSeq{from},
                            [&](const FlipRow& flip) {
                              bodies.push_back(
                                  fmt::format("{} {} {}", flip.cause.value, flip.customer.value, flip.body));
                              return Walk::on;
                            })
                    .ok());
    return bodies;
  };
  EXPECT_EQ(*store_->flips_upto(shop), EventSeq{6});
  EXPECT_EQ(by_customer(1), (std::vector<std::string>{"in a", "out a"}));
  EXPECT_EQ(by_cause(4), (std::vector<std::string>{"5 1 out a"}));
  ASSERT_TRUE(store_->delete_flips_after(shop, EventSeq{3}).ok());
  EXPECT_EQ(*store_->flips_upto(shop), EventSeq{3});
  EXPECT_EQ(by_customer(1), (std::vector<std::string>{"in a"}));
  EXPECT_EQ(by_cause(0), (std::vector<std::string>{"3 1 in a", "3 2 in b"}));
}

TEST_F(StoreTest, SettingsAndOutboxAreSmallTables) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  ASSERT_TRUE(store_->put(Table::settings, ShopNo{0}, "key/1", "folder").ok());
  const std::vector<Change> changes = {{Table::settings, shop, "key/1", "one"},
                                       {Table::settings, shop, "key/2", "two"},
                                       {Table::settings, shop, "kez", "no key"},
                                       {Table::outbox, shop, "7", "hook"}};
  ASSERT_TRUE(store_->write(changes).ok());
  ASSERT_TRUE(store_->remove(Table::settings, shop, "key/2").ok());
  open();
  EXPECT_EQ(store_->get(Table::settings, shop, "key/1")->value(), "one");
  EXPECT_EQ(store_->get(Table::settings, ShopNo{0}, "key/1")->value(), "folder");
  EXPECT_FALSE(store_->get(Table::settings, shop, "key/2")->has_value());
  EXPECT_FALSE(store_->get(Table::settings, shop, "7")->has_value());
  std::vector<std::string> keys;
  ASSERT_TRUE(store_
                  ->scan(Table::settings, shop, "key/",
                         [&](std::string_view key, std::string_view) {
                           keys.emplace_back(key);
                           return Walk::on;
                         })
                  .ok());
  EXPECT_EQ(keys, (std::vector<std::string>{"key/1"}));
}

TEST_F(StoreTest, CheckpointsAreBelievedOnlyWhenTheyAgreeWithTheLog) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  append(shop, 3);
  const auto save = [&](const CheckpointHead& head) {
    int chunk = 0;
    return store_->save_checkpoint(shop, head, [&](std::string& out) -> Result<bool> {
      out = std::string(1000, static_cast<char>('a' + chunk));
      return chunk++ < 3;
    });
  };
  EXPECT_FALSE(store_->latest_checkpoint(shop)->has_value());
  const CheckpointHead head{EventSeq{3}, store_->last(shop).digest, 4, sha256("state")};
  ASSERT_TRUE(save(head).ok());
  append(shop, 2);
  open();
  auto latest = store_->latest_checkpoint(shop);
  ASSERT_TRUE(latest.ok() && latest->has_value());
  EXPECT_EQ((*latest)->seq, EventSeq{3});
  EXPECT_EQ((*latest)->view_version, 4U);
  EXPECT_EQ((*latest)->state_hash, sha256("state"));
  std::string all;
  const auto take = [&](std::string_view chunk) -> Status {
    all += chunk.front();
    return {};
  };
  ASSERT_TRUE(store_->read_checkpoint(shop, EventSeq{3}, take).ok());
  EXPECT_EQ(all, "abc");

  // One bit of a chunk: reading says so.
  const std::string path = options_.path + "/checkpoints/1-00000000000000000003.checkpoint";
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(800);
    file.put('z');
  }
  EXPECT_EQ(store_->read_checkpoint(shop, EventSeq{3}, take).error().code, Errc::corrupt);
  fs::resize_file(path, fs::file_size(path) - 1);
  EXPECT_FALSE(store_->latest_checkpoint(shop)->has_value()) << "a torn checkpoint is none";

  ASSERT_TRUE(save({EventSeq{5}, sha256("of another log"), 4, {}}).ok());
  EXPECT_FALSE(fs::exists(path)) << "older checkpoints go when a newer one is durable";
  EXPECT_FALSE(store_->latest_checkpoint(shop)->has_value());
  ASSERT_TRUE(save({EventSeq{5}, store_->last(shop).digest, 4, {}}).ok());
  EXPECT_TRUE(store_->latest_checkpoint(shop)->has_value());
  ASSERT_TRUE(store_->drop_checkpoints(shop).ok());
  EXPECT_FALSE(store_->latest_checkpoint(shop)->has_value());
}

TEST_F(StoreTest, ABackupComesBackWithoutTheErased) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  std::vector<NewNode> nodes = {node(1), node(2), node(3)};
  append(shop, 3, nodes);
  // A writer goes on while the backup is made.
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) append(shop, 1);
  });
  const Status copied = store_->backup(folder_ + "/backup");
  stop = true;
  writer.join();
  ASSERT_TRUE(copied.ok()) << copied.error().describe();
  append(shop, 1, {node(4)});
  const std::vector<NodeId> gone = {NodeId{2}, NodeId{4}};
  ASSERT_TRUE(store_->destroy_keys(shop, gone).ok());
  const auto ledger = parse_ledger(format_ledger(*erasure_ledger(*store_)));
  ASSERT_TRUE(ledger.ok());
  EXPECT_EQ(*ledger, (std::vector<Erasure>{{"tea", NodeId{2}}, {"tea", NodeId{4}}}));

  RestoreOptions options{folder_ + "/backup", options_, *ledger};
  EXPECT_EQ(restore(options).error().code, Errc::conflict);
  options.to.path = folder_ + "/restored";
  // One that cannot be finished leaves nothing to serve.
  options.finish = [](Store&) -> Status { return Error{Errc::io, "no"}; };
  EXPECT_EQ(restore(options).error().message, "no");
  EXPECT_FALSE(fs::exists(options.to.path));
  options.finish = {};
  std::vector<NodeId> told;
  options.erasing = [&](const ShopInfo&, const NodeRow& row) { told.push_back(row.node); };
  {
    auto restored = restore(options);
    ASSERT_TRUE(restored.ok()) << restored.error().describe();
    EXPECT_GE((*restored)->last(shop).seq, EventSeq{3});
    EXPECT_FALSE((*restored)->key(shop, NodeId{2})->has_value());
    EXPECT_EQ((*restored)->key(shop, NodeId{3})->value(), nodes[2].key);
    EXPECT_EQ(*(*restored)->erased_nodes(shop), gone);
    EXPECT_EQ(*(*restored)->last_node(shop), NodeId{4}) << "nobody else gets that number";
    EXPECT_EQ(told, std::vector<NodeId>{NodeId{2}}) << "node 4 was not there yet";
  }
  for (const std::string& file : files_with(bytes_of(nodes[1].key))) {
    EXPECT_EQ(file.find("/restored/"), std::string::npos) << file;
  }
  options.to.path = folder_ + "/other";
  const std::string junk = folder_ + "/junk", empty = folder_ + "/empty_shop";
  fs::create_directories(junk + "/db");
  fs::copy(folder_ + "/backup/witness", junk + "/witness");
  {
    StoreOptions none = options_;
    none.path = empty;
    ASSERT_TRUE((*Store::open(none))->backup(empty + "_backup").ok());
  }
  for (const std::string& from : {folder_ + "/nothing", junk, empty + "_backup"}) {
    options.from = from;
    EXPECT_EQ(restore(options).error().code, Errc::not_found) << from;
    EXPECT_FALSE(fs::exists(options.to.path)) << from;
  }
  for (const char* wrong :
       {"", "tea\t2\n", "# rapport erasures: 1\ntea\tx\n", "# rapport erasures: 2\ntea\t2\n",
        "# rapport erasures: 1", "# rapport erasures: x\n"})
    EXPECT_EQ(parse_ledger(wrong).error().code, Errc::bad_input) << wrong;
  EXPECT_TRUE(parse_ledger(format_ledger({}))->empty());
}

TEST_F(StoreTest, ALostDatabaseIsNoNewFolder) {
  open();
  const ShopNo shop = store_->create_shop("tea")->shop;
  append(shop, 3);
  store_.reset();
  fs::remove_all(options_.path + "/db");
  const auto opened = Store::open(options_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace rapport::store
