#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"

/// What the ledger hands out and how it is checked without the shop: checkpoints, signed with Ed25519 as
/// notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), and receipts. Pure; any thread.
/// docs/formats/ledger.md has the bytes.
namespace rapport::engine {

/// A tree that somebody signed.
struct LedgerCheckpoint {
  std::string origin;  ///< names the ledger: rapport/<shop>
  std::uint64_t size = 0;
  Digest root{};
};

/// Signs for one ledger. The seed is 32 secret bytes.
class LedgerSigner {
 public:
  LedgerSigner(std::string origin, const Digest& seed);
  const std::string& origin() const { return origin_; }
  /// origin+<8 hex digits>+<base64 of 0x01 and the 32 bytes of the public key>: what readers check by.
  const std::string& verifier_key() const { return verifier_key_; }
  /// The signed note. The same tree gives the same bytes.
  std::string sign(std::uint64_t size, const Digest& root) const;

 private:
  std::string origin_, verifier_key_, key_hash_;
  std::string secret_;  ///< 64 bytes, as libsodium keeps them
};

/// Errors: bad_input for what is no note, no key, of another origin, or not signed by this key.
Result<LedgerCheckpoint> open_checkpoint(std::string_view note, std::string_view verifier_key);

/// That one record stands in the ledger. As JSON: {"format", "seq", "index", "leaf", "proof", "checkpoint",
/// "key"}; leaf and hashes in base64.
struct LedgerReceipt {
  EventSeq seq;
  std::uint64_t index = 0;
  std::string leaf;  ///< the hashed bytes: seq, receive time, the record as stored
  std::vector<Digest> proof;
  std::string checkpoint;    ///< the note
  std::string verifier_key;  ///< of the ledger that gave it; who distrusts it brings their own
};

inline constexpr std::string_view kReceiptFormat = "rapport-receipt/1";
std::string receipt_json(const LedgerReceipt& receipt);
/// Errors: bad_input naming the member.
Result<LedgerReceipt> parse_receipt(std::string_view json);
/// The tree in which the record stands. `verifier_key` "" takes the receipt's own. Errors: bad_input naming
/// what does not hold: the signature, the leaf's seq, or the proof.
Result<LedgerCheckpoint> check_receipt(const LedgerReceipt& receipt, std::string_view verifier_key);

}  // namespace rapport::engine
