#pragma once

#include "base/bytes.h"
#include "model/record.h"
#include "views/detail/chunked.h"
#include "views/indicators.h"
#include "views/node_state.h"
#include "views/nouns.h"
#include "views/tables.h"

namespace rapport::views {

/// Which event named whose a case is; 0 and false before there was one.
struct CaseFounder {
  std::uint64_t order = 0;  ///< of the event within its moment
  bool from_page = false;
};

/// What needs the shop's attention: returns, contacts and tickets, by their numbers.
class Cases {
 public:
  /// Folds an event of the return and contact groups into the case and into the lists of its node; others are
  /// ignored. What moves is told to `indicators`. Returns the case's number in the dictionary of its kind, 0
  /// when the event is of no case.
  std::uint32_t fold(const model::RecordView& record, ShopTables& tables, NodeState& subject,
                     Indicators& indicators);
  const Return* find_return(std::uint32_t number) const;
  /// Whether only pages told that it was asked for; a page can write it of any order.
  bool return_from_page(std::uint32_t number) const;
  const Contact* find_contact(std::uint32_t number) const;
  const Ticket* find_ticket(std::uint32_t number) const;
  /// Takes the person out of the cases in her lists.
  void forget(const NodeExtra& lists, NodeId node);
  std::size_t memory_bytes() const {
    return returns_.memory_bytes() + contacts_.memory_bytes() + tickets_.memory_bytes() +
           return_founders_.memory_bytes() + contact_founders_.memory_bytes() +
           ticket_founders_.memory_bytes();
  }
  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  Chunked<Return> returns_;
  Chunked<Contact> contacts_;
  Chunked<Ticket> tickets_;
  // Which event named whose each case is, so that of two at one moment the same one does in any order of
  // arrival.
  Chunked<CaseFounder> return_founders_, contact_founders_, ticket_founders_;
};

}  // namespace rapport::views
