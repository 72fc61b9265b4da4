#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decide/tongue.h"

/// Parameters in everyday words, worked out from a product's own value; what cannot honestly be said is not
/// said. Pure.
namespace rapport::decide {

/// A parameter as a product states it.
struct ProductFact {
  std::string name, name_en, value, unit;
};

/// A shop's own sentence; "{value}" stands for the value. "" matches anything.
struct EverydayRule {
  std::string category, parameter, unit;
  std::optional<double> from, to;
  Said words;
};

/// What the value means at home: the shop's first rule that fits, else the shipped one. Sources of the
/// shipped ones: GB/T 18801-2015 (room area = 0.07 .. 0.12 x CADR, grades of CCM); a room's air is rid of
/// nine tenths of its fine dust after ln(10) changes; 5000 mAh = 12 h of video, three tenths lost in charging
/// from a bank.
Said everyday_of(const std::vector<EverydayRule>& rules, std::string_view category,
                 std::string_view category_en, const ProductFact& fact);

/// Abbreviations and units that are explained, with what a customer may call them.
enum class Term : std::uint8_t { cadr, ccm, mah, spf, decibel, watt, flow };
/// The first term that a text names; nothing when it names none.
std::optional<Term> term_in(std::string_view text);
/// The term that a parameter is told in.
std::optional<Term> term_of(const ProductFact& fact);
Said meaning_of(Term term);
/// What a bare number of that term means ("5000 mAh", "CADR 400"); empty when nothing honest can be said.
Said everyday_of(Term term, double value);

}  // namespace rapport::decide
