#include "engine/detail/users.h"

#include <sodium/core.h>
#include <sodium/crypto_pwhash.h>

#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/log.h"
#include "base/random.h"
#include "text/normalise.h"

namespace rapport::engine {
namespace {

constexpr std::string_view kUserPrefix = "user/";
constexpr std::string_view kLinkPrefix = "link/";
constexpr std::size_t kNameMostBytes = 100;
constexpr std::size_t kPasswordLeastCharacters = 8;
constexpr std::size_t kPasswordMostBytes = 1024;
constexpr std::size_t kTokenMostBytes = 128;

std::string setting(std::uint64_t id) {
  return fmt::format("{}{:016x}", kUserPrefix, id);
}

std::string link_setting(const Digest& hash) {
  return std::string(kLinkPrefix) + digest_hex(hash);
}

/// Bound into the seal, so that one user's row cannot stand in for another's.
std::string seal_context_of(std::uint64_t id) {
  std::string bytes = "u";
  ByteWriter(bytes).u64(id);
  return bytes;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Result<std::string> checked_name(std::string_view raw) {
  const std::string name(text::trim(raw));
  const bool control =
      std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 32; });
  if (name.empty() || name.size() > kNameMostBytes || control) {
    return Error{Errc::bad_input, "this cannot be a user's name", "name",
                 fmt::format("1 to {} bytes of text", kNameMostBytes)};
  }
  return name;
}

Status check_new_password(std::string_view password, std::string_view name) {
  const std::string normal = text::nfkc(password);
  if (characters(normal) < kPasswordLeastCharacters || password.size() > kPasswordMostBytes ||
      text::comparison_form(password) == text::comparison_form(name)) {
    return Error{Errc::bad_input, "this password is too weak", "password",
                 fmt::format("{} characters or more, and not the name", kPasswordLeastCharacters)};
  }
  return {};
}

/// What is compared with when nobody has the name.
const std::string& nobodys_hash() {
  static const std::string hash = hash_password("nobody has this password");
  return hash;
}

std::uint64_t fresh_id() {
  std::array<std::uint8_t, 8> bytes{};
  secure_random(bytes);
  std::uint64_t id = 0;
  std::memcpy(&id, bytes.data(), bytes.size());
  return std::max<std::uint64_t>(id >> 12, 1);  // exact as a JSON number
}

}  // namespace

std::string hash_password(std::string_view password) {
  const std::string normal = text::nfkc(password);
  [[maybe_unused]] const int ready = ::sodium_init();
  std::string out(crypto_pwhash_STRBYTES, '\0');
  const int done =
      ::crypto_pwhash_str(out.data(), normal.data(), normal.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE);
  ASSERT(done == 0);  // Fails for want of 64 MiB only.
  out.resize(out.find('\0'));
  return out;
}

bool is_password(const std::string& hash, std::string_view password) {
  const std::string normal = text::nfkc(password);
  return ::crypto_pwhash_str_verify(hash.c_str(), normal.data(), normal.size()) == 0;
}

Status Users::write(const Stored& stored) {
  std::string personal, sealed, row;
  ByteWriter inside(personal);
  inside.text(stored.user.name);
  inside.text(stored.hash);
  codec::seal(stored.key, personal, seal_context_of(stored.user.id), sealed);
  ByteWriter out(row);
  out.u8(1);
  out.u64(stored.user.id);
  out.text(model::user_role_name(stored.user.role));
  out.varint(stored.user.shops.size());
  for (const ShopNo shop : stored.user.shops) out.u16(shop.value);
  out.i64(stored.user.created.ms);
  out.text(sealed);
  return store_.put(store::Table::settings, ShopNo{0}, setting(stored.user.id), row);
}

Result<std::optional<Users::Stored>> Users::read(std::string_view row) const {
  const Error damaged{Errc::corrupt, "a stored user is damaged"};
  ByteReader in(row);
  Stored stored;
  const std::uint8_t version = in.u8();
  stored.user.id = in.u64();
  const auto role = model::user_role_from_name(in.text());
  const std::uint64_t shops = in.varint();
  for (std::uint64_t i = 0; i < shops && in.ok(); ++i) stored.user.shops.push_back(ShopNo{in.u16()});
  stored.user.created = {in.i64()};
  const std::string_view sealed = in.text();
  if (!in.ok() || !in.at_end() || version != 1 || !role) return damaged;
  stored.user.role = *role;
  RAPPORT_TRY(const std::optional<codec::NodeKey> key, store_.named_key(setting(stored.user.id)));
  if (!key) return std::optional<Stored>();
  stored.key = *key;
  RAPPORT_TRY(const std::string personal, codec::open(stored.key, sealed, seal_context_of(stored.user.id)));
  ByteReader inside(personal);
  stored.user.name = inside.text();
  stored.hash = inside.text();
  if (!inside.ok() || !inside.at_end()) return damaged;
  stored.user.has_password = !stored.hash.empty();
  return std::optional<Stored>(std::move(stored));
}

