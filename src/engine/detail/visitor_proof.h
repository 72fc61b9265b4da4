#pragma once

#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/seal.h"

/// What a browser shows to be believed: sealed under a key of the folder, good for this browser alone, and
/// nothing is kept of it. Pure; any thread.
namespace rapport::engine {

struct VisitorProof {
  ShopNo shop;
  NodeId node;          ///< whom the shop's server vouched for; 0 = nobody
  std::string order;    ///< the order that its number and a contact opened; "" = none
  std::string browser;  ///< the anonymous id it was made for
  Instant until;        ///< to the minute
  EventSeq made = {};   ///< the event that had made that order; another one, and it opens nothing
};

std::string seal_visitor_proof(const codec::NodeKey& key, const VisitorProof& proof);
/// Errors: unauthorized for what seal_visitor_proof did not make with this key for this shop and browser, and
/// for one that has ended.
Result<VisitorProof> open_visitor_proof(const codec::NodeKey& key, std::string_view token, ShopNo shop,
                                        std::string_view browser, Instant now);

}  // namespace rapport::engine
