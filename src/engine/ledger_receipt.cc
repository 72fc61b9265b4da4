#include "engine/ledger_receipt.h"

#include <sodium/core.h>
#include <sodium/crypto_sign.h>

#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "base/bytes.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "views/merkle.h"

namespace rapport::engine {
namespace {

/// The byte that stands before an Ed25519 key in a note's verifier key.
constexpr char kEd25519 = 1;
constexpr std::size_t kKeyHashBytes = 4;
constexpr std::size_t kLeafHeadBytes = 16;
/// A proof of 2^64 leaves has 64 hashes.
constexpr std::size_t kProofMost = 64;
constexpr std::string_view kDash = "\xe2\x80\x94 ";  // an em dash and a blank begin each signature's line

Error wrong(std::string why, std::string where, std::string expected = "") {
  return {Errc::bad_input, std::move(why), std::move(where), std::move(expected)};
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Base64 as to_base64() writes it, and no other spelling of the same bytes.
Result<std::string> strict_base64(std::string_view text, std::string_view where) {
  auto bytes = from_base64(text);
  if (!bytes.ok() || to_base64(*bytes) != text)
    return wrong("no base64 as the ledger writes it", std::string(where));
  return bytes;
}

Result<Digest> strict_digest(std::string_view text, std::string_view where) {
  RAPPORT_TRY(const std::string bytes, strict_base64(text, where));
  Digest digest{};
  if (bytes.size() != digest.size()) return wrong("no hash of 32 bytes", std::string(where));
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

std::string hash_of_key(std::string_view origin, std::string_view public_key) {
  Sha256 hash;
  hash.update(origin);
  hash.update("\n");
  hash.update(std::string_view(&kEd25519, 1));
  hash.update(public_key);
  const Digest digest = hash.finish();
  return std::string(as_view(digest).substr(0, kKeyHashBytes));
}

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string note_text(std::string_view origin, std::uint64_t size, const Digest& root) {
  return fmt::format("{}\n{}\n{}\n", origin, size, to_base64(as_view(root)));
}

struct VerifierKey {
  std::string origin, hash, public_key;
};

Result<VerifierKey> parse_key(std::string_view text) {
  const Error none = wrong("no key of a ledger", "key", "origin+8 hex digits+base64, as the ledger tells it");
  const auto first = text.find('+');
  const auto second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return none;
  const auto decoded = strict_base64(text.substr(second + 1), "key");
  if (!decoded.ok() || decoded->size() != 1 + crypto_sign_PUBLICKEYBYTES || decoded->front() != kEd25519)
    return none;
  VerifierKey key{std::string(text.substr(0, first)), "", decoded->substr(1)};
  key.hash = hash_of_key(key.origin, key.public_key);
  if (key.origin.empty() || hex_of(key.hash) != text.substr(first + 1, second - first - 1)) return none;
  return key;
}

/// The next line without its end; false when there is no whole one.
bool take_line(std::string_view& text, std::string_view& line) {
  const auto end = text.find('\n');
  if (end == text.npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

}  // namespace

LedgerSigner::LedgerSigner(std::string origin, const Digest& seed) : origin_(std::move(origin)) {
  [[maybe_unused]] const int ready = ::sodium_init();
  std::string public_key(crypto_sign_PUBLICKEYBYTES, '\0');
  secret_.resize(crypto_sign_SECRETKEYBYTES);
  const int made = crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(public_key.data()),
                                            reinterpret_cast<unsigned char*>(secret_.data()), seed.data());
  ASSERT(made == 0);
  key_hash_ = hash_of_key(origin_, public_key);
  verifier_key_ =
      fmt::format("{}+{}+{}", origin_, hex_of(key_hash_), to_base64(std::string(1, kEd25519) + public_key));
}

std::string LedgerSigner::sign(std::uint64_t size, const Digest& root) const {
  std::string text = note_text(origin_, size, root);
  std::string signature(crypto_sign_BYTES, '\0');
  const int made = crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                                        bytes_of(text), text.size(), bytes_of(secret_));
  ASSERT(made == 0);
  return fmt::format("{}\n{}{} {}\n", text, kDash, origin_, to_base64(key_hash_ + signature));
}

Result<LedgerCheckpoint> open_checkpoint(std::string_view note, std::string_view verifier_key) {
  RAPPORT_TRY(const VerifierKey key, parse_key(verifier_key));
  const Error none = wrong("no signed checkpoint of a ledger", "checkpoint",
                           "three lines (origin, size, root), an empty one, a signature");
  std::string_view rest = note, origin, size, root, blank, signed_by;
  if (!take_line(rest, origin) || !take_line(rest, size) || !take_line(rest, root) ||
      !take_line(rest, blank) || !take_line(rest, signed_by) || !rest.empty() || !blank.empty())
    return none;
  LedgerCheckpoint out{std::string(origin), 0, {}};
  const auto number = std::from_chars(size.data(), size.data() + size.size(), out.size);
  if (number.ec != std::errc{} || std::to_string(out.size) != size) return none;
  RAPPORT_TRY(out.root, strict_digest(root, "checkpoint"));
  if (origin != key.origin)
    return wrong(fmt::format("the checkpoint is of {}, the key of {}", origin, key.origin), "checkpoint");
  const std::string begin = fmt::format("{}{} ", kDash, key.origin);
  if (!signed_by.starts_with(begin)) return none;
  RAPPORT_TRY(const std::string signature, strict_base64(signed_by.substr(begin.size()), "checkpoint"));
  if (signature.size() != kKeyHashBytes + crypto_sign_BYTES) return none;
  const std::string text = note_text(origin, out.size, out.root);
  [[maybe_unused]] const int ready = ::sodium_init();
  const bool holds = signature.substr(0, kKeyHashBytes) == key.hash &&
                     crypto_sign_verify_detached(bytes_of(signature) + kKeyHashBytes, bytes_of(text),
                                                 text.size(), bytes_of(key.public_key)) == 0;
  if (!holds) return wrong("the checkpoint is not signed by this key", "checkpoint");
  return out;
}

std::string receipt_json(const LedgerReceipt& receipt) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("format", kReceiptFormat);
  json.field("seq", receipt.seq);
  json.field("index", receipt.index);
  json.field("leaf", to_base64(receipt.leaf));
  json.key("proof");
  json.begin_array();
  for (const Digest& hash : receipt.proof) json.text(to_base64(as_view(hash)));
  json.end_array();
  json.field("checkpoint", receipt.checkpoint);
  json.field("key", receipt.verifier_key);
  json.end_object();
  return text;
}

Result<LedgerReceipt> parse_receipt(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  codec::JsonIndex index;
  const std::string kept(text);
  if (const Status good = index.parse(kept); !good.ok() || !index.root().is(codec::JsonKind::object))
    return wrong("a receipt is a JSON object", "receipt");
  const codec::JsonValue root = index.root();
  if (const auto format = root.find("format");
      !format.present() || !format.is(codec::JsonKind::string) || format.text() != kReceiptFormat)
    return wrong("another format of receipts", "format", std::string(kReceiptFormat));
  for (const std::string_view name : {"leaf", "checkpoint", "key"}) {
    const auto member = root.find(name);
    if (!member.present() || !member.is(codec::JsonKind::string))
      return wrong("missing, or no text", std::string(name), "a receipt as the ledger gave it");
  }
  const auto seq = root.find("seq"), at = root.find("index"), proof = root.find("proof");
  const auto seq_number = seq.present() ? seq.integer() : std::nullopt;
  const auto at_number = at.present() ? at.integer() : std::nullopt;
  if (!seq_number || *seq_number < 1) return wrong("no position", "seq", "a whole number from 1");
  if (!at_number || *at_number < 0) return wrong("no number of a leaf", "index", "a whole number from 0");
  if (!proof.present() || !proof.is(codec::JsonKind::array)) return wrong("missing, or no list", "proof");

  LedgerReceipt receipt;
  receipt.seq = EventSeq{static_cast<std::uint64_t>(*seq_number)};
  receipt.index = static_cast<std::uint64_t>(*at_number);
  RAPPORT_TRY(receipt.leaf, strict_base64(root.find("leaf").text(), "leaf"));
  for (codec::JsonItems items(proof); items.next();) {
    if (receipt.proof.size() == kProofMost) return wrong("more than 64 hashes", "proof");
    RAPPORT_TRY(const Digest hash, strict_digest(items.value().text(), "proof"));
    receipt.proof.push_back(hash);
  }
  receipt.checkpoint = root.find("checkpoint").text();
  receipt.verifier_key = root.find("key").text();
  // One spelling only: whoever changed a byte of the file changed what it says.
  if (receipt_json(receipt) != text)
    return wrong("the receipt is not spelt as the ledger spells it", "receipt",
                 "the file as it was downloaded");
  return receipt;
}

Result<LedgerCheckpoint> check_receipt(const LedgerReceipt& receipt, std::string_view verifier_key) {
  const std::string_view key = verifier_key.empty() ? std::string_view(receipt.verifier_key) : verifier_key;
  RAPPORT_TRY(LedgerCheckpoint checkpoint, open_checkpoint(receipt.checkpoint, key));
  if (!verifier_key.empty() && receipt.verifier_key != verifier_key)
    return wrong("the receipt names another key", "key", std::string(verifier_key));
  ByteReader head(receipt.leaf);
  if (receipt.leaf.size() <= kLeafHeadBytes || head.u64() != receipt.seq.value)
    return wrong("the record is not the one of this position", "leaf");
  if (!views::is_included(views::leaf_hash(receipt.leaf), receipt.index, checkpoint.size, receipt.proof,
                          checkpoint.root))
    return wrong("the record does not stand in the signed tree", "proof");
  return checkpoint;
}

}  // namespace rapport::engine
