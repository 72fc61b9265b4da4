#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "model/access.h"

namespace rapport::model {

/// A person who works at the console.
struct UserAnswer {
  std::uint64_t id = 0;
  std::string name;
  UserRole role = UserRole::viewer;
  std::vector<ShopNo> shops;  ///< ascending; empty = every shop of the folder
  Instant created;
  bool has_password = false;  ///< false: comes in by a one-time link until one is set

  bool sees(ShopNo shop) const {
    if (shops.empty()) return true;
    for (const ShopNo own : shops) {
      if (own == shop) return true;
    }
    return false;
  }
};

/// What a one-time link opens.
struct LinkAnswer {
  std::uint64_t user = 0;  ///< 0 = the folder's administrator, who needs no record
  ShopNo shop;             ///< which shop is shown first; 0 = any
};

/// A token as it is shown once.
struct NewLink {
  std::string token;
  Instant expires;
};

}  // namespace rapport::model
