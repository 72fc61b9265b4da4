#include "engine/detail/access_keys.h"

#include <gtest/gtest.h>

namespace rapport::engine {
namespace {

TEST(AccessKeys, AKeyOpensItsShopInItsRoleAndNothingElse) {
  AccessKeys keys;
  AccessKeys::Stored stored;
  stored.principal.shop = ShopNo{3};
  stored.label = "checkout server";
  const std::string key = AccessKeys::make(model::KeyRole::ingest, stored);
  EXPECT_TRUE(key.starts_with("rk_ingest_"));
  EXPECT_FALSE(keys.authenticate(key).ok());

  const std::string bytes = AccessKeys::encode(stored);
  EXPECT_EQ(bytes.find(key), std::string::npos);
  keys.add(*AccessKeys::decode(bytes));
  const auto principal = keys.authenticate(key);
  ASSERT_TRUE(principal.ok());
  EXPECT_EQ(principal->shop, ShopNo{3});
  EXPECT_TRUE(model::may(principal->role, model::Permission::ingest));
  EXPECT_FALSE(model::may(principal->role, model::Permission::read));

  EXPECT_FALSE(keys.authenticate(key + "x").ok());
  EXPECT_FALSE(keys.authenticate("").ok());
  EXPECT_FALSE(keys.remove(ShopNo{4}, principal->key_id));
  EXPECT_TRUE(keys.remove(ShopNo{3}, principal->key_id));
  EXPECT_FALSE(keys.authenticate(key).ok());
}

TEST(AccessKeys, DamagedBytesAreSaid) {
  AccessKeys::Stored stored;
  AccessKeys::make(model::KeyRole::admin, stored);
  const std::string bytes = AccessKeys::encode(stored);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_FALSE(AccessKeys::decode(bytes.substr(0, cut)).ok());
}

}  // namespace
}  // namespace rapport::engine