Status Users::load() {
  std::vector<std::string> unfinished;
  RAPPORT_CHECK(store_.scan(
      store::Table::settings, ShopNo{0}, kUserPrefix, [&](std::string_view key, std::string_view value) {
        auto stored = read(value);
        if (!stored.ok()) {
          log(LogLevel::warn, "a user was passed over", {{"why", stored.error().message}});
        } else if (!*stored) {
          unfinished.emplace_back(key);
        } else {
          const auto& user = (*stored)->user;
          by_name_.insert_or_assign(text::comparison_form(user.name), user.id);
          by_id_.insert_or_assign(user.id, std::move(**stored));
        }
        return store::Walk::on;
      }));
  for (const std::string& key : unfinished)
    RAPPORT_CHECK(store_.remove(store::Table::settings, ShopNo{0}, key));
  return load_links();
}

Status Users::load_links() {
  RAPPORT_CHECK(store_.scan(store::Table::settings, ShopNo{0}, kLinkPrefix,
                            [&](std::string_view, std::string_view value) {
                              ByteReader in(value);
                              Link link;
                              Digest hash{};
                              const std::uint8_t version = in.u8();
                              link.what.user = in.u64();
                              link.what.shop = ShopNo{in.u16()};
                              link.expires = {in.i64()};
                              const std::string_view bytes = in.raw(hash.size());
                              if (in.ok() && in.at_end() && version == 1) {
                                std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(hash.data()));
                                links_.insert_or_assign(hash, link);
                              }
                              return store::Walk::on;
                            }));
  drop_old_links();
  return {};
}

std::vector<model::UserAnswer> Users::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<model::UserAnswer> users;
  for (const auto& [id, stored] : by_id_) users.push_back(stored.user);
  std::sort(users.begin(), users.end(), [](const auto& a, const auto& b) {
    return std::pair(a.created, a.id) < std::pair(b.created, b.id);
  });
  return users;
}

std::optional<model::UserAnswer> Users::find(std::uint64_t id) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return found->second.user;
}

bool Users::has_owner() const {
  const std::shared_lock lock(mutex_);
  return std::any_of(by_id_.begin(), by_id_.end(),
                     [](const auto& entry) { return entry.second.user.role == model::UserRole::owner; });
}

bool Users::is_last_owner(std::uint64_t id) const {
  const auto is_owner = [](const auto& entry) { return entry.second.user.role == model::UserRole::owner; };
  const auto found = by_id_.find(id);
  return found != by_id_.end() && is_owner(*found) &&
         std::count_if(by_id_.begin(), by_id_.end(), is_owner) == 1;
}

Result<model::UserAnswer> Users::add(const NewUser& asked) {
  RAPPORT_TRY(const std::string name, checked_name(asked.name));
  if (asked.password) RAPPORT_CHECK(check_new_password(*asked.password, name));
  const std::lock_guard writing(writing_);
  const std::string form = text::comparison_form(name);
  {
    const std::shared_lock lock(mutex_);
    if (by_name_.contains(form))
      return Error{Errc::conflict, "a user has this name already", "name", "another"};
    if (by_id_.size() >= kMost)
      return Error{Errc::overloaded, "too many users", "", fmt::format("{}", kMost)};
  }
  if (asked.first_owner && has_owner()) return Error{Errc::conflict, "there is an owner already"};
  Stored stored;
  stored.user = {fresh_id(), name, asked.role, asked.shops, clock_.now(), asked.password.has_value()};
  if (asked.password) stored.hash = hash_password(*asked.password);
  stored.key = codec::make_node_key();
  RAPPORT_CHECK(store_.put_named_key(setting(stored.user.id), stored.key));
  RAPPORT_CHECK(write(stored));
  const std::unique_lock lock(mutex_);
  by_name_.insert_or_assign(form, stored.user.id);
  return by_id_.insert_or_assign(stored.user.id, std::move(stored)).first->second.user;
}

