#include "engine/detail/users.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace rapport::engine {
namespace {

namespace fs = std::filesystem;

class UsersTest : public ::testing::Test {
 protected:
  struct SetClock final : Clock {
    Instant now() override { return at; }
    Instant at = Instant{1'800'000'000'000};
  };
  void SetUp() override {
    folder_ = fs::temp_directory_path() / fmt::format("rapport_users_{}_{}", ::getpid(), counter_++);
    open();
  }
  void TearDown() override {
    users_.reset();
    store_.reset();
    fs::remove_all(folder_);
  }
  void open() {
    users_.reset();
    store_.reset();
    store::StoreOptions options;
    options.path = folder_;
    options.compression = store::Compression::off;
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    store_ = std::move(*opened);
    users_ = std::make_unique<Users>(*store_, clock_);
    ASSERT_TRUE(users_->load().ok());
  }
  /// Whether any file of the folder holds these bytes.
  bool on_disk(const std::string& bytes) const {
    for (const auto& file : fs::recursive_directory_iterator(folder_)) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string all{std::istreambuf_iterator<char>(in), {}};
      if (all.find(bytes) != std::string::npos) return true;
    }
    return false;
  }
  model::UserAnswer add(const std::string& name, model::UserRole role, const std::string& password) {
    auto added = users_->add({name, role, {}, password});
    EXPECT_TRUE(added.ok()) << added.error().describe();
    return added.ok() ? *added : model::UserAnswer{};
  }

  static inline int counter_ = 0;
  fs::path folder_;
  SetClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Users> users_;
};

TEST_F(UsersTest, APasswordOpensAndSurvivesARestart) {
  const auto ada = add("Ada 王", model::UserRole::owner, "correct horse");
  open();
  const auto in = users_->check(" ａｄａ  王 ", "correct horse");
  ASSERT_TRUE(in.ok()) << "a name is the same to a person: " << in.error().describe();
  EXPECT_EQ(in->id, ada.id);
  EXPECT_EQ(in->name, "Ada 王");
  EXPECT_EQ(in->role, model::UserRole::owner);
  EXPECT_TRUE(in->has_password);
  for (const char* wrong : {"", "Correct horse", "correct horse ", "correct"})
    EXPECT_EQ(users_->check("ada 王", wrong).error().code, Errc::unauthorized) << wrong;
  EXPECT_EQ(users_->check("nobody", "correct horse").error().code, Errc::unauthorized);
}

TEST_F(UsersTest, NamesAreSealedAndGoWithTheKey) {
  add("Sealed Person", model::UserRole::owner, "correct horse");
  const auto gone = add("Leaving Person", model::UserRole::agent, "battery staple");
  const auto key = store_->named_key(fmt::format("user/{:016x}", gone.id));
  ASSERT_TRUE(key.ok() && key->has_value());
  const std::string key_bytes(reinterpret_cast<const char*>((*key)->data()), (*key)->size());
  EXPECT_TRUE(on_disk(key_bytes));
  ASSERT_TRUE(users_->remove(gone.id).ok());
  EXPECT_FALSE(on_disk(key_bytes));
  EXPECT_FALSE(on_disk("Leaving Person"));
  EXPECT_FALSE(on_disk("Sealed Person"));
  EXPECT_FALSE(on_disk("$argon2id$"));
  open();
  EXPECT_EQ(users_->all().size(), 1U);
  EXPECT_FALSE(users_->find(gone.id));
  EXPECT_FALSE(users_->check("leaving person", "battery staple").ok());
  EXPECT_EQ(users_->remove(gone.id).error().code, Errc::not_found);
}

TEST_F(UsersTest, ARemovalThatACrashCutShortIsFinishedAtTheStart) {
  add("Ada", model::UserRole::owner, "correct horse");
  const auto gone = add("Bob", model::UserRole::viewer, "battery staple");
  ASSERT_TRUE(store_->destroy_named_key(fmt::format("user/{:016x}", gone.id)).ok());
  open();
  EXPECT_FALSE(users_->find(gone.id));
  EXPECT_FALSE(*store_->get(store::Table::settings, ShopNo{0}, fmt::format("user/{:016x}", gone.id)));
  EXPECT_TRUE(users_->check("ada", "correct horse").ok());
}

