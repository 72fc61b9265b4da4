#pragma once

#include <cstdint>
#include <optional>
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

enum class Permission : std::uint8_t {
  ingest,       ///< send events
  ingest_cors,  ///< ... from a browser of any origin
  read,         ///< customers, segments, SQL without personal parts
  reveal,       ///< personal parts in answers
  act,          ///< unlink, publish rules, re-drive, consent
  erase,        ///< erase a person
  administer,   ///< keys, webhooks, backup
};

std::string_view key_role_name(KeyRole role);
std::optional<KeyRole> key_role_from_name(std::string_view name);
bool may(KeyRole role, Permission permission);

/// Whom a request speaks for, after its key was checked.
struct Principal {
  std::uint64_t key_id = 0;  ///< names the key in logs and rate limits; never the key itself
  ShopNo shop;
  KeyRole role = KeyRole::ingest;
};

}  // namespace rapport::model
