#pragma once

#include <span>
#include <string_view>

#include "model/access.h"

/// Finer than `publish`: who of those who may publish keeps what. The second half of the table of access.cc.
namespace rapport::model {

enum class Keeping : std::uint8_t {
  catalogue,  ///< what is offered and how: catalogue, packages, drafts of scenes, training
  approval,   ///< lets a scene's draft serve, and publishes scenes without one
};
inline constexpr Keeping kKeepings[] = {Keeping::catalogue, Keeping::approval};

/// "catalogue", "approval"
std::string_view keeping_name(Keeping keeping);
bool may(KeyRole role, Keeping keeping);
bool may(UserRole role, Keeping keeping);
inline bool may(const Principal& who, Keeping keeping) {
  return who.user ? may(*who.user, keeping) : may(who.role, keeping);
}

}  // namespace rapport::model