TEST_F(UsersTest, RefusesWhatCannotBe) {
  add("Ada", model::UserRole::owner, "correct horse");
  const auto refused = [&](const std::string& name, const std::string& password) {
    auto added = users_->add({name, model::UserRole::viewer, {}, password});
    return added.ok() ? Errc::internal : added.error().code;
  };
  EXPECT_EQ(refused("ADA", "correct horse"), Errc::conflict);
  EXPECT_EQ(refused("", "correct horse"), Errc::bad_input);
  EXPECT_EQ(refused("a\nb", "correct horse"), Errc::bad_input);
  EXPECT_EQ(refused(std::string(101, 'a'), "correct horse"), Errc::bad_input);
  EXPECT_EQ(refused("Bob", "short"), Errc::bad_input);
  EXPECT_EQ(refused("Bob", "七个字还是短啊"), Errc::bad_input);
  EXPECT_EQ(refused("Long Name", "long name"), Errc::bad_input);
  EXPECT_EQ(refused("Bob", std::string(2'000, 'x')), Errc::bad_input);
  EXPECT_EQ(users_->add({"Eve", model::UserRole::owner, {}, "correct horse", true}).error().code,
            Errc::conflict);
  EXPECT_EQ(users_->all().size(), 1U);
}

TEST_F(UsersTest, OneOwnerIsAlwaysLeft) {
  const auto ada = add("Ada", model::UserRole::owner, "correct horse");
  EXPECT_EQ(users_->remove(ada.id).error().code, Errc::conflict);
  EXPECT_EQ(users_->change(ada.id, {model::UserRole::viewer, {}, false}).error().code, Errc::conflict);
  const auto bob = add("Bob", model::UserRole::viewer, "battery staple");
  ASSERT_TRUE(users_->change(bob.id, {model::UserRole::owner, {}, false}).ok());
  EXPECT_TRUE(users_->change(ada.id, {model::UserRole::viewer, {}, false}).ok());
  EXPECT_TRUE(users_->remove(ada.id).ok());
  EXPECT_EQ(users_->remove(bob.id).error().code, Errc::conflict);
}

TEST_F(UsersTest, APasswordIsChangedOrTakenAway) {
  const auto ada = add("Ada", model::UserRole::owner, "correct horse");
  ASSERT_TRUE(users_->change(ada.id, {{}, "battery staple", false}).ok());
  EXPECT_FALSE(users_->check("ada", "correct horse").ok());
  EXPECT_TRUE(users_->check("ada", "battery staple").ok());
  EXPECT_EQ(users_->change(ada.id, {{}, "weak", false}).error().code, Errc::bad_input);
  const auto without = users_->change(ada.id, {{}, {}, true});
  ASSERT_TRUE(without.ok());
  EXPECT_FALSE(without->has_password);
  EXPECT_FALSE(users_->check("ada", "battery staple").ok());
  EXPECT_FALSE(users_->check("ada", "").ok());
  EXPECT_EQ(users_->change(99, {{}, {}, true}).error().code, Errc::not_found);
}

TEST_F(UsersTest, ALinkHoldsOnceAndForADay) {
  const auto first = users_->add_link({0, ShopNo{2}});
  const auto second = users_->add_link({0, ShopNo{0}});
  const auto late = users_->add_link({0, ShopNo{0}});
  ASSERT_TRUE(first.ok() && second.ok() && late.ok());
  EXPECT_FALSE(on_disk(first->token)) << "only its hash is kept";
  open();
  const auto taken = users_->take_link(first->token);
  ASSERT_TRUE(taken.ok()) << taken.error().describe();
  EXPECT_EQ(taken->shop, ShopNo{2});
  EXPECT_EQ(users_->take_link(first->token).error().code, Errc::unauthorized) << "a replay";
  open();
  EXPECT_EQ(users_->take_link(first->token).error().code, Errc::unauthorized) << "a replay after a restart";
  EXPECT_EQ(users_->take_link("").error().code, Errc::unauthorized);
  EXPECT_EQ(users_->take_link(std::string(10'000, 'a')).error().code, Errc::unauthorized);
  clock_.at = clock_.at + hours(23);
  EXPECT_TRUE(users_->take_link(second->token).ok());
  clock_.at = clock_.at + hours(1);
  EXPECT_EQ(users_->take_link(late->token).error().code, Errc::unauthorized) << "too old";
}

TEST_F(UsersTest, ALinkOfARemovedUserOpensNothing) {
  add("Ada", model::UserRole::owner, "correct horse");
  const auto bob = add("Bob", model::UserRole::viewer, "battery staple");
  const auto link = users_->add_link({bob.id, ShopNo{1}});
  ASSERT_TRUE(users_->remove(bob.id).ok());
  EXPECT_EQ(users_->take_link(link->token).error().code, Errc::unauthorized);
}

}  // namespace
}  // namespace rapport::engine
