#pragma once

#include <string_view>
#include <vector>

#include "model/record.h"
#include "views/fact.h"

namespace rapport::views {

/// One event -> its facts, appended to `out` in no particular order; all carry the event's time. Names new to
/// the shop get their numbers here. The table, kind by kind, is in fact_table.cc.
void facts_of_event(const model::RecordView& record, ShopTables& tables, std::vector<Fact>& out);

/// Place of `word` in the catalogue's word list of a property; 255 for a word that is not in it.
std::uint8_t word_index(model::PropertyId property, std::string_view word);

/// The word at that place; "" beyond the list.
std::string_view word_at(model::PropertyId property, std::size_t index);

/// How a property of an event can be read back from its fact: what a rule may ask about.
enum class FactField : std::uint8_t {
  none,    ///< the fact does not keep it
  object,  ///< text of the object
  value,   ///< the value, in the unit of the property
  aux,     ///< as aux: index in the word list, 0/1, pieces, or a currency slot
};
FactField fact_field(model::EventKind kind, model::PropertyId property);

}  // namespace rapport::views