Result<model::UserAnswer> Users::change(std::uint64_t id, const UserChange& asked) {
  const std::lock_guard writing(writing_);
  Stored stored;
  {
    const std::shared_lock lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return Error{Errc::not_found, "no such user", "id"};
    stored = found->second;
    if (asked.role && *asked.role != model::UserRole::owner && is_last_owner(id))
      return Error{Errc::conflict, "the last owner stays owner", "role", "another owner first"};
  }
  if (asked.role) stored.user.role = *asked.role;
  if (asked.drop_password) stored.hash.clear();
  if (asked.password) {
    RAPPORT_CHECK(check_new_password(*asked.password, stored.user.name));
    stored.hash = hash_password(*asked.password);
  }
  stored.user.has_password = !stored.hash.empty();
  RAPPORT_CHECK(write(stored));
  const std::unique_lock lock(mutex_);
  by_id_.insert_or_assign(id, stored);
  return stored.user;
}

Result<model::UserAnswer> Users::check(std::string_view name, std::string_view password) const {
  Stored stored;
  {
    const std::shared_lock lock(mutex_);
    const auto found = by_name_.find(text::comparison_form(name));
    if (found != by_name_.end()) stored = by_id_.at(found->second);
  }
  const bool known = !stored.hash.empty();
  const bool right =
      is_password(known ? stored.hash : nobodys_hash(), password.substr(0, kPasswordMostBytes + 1));
  if (!known || !right) return Error{Errc::unauthorized, "name or password is wrong"};
  return stored.user;
}

Status Users::remove(std::uint64_t id) {
  const std::lock_guard writing(writing_);
  {
    const std::unique_lock lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return Error{Errc::not_found, "no such user", "id"};
    if (is_last_owner(id)) return Error{Errc::conflict, "the last owner stays", "id", "another owner first"};
    by_name_.erase(text::comparison_form(found->second.user.name));
    by_id_.erase(found);
  }
  RAPPORT_CHECK(store_.destroy_named_key(setting(id)));
  return store_.remove(store::Table::settings, ShopNo{0}, setting(id));
}

void Users::drop_old_links() {
  const Instant now = clock_.now();
  for (auto at = links_.begin(); at != links_.end();) {
    const bool over = at->second.expires <= now;
    if (over) {
      [[maybe_unused]] const auto gone =
          store_.remove(store::Table::settings, ShopNo{0}, link_setting(at->first), store::Sync::no);
    }
    at = over ? links_.erase(at) : std::next(at);
  }
}

Result<model::NewLink> Users::add_link(const model::LinkAnswer& what) {
  std::array<std::uint8_t, 24> secret{};
  secure_random(secret);
  const std::string token = to_base64url({reinterpret_cast<const char*>(secret.data()), secret.size()});
  const Link link{what, clock_.now() + kLinkHolds};
  const Digest hash = sha256(token);
  std::string row;
  ByteWriter out(row);
  out.u8(1);
  out.u64(what.user);
  out.u16(what.shop.value);
  out.i64(link.expires.ms);
  out.raw(as_view(hash));
  const std::lock_guard writing(writing_);
  const std::unique_lock lock(mutex_);
  drop_old_links();
  if (links_.size() >= kLinksMost)
    return Error{Errc::overloaded, "too many links wait to be used", "", fmt::format("{}", kLinksMost)};
  RAPPORT_CHECK(store_.put(store::Table::settings, ShopNo{0}, link_setting(hash), row));
  links_.insert_or_assign(hash, link);
  return model::NewLink{token, link.expires};
}

Result<model::LinkAnswer> Users::take_link(std::string_view token) {
  const Error unknown{Errc::unauthorized, "this link is not known, was used, or is too old", "token",
                      "a link made by 'rapport link'"};
  if (token.empty() || token.size() > kTokenMostBytes) return unknown;
  const Digest hash = sha256(token);
  Link link;
  {
    const std::unique_lock lock(mutex_);
    const auto found = links_.find(hash);
    if (found == links_.end()) return unknown;
    link = found->second;
    links_.erase(found);
    if (link.what.user != 0 && !by_id_.contains(link.what.user)) return unknown;
  }
  // Used is used: the row goes durably before anybody is let in.
  RAPPORT_CHECK(store_.remove(store::Table::settings, ShopNo{0}, link_setting(hash)));
  if (link.expires <= clock_.now()) return unknown;
  return link.what;
}

}  // namespace rapport::engine
