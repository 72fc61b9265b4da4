#pragma once

#include <string>
#include <string_view>

#include "codec/json_index.h"
#include "engine/detail/keyring.h"
#include "model/record.h"

/// The sealed properties of a record, opened for a moment.
namespace rapport::engine {

/// Holds the opened text; values that it gives live as long as it does.
class SealedPart {
 public:
  /// Nothing is in it when there was nothing, or the key of `node` is destroyed.
  SealedPart(Keyring& keyring, NodeId node, std::string_view sealed);
  SealedPart(Keyring& keyring, const model::RecordView& record);
  SealedPart(const SealedPart&) = delete;
  SealedPart& operator=(const SealedPart&) = delete;

  /// The properties, or the whole where a sender has no such section; not present() when nothing is in it.
  codec::JsonValue properties() const;
  /// "" when it is absent or no text.
  std::string text(std::string_view name) const;

 private:
  std::string text_;
  codec::JsonIndex index_;
  bool open_ = false;
};

}  // namespace rapport::engine
