#pragma once

#include <string>
#include <string_view>

namespace rapport::text {

/// What a letter's writer wrote this time: without what is quoted of letters before (lines behind '>', and
/// all behind the line by which mail programs introduce an earlier letter: "On ... wrote:", "在……写道：",
/// "發件人：",
/// "-----Original Message-----" and the like) and without the signature behind "-- ". When nothing else is
/// left, the text as it came. Line ends become '\n', blank edges go. Pure; any thread.
std::string newly_written(std::string_view utf8);

}  // namespace rapport::text
