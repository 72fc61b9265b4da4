#include "engine/detail/access_keys.h"

#include <algorithm>
#include <mutex>

#include "base/bytes.h"
#include "base/random.h"

namespace rapport::engine {
namespace {
constexpr std::size_t kMostKeyBytes = 128;
}

std::string AccessKeys::make(model::KeyRole role, Stored& stored) {
  std::array<std::uint8_t, 24> secret{};
  secure_random(secret);
  std::array<std::uint8_t, 8> number{};
  secure_random(number);
  const std::string key =
      fmt::format("rk_{}_{}", model::key_role_name(role),
                  to_base64url({reinterpret_cast<const char*>(secret.data()), secret.size()}));
  stored.principal.role = role;
  std::memcpy(&stored.principal.key_id, number.data(), number.size());
  stored.principal.key_id >>= 12;  // exact as a JSON number
  stored.hash = sha256(key);
  return key;
}

std::string AccessKeys::encode(const Stored& stored) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(1);
  out.u64(stored.principal.key_id);
  out.u16(stored.principal.shop.value);
  out.text(model::key_role_name(stored.principal.role));
  out.text(stored.label);
  out.i64(stored.created.ms);
  out.raw(as_view(stored.hash));
  return bytes;
}

Result<AccessKeys::Stored> AccessKeys::decode(std::string_view bytes) {
  ByteReader in(bytes);
  Stored stored;
  const std::uint8_t version = in.u8();
  stored.principal.key_id = in.u64();
  stored.principal.shop = ShopNo{in.u16()};
  const auto role = model::key_role_from_name(in.text());
  stored.label = in.text();
  stored.created = {in.i64()};
  const std::string_view hash = in.raw(stored.hash.size());
  if (!in.ok() || !in.at_end() || version != 1 || !role)
    return Error{Errc::corrupt, "a stored API key is damaged"};
  stored.principal.role = *role;
  std::memcpy(stored.hash.data(), hash.data(), hash.size());
  return stored;
}

void AccessKeys::add(const Stored& stored) {
  const std::lock_guard lock(mutex_);
  by_hash_.insert_or_assign(stored.hash, stored);
}

bool AccessKeys::remove(ShopNo shop, std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(by_hash_, [&](const auto& entry) {
           return entry.second.principal.shop == shop && entry.second.principal.key_id == id;
         }) > 0;
}

Result<model::Principal> AccessKeys::authenticate(std::string_view key) const {
  const Error unknown{Errc::unauthorized, "this key is not known", "", "a key made by 'rapport keys add'"};
  if (key.empty() || key.size() > kMostKeyBytes) return unknown;
  const Digest hash = sha256(key);
  const std::shared_lock lock(mutex_);
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return unknown;
  return found->second.principal;
}

std::vector<AccessKeys::Stored> AccessKeys::of_shop(ShopNo shop) const {
  std::vector<Stored> keys;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [hash, stored] : by_hash_) {
      if (stored.principal.shop == shop) keys.push_back(stored);
    }
  }
  std::sort(keys.begin(), keys.end(), [](const Stored& a, const Stored& b) {
    return std::pair(a.created, a.principal.key_id) < std::pair(b.created, b.principal.key_id);
  });
  return keys;
}

}  // namespace rapport::engine
