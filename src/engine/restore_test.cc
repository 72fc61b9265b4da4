#include "engine/restore.h"

#include <fstream>
#include <sstream>

#include "engine/detail/test_engine.h"
#include "store/store.h"

namespace rapport::engine {
namespace {

namespace fs = std::filesystem;

class RestoreTest : public EngineTest {
 protected:
  void TearDown() override {
    EngineTest::TearDown();
    fs::remove_all(folder_.string() + "_backup");
    fs::remove_all(folder_.string() + "_back");
  }
  /// The key of every node, read while nobody holds the folder.
  std::vector<std::string> keys_of(const std::vector<NodeId>& nodes) {
    engine_.reset();
    std::vector<std::string> keys;
    {
      auto store = store::Store::open({.path = folder_.string(), .compression = store::Compression::off});
      EXPECT_TRUE(store.ok());
      for (const NodeId node : nodes) {
        const auto key = (*store)->key(shop_, node);
        EXPECT_TRUE(key.ok() && key->has_value());
        keys.emplace_back(reinterpret_cast<const char*>((*key)->data()), (*key)->size());
      }
    }
    open();
    return keys;
  }
  static std::size_t files_with(const std::string& folder, const std::string& bytes) {
    std::size_t found = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      found += text.str().find(bytes) != std::string::npos ? 1 : 0;
    }
    return found;
  }
};

TEST_F(RestoreTest, WhoWasErasedAfterTheBackupStaysErased) {
  ASSERT_TRUE(
      send(
          R"({"type":"identify","userId":"ada","anonymousId":"a-1","messageId":"m1","traits":{"email":"ada@example.com","name":"Augusta Ada King"}})")
          .ok());
  const auto bob = send(track("bob", "Ticket Opened", "m2", R"({"ticket_id":"T1","class":"product"})"));
  const auto ada = customer("ada", bob->offset);
  ASSERT_TRUE(ada.ok()) << ada.error().describe();
  std::vector<NodeId> nodes;
  for (const model::IdentityAnswer& identity : ada->identities) nodes.push_back(identity.node);
  ASSERT_EQ(nodes.size(), 3U);
  const std::vector<std::string> keys = keys_of(nodes);

  const std::string backup = folder_.string() + "_backup", back = folder_.string() + "_back";
  ASSERT_TRUE(engine_->backup(backup).ok());
  for (const std::string& key : keys)
    EXPECT_GT(files_with(backup, key), 0U) << "the scan finds what is there";
  // After the backup: somebody new, and the erasure.
  ASSERT_TRUE(send(track("carl", "Product Liked", "m3", R"({"product_id":"P1"})")).ok());
  for (const char* who : {"ada", "carl"}) {
    const auto erased = wait<EventSeq>([&](auto reply) { engine_->erase(shop_, who, reply); });
    ASSERT_TRUE(erased.ok()) << erased.error().describe();
  }
  const auto ledger = engine_->erasure_ledger(std::nullopt);
  ASSERT_TRUE(ledger.ok());

  const auto restored = restore({backup, back, *ledger, false});
  ASSERT_TRUE(restored.ok()) << restored.error().describe();
  EXPECT_EQ(restored->nodes_erased, 3U);
  for (const std::string& key : keys) EXPECT_EQ(files_with(back, key), 0U);
  EXPECT_EQ(restore({backup, back, *ledger, false}).error().code, Errc::conflict);

  engine_.reset();
  fs::remove_all(folder_);
  fs::rename(back, folder_);
  open();
  EXPECT_EQ(customer("ada").error().code, Errc::not_found);
  EXPECT_EQ(customer(model::format_customer_id(ada->id)).error().code, Errc::not_found);
  EXPECT_TRUE(customer("bob").ok());
  EXPECT_EQ(send(track("ada", "Product Viewed", "m4", R"({"product_id":"P1"})"))->suppressed, 1U);
  EXPECT_EQ(send(R"({"type":"identify","messageId":"m5","traits":{"email":"ada@example.com"}})")->suppressed,
            1U);
  const auto tail = wait<TailAnswer>([&](auto reply) {
    engine_->tail(shop_, {EventSeq{0}, 100, false, true}, reply);
  });
  const auto told = std::count_if(tail->events.begin(), tail->events.end(),
                                  [](const auto& entry) { return entry.event == "erased"; });
  EXPECT_EQ(told, 1);
  // Carl's number was not given in the backup, and nobody gets it: the ledger may be used again.
  const auto dora = send(track("dora", "Product Liked", "m6", R"({"product_id":"P1"})"));
  const auto fresh = customer("dora", dora->offset);
  ASSERT_TRUE(fresh.ok());
  for (const model::IdentityAnswer& identity : fresh->identities) {
    EXPECT_EQ(ledger->find(fmt::format("\t{}\n", identity.node.value)), std::string::npos) << *ledger;
  }
  EXPECT_EQ(*engine_->erasure_ledger(shop_), *ledger);
}

}  // namespace
}  // namespace rapport::engine
