#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/time.h"

/// Who may do what. Roles and permissions are one table (access.cc); routes name the permission they need.
namespace rapport::model {

/// Stored by name.
enum class KeyRole : std::uint8_t {
  ingest,  ///< a server's write key: send events
  read,    ///< read customers, segments and SQL, personal parts hidden
  admin,   ///< everything, personal parts shown
  publik,  ///< "public": a key that stands in web pages; sends events from any origin, reads nothing
};

/// What a person does at the console. Stored by name.
enum class UserRole : std::uint8_t {
  owner,      ///< everything
  analyst,    ///< reads, publishes rules and goals; personal parts hidden
  marketing,  ///< reads with personal parts, publishes rules and goals
  product,    ///< as analyst: services, catalogue and what is said of them
  logistics,  ///< reads with personal parts, acts for customers
  agent,      ///< the service desk: reads with personal parts, acts for customers
  viewer,     ///< reads; personal parts hidden
};

enum class Permission : std::uint8_t {
  ingest,       ///< send events
  ingest_cors,  ///< ... from a browser of any origin
  browse,       ///< what a visitor of the shop sees: products, best-sellers, reviews
  read,         ///< customers, segments, SQL without personal parts
  reveal,       ///< personal parts in answers
  act,          ///< unlink, re-drive, consent
  publish,      ///< rules and goals: what holds for the whole shop
  erase,        ///< erase a person
  administer,   ///< keys, users, webhooks, backup
};

std::string_view key_role_name(KeyRole role);
std::optional<KeyRole> key_role_from_name(std::string_view name);
bool may(KeyRole role, Permission permission);

std::string_view user_role_name(UserRole role);
std::optional<UserRole> user_role_from_name(std::string_view name);
bool may(UserRole role, Permission permission);
/// "read", "reveal", ...
std::string_view permission_name(Permission permission);
/// What the role may, in the order of the enumeration. Static storage.
std::span<const Permission> permissions_of(UserRole role);

/// Whom a request speaks for, after its key or its session was checked.
struct Principal {
  std::uint64_t key_id = 0;  ///< names the key, or the user, in logs and rate limits; 0 = the folder's owner
  ShopNo shop;
  KeyRole role = KeyRole::ingest;  ///< of a key
  std::optional<UserRole> user;    ///< of a person with a session; then `role` says nothing
};

inline bool may(const Principal& who, Permission permission) {
  return who.user ? may(*who.user, permission) : may(who.role, permission);
}

}  // namespace rapport::model
