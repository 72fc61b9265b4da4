#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/answers/segments.h"
#include "store/store.h"
#include "views/views.h"

/// Derived flips as rows of the store: a cache that can be made again from the log.
namespace rapport::engine {

std::string encode_flip(const views::Flip& flip, std::string_view segment);
/// Errors: corrupt.
Result<model::FlipAnswer> decode_flip(EventSeq cause, std::string_view bytes);
struct FlipSpan {
  EventSeq after, upto;  ///< the records that were folded
  std::span<const views::Flip> flips;
};
/// Appends what was derived while these records were folded. A customer who is upgraded to a rule after its
/// publication flips with that earlier cause; her row then stands under `upto`, so that rows only ever come
/// after one another.
Status store_flips(store::Store& store, ShopNo shop, const FlipSpan& span,
                   std::span<const std::string> segment_names);

}  // namespace rapport::engine
