#include "model/access.h"

#include <algorithm>
#include <initializer_list>

namespace rapport::model {
namespace {

struct RoleRow {
  KeyRole role;
  std::string_view name;
  std::initializer_list<Permission> may;
};

const RoleRow kRoles[] = {
    {KeyRole::ingest, "ingest", {Permission::ingest}},
    {KeyRole::publik, "public", {Permission::ingest, Permission::ingest_cors}},
    {KeyRole::read, "read", {Permission::read}},
    {KeyRole::admin,
     "admin",
     {Permission::ingest, Permission::read, Permission::reveal, Permission::act, Permission::erase,
      Permission::administer}},
};

}  // namespace

std::string_view key_role_name(KeyRole role) {
  for (const RoleRow& row : kRoles) {
    if (row.role == role) return row.name;
  }
  return "unknown";
}

std::optional<KeyRole> key_role_from_name(std::string_view name) {
  for (const RoleRow& row : kRoles) {
    if (row.name == name) return row.role;
  }
  return std::nullopt;
}

bool may(KeyRole role, Permission permission) {
  for (const RoleRow& row : kRoles) {
    if (row.role == role) return std::find(row.may.begin(), row.may.end(), permission) != row.may.end();
  }
  return false;
}

}  // namespace rapport::model
