#pragma once

#include <string>

#include "engine/detail/inquiry.h"

namespace rapport::engine {

/// What opens the ledger's receipt of the record at `seq` (GET /v1/receipts/{token}). Errors: not_found for a
/// record that the ledger does not hold.
Result<std::string> receipt_token(Inquiry& inquiry, EventSeq seq);

}  // namespace rapport::engine
