#pragma once

#include <string_view>

namespace rapport::engine {

/// Whether a text only thanks, agrees or takes leave: 谢谢, 好的, "ok, thank you!". Such a message moves no
/// ticket. In doubt it is none: to look at a message too many costs a moment, to miss one a customer. Pure.
bool is_courtesy(std::string_view text);
/// Whether a clause asks or wishes for something and blames nobody: 怎么退货, 能改地址吗, "where is my
/// parcel". A question that is a reproach is none: 怎么还没到, "why is it so slow". Pure.
bool is_request(std::string_view clause);

}  // namespace rapport::engine
