#include "engine/detail/shelf.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/log.h"

namespace rapport::engine {
namespace {

constexpr std::string_view kPointer = "models/current";
constexpr std::string_view kAttempt = "models/attempt";
constexpr std::string_view kNotes = "models/note/";
constexpr std::string_view kParts = "models/part/";
constexpr std::size_t kPartBytes = 1 << 20;
constexpr std::uint64_t kLeftOutMost = 64;

std::string part_key(const Digest& digest, std::size_t part) {
  return fmt::format("{}{}/{:06}", kParts, digest_hex(digest).substr(0, 32), part);
}

Error damaged(std::string_view what) {
  return {Errc::corrupt, fmt::format("the stored models are damaged: {}", what), "models",
          "rapport train makes them anew"};
}

}  // namespace

Result<std::shared_ptr<const Shelf::Models>> Shelf::current() {
  const std::lock_guard lock(mutex_);
  if (!loaded_) {
    auto loaded = load();
    loaded_ = true;
    if (loaded.ok()) {
      models_ = std::move(*loaded);
    } else {
      damage_ = loaded.error();
      log(LogLevel::warn, "the models of a shop cannot be read", {{"why", damage_->message}});
    }
  }
  if (damage_) return *damage_;
  return models_;
}

Result<std::shared_ptr<const Shelf::Models>> Shelf::load() const {
  using store::Table;
  RAPPORT_TRY(const auto pointer, store_.get(Table::settings, shop_, kPointer));
  if (!pointer) return std::shared_ptr<const Models>();
  auto models = std::make_shared<Models>();
  ByteReader in(*pointer);
  const std::string_view digest = in.raw(sizeof(Digest));
  const std::uint64_t bytes = in.varint(), count = in.varint();
  if (!in.ok() || count > kLeftOutMost) return damaged("the pointer to them");
  std::copy(digest.begin(), digest.end(), models->digest.begin());
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string name(in.text()), why(in.text());
    models->left_out.emplace_back(std::move(name), std::move(why));
  }
  if (!in.ok()) return damaged("the pointer to them");
  std::string whole;
  for (std::size_t part = 0; whole.size() < bytes; ++part) {
    RAPPORT_TRY(const auto piece, store_.get(Table::settings, shop_, part_key(models->digest, part)));
    if (!piece || piece->empty()) return damaged("a part is missing");
    whole += *piece;
  }
  if (whole.size() != bytes || sha256(whole) != models->digest) return damaged("their digest is another");
  RAPPORT_TRY(models->set, learn::decode_models(whole));
  models->bytes = whole.size();
  return std::shared_ptr<const Models>(std::move(models));
}

Result<std::shared_ptr<const Shelf::Models>> Shelf::replace(
    learn::ModelSet set, std::vector<std::pair<std::string, std::string>> left_out, Instant now) {
  using store::Table;
  RAPPORT_TRY(const std::string bytes, learn::encode_models(set));
  auto models = std::make_shared<Models>();
  models->set = std::move(set);
  models->digest = sha256(bytes);
  models->bytes = bytes.size();
  models->left_out = std::move(left_out);
  if (models->left_out.size() > kLeftOutMost) models->left_out.resize(kLeftOutMost);

  std::vector<std::string> keys, old_keys;
  for (std::size_t part = 0; part * kPartBytes < bytes.size(); ++part)
    keys.push_back(part_key(models->digest, part));
  RAPPORT_CHECK(store_.scan(Table::settings, shop_, kParts, [&](std::string_view key, std::string_view) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) old_keys.emplace_back(key);
    return store::Walk::on;
  }));
  std::string pointer, attempt;
  ByteWriter out(pointer);
  out.raw(as_view(models->digest));
  out.varint(bytes.size());
  out.varint(models->left_out.size());
  for (const auto& [name, why] : models->left_out) {
    out.text(name);
    out.text(why);
  }
  ByteWriter told(attempt);
  told.i64(now.ms);
  told.text("");
  std::vector<store::Change> changes;
  for (const std::string& key : old_keys) changes.push_back({Table::settings, shop_, key, std::nullopt});
  for (std::size_t part = 0; part < keys.size(); ++part)
    changes.push_back(
        {Table::settings, shop_, keys[part], std::string_view(bytes).substr(part * kPartBytes, kPartBytes)});
  changes.push_back({Table::settings, shop_, kPointer, pointer});
  changes.push_back({Table::settings, shop_, kAttempt, attempt});
  RAPPORT_CHECK(store_.write(changes));
  const std::lock_guard lock(mutex_);
  loaded_ = true;
  damage_.reset();
  models_ = models;
  return models_;
}

void Shelf::failed(const Error& why, Instant now) {
  std::string attempt;
  ByteWriter out(attempt);
  out.i64(now.ms);
  out.text(why.describe());
  const Status kept = store_.put(store::Table::settings, shop_, kAttempt, attempt);
  if (!kept.ok())
    log(LogLevel::warn, "a failed training could not be noted", {{"why", kept.error().message}});
}

Result<std::optional<Shelf::Attempt>> Shelf::last_attempt() const {
  RAPPORT_TRY(const auto stored, store_.get(store::Table::settings, shop_, kAttempt));
  if (!stored) return std::optional<Attempt>();
  ByteReader in(*stored);
  Attempt attempt;
  attempt.at = Instant{in.i64()};
  attempt.failure = in.text();
  if (!in.ok()) return std::optional<Attempt>();
  return std::optional<Attempt>(std::move(attempt));
}

Status Shelf::note(std::string_view json) {
  using store::Table;
  std::vector<std::string> keys;
  RAPPORT_CHECK(store_.scan(Table::settings, shop_, kNotes, [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return store::Walk::on;
  }));
  std::uint64_t next = 1;
  if (!keys.empty()) next = 1 + std::strtoull(keys.back().c_str() + kNotes.size(), nullptr, 10);
  // Two that are noted at once get the same number and differ by what they say.
  const std::string key = fmt::format("{}{:012}-{}", kNotes, next, digest_hex(sha256(json)).substr(0, 8));
  std::vector<store::Change> changes{{Table::settings, shop_, key, json}};
  for (std::size_t i = 0; i + kNotesMost <= keys.size(); ++i)
    changes.push_back({Table::settings, shop_, keys[i], std::nullopt});
  return store_.write(changes);
}

Result<std::vector<std::string>> Shelf::notes() const {
  std::vector<std::string> all;
  RAPPORT_CHECK(
      store_.scan(store::Table::settings, shop_, kNotes, [&](std::string_view, std::string_view value) {
        all.emplace_back(value);
        return store::Walk::on;
      }));
  return all;
}

}  // namespace rapport::engine
