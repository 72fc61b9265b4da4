#pragma once

#include <string>
#include <string_view>

/// Normal forms of UTF-8 text, for comparing and searching. Malformed input bytes become U+FFFD. Pure; any
/// thread.
namespace rapport::text {

/// Unicode NFKC: full-width letters and digits become ordinary ones, half-width kana whole ones, ligatures
/// and circled numbers their parts.
std::string nfkc(std::string_view utf8);

/// NFKC with case folding ("Ｍｉｓｔｒａｌ ３ ㎏ STRASSE" and "mistral 3 kg straße" agree), runs of blanks as
/// one space, none at the ends: the form under which two texts are the same to a person.
std::string comparison_form(std::string_view utf8);

/// Without white space at both ends: ASCII blanks, U+00A0, U+3000 (the ideographic space), U+FEFF.
std::string_view trim(std::string_view utf8);

}  // namespace rapport::text
