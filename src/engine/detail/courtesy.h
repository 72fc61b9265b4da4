#pragma once

#include <string_view>

namespace rapport::engine {

/// Whether a text only thanks, agrees or takes leave: 谢谢, 好的, "ok, thank you!". Such a message moves no
/// ticket. In doubt it is none: to look at a message too many costs a moment, to miss one a customer. Pure.
bool is_courtesy(std::string_view text);

}  // namespace rapport::engine
