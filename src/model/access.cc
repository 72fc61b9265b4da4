#include "model/access.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "model/keeping.h"

namespace rapport::model {
namespace {

using enum Permission;
using enum Keeping;
using Permissions = std::vector<Permission>;
using Keepings = std::vector<Keeping>;

struct KeyRow {
  KeyRole role;
  std::string_view name;
  Permissions may;
  Keepings keeps = {};
};

struct UserRow {
  UserRole role;
  std::string_view name;
  Permissions may;
  Keepings keeps = {};
};

const KeyRow kKeys[] = {
    {KeyRole::ingest, "ingest", {ingest}},
    {KeyRole::publik, "public", {ingest, ingest_cors, browse}},
    {KeyRole::read, "read", {browse, read}},
    {KeyRole::admin,
     "admin",
     {ingest, browse, read, reveal, act, publish, erase, administer},
     {catalogue, approval}},
};

const UserRow kUsers[] = {
    {UserRole::owner,
     "owner",
     {ingest, browse, read, reveal, act, publish, erase, administer},
     {catalogue, approval}},
    {UserRole::analyst, "analyst", {browse, read, publish}},
    {UserRole::marketing, "marketing", {browse, read, reveal, publish}, {catalogue, approval}},
    {UserRole::product, "product", {browse, read, publish}, {catalogue}},
    {UserRole::logistics, "logistics", {browse, read, reveal, act}},
    {UserRole::agent, "agent", {browse, read, reveal, act}},
    {UserRole::viewer, "viewer", {browse, read}},
};

template <class Rows, class Role>
const auto* row_of(const Rows& rows, Role role) {
  const auto found =
      std::find_if(std::begin(rows), std::end(rows), [&](const auto& row) { return row.role == role; });
  return found == std::end(rows) ? nullptr : &*found;
}

template <class Rows>
const auto* row_named(const Rows& rows, std::string_view name) {
  const auto found =
      std::find_if(std::begin(rows), std::end(rows), [&](const auto& row) { return row.name == name; });
  return found == std::end(rows) ? nullptr : &*found;
}

template <class Row>
bool row_may(const Row* row, Permission permission) {
  return row != nullptr && std::find(row->may.begin(), row->may.end(), permission) != row->may.end();
}

template <class Row>
bool row_keeps(const Row* row, Keeping keeping) {
  return row != nullptr && std::find(row->keeps.begin(), row->keeps.end(), keeping) != row->keeps.end();
}

}  // namespace

std::string_view keeping_name(Keeping keeping) {
  return keeping == catalogue ? "catalogue" : "approval";
}

bool may(KeyRole role, Keeping keeping) {
  return row_keeps(row_of(kKeys, role), keeping);
}

bool may(UserRole role, Keeping keeping) {
  return row_keeps(row_of(kUsers, role), keeping);
}

std::string_view key_role_name(KeyRole role) {
  const auto* row = row_of(kKeys, role);
  return row == nullptr ? "unknown" : row->name;
}

std::optional<KeyRole> key_role_from_name(std::string_view name) {
  const auto* row = row_named(kKeys, name);
  return row == nullptr ? std::nullopt : std::optional(row->role);
}

bool may(KeyRole role, Permission permission) {
  return row_may(row_of(kKeys, role), permission);
}

std::string_view user_role_name(UserRole role) {
  const auto* row = row_of(kUsers, role);
  return row == nullptr ? "unknown" : row->name;
}

std::optional<UserRole> user_role_from_name(std::string_view name) {
  const auto* row = row_named(kUsers, name);
  return row == nullptr ? std::nullopt : std::optional(row->role);
}

bool may(UserRole role, Permission permission) {
  return row_may(row_of(kUsers, role), permission);
}

std::span<const Permission> permissions_of(UserRole role) {
  const auto* row = row_of(kUsers, role);
  return row == nullptr ? std::span<const Permission>() : std::span<const Permission>(row->may);
}

std::string_view permission_name(Permission permission) {
  constexpr std::string_view kNames[] = {"ingest", "ingest_cors", "browse", "read",      "reveal",
                                         "act",    "publish",     "erase",  "administer"};
  return kNames[static_cast<std::size_t>(permission)];
}

}  // namespace rapport::model
