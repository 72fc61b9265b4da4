#include "views/surveys.h"

#include <fmt/format.h>

#include <algorithm>

#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;

/// Ids are random, so that a key which everybody knows is good enough.
constexpr HashKey kIdKey = {'s', 'u', 'r', 'v', 'e', 'y', ' ', 's', 'h', 'e', 'e', 't'};

constexpr std::size_t kIdDigits = 24;

struct Parts {
  std::string_view survey, invitation, response;
  Instant until = Instant::never();
  bool reminder = false;
};

Parts read_parts(std::string_view clear) {
  Parts parts;
  codec::Property property;
  for (codec::PropertyReader in(clear); in.next(property);) {
    if (property.id == p::survey_id) parts.survey = property.bytes;
    if (property.id == p::invitation_id) parts.invitation = property.bytes;
    if (property.id == p::response_id) parts.response = property.bytes;
    if (property.id == p::reminder) parts.reminder = property.number != 0;
    if (property.id == p::until) parts.until = Instant{property.number};
  }
  return parts;
}

}  // namespace

Hash128 survey_key(std::string_view id) {
  Hash128 number;
  bool ours = id.size() == kIdDigits;
  for (std::size_t i = 0; ours && i < kIdDigits; ++i) {
    const char c = id[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    ours = digit >= 0;
    std::uint64_t& half = i < 16 ? number.high : number.low;
    half = half << 4 | static_cast<std::uint64_t>(std::max(digit, 0));
  }
  if (ours) return number;
  number = keyed_hash(kIdKey, id);
  number.low |= std::uint64_t{1} << 63;
  return number;
}

std::optional<std::string> survey_key_text(const Hash128& key) {
  if (key.low >> 32 != 0) return std::nullopt;
  return fmt::format("{:016x}{:08x}", key.high, key.low);
}

void Surveys::fold(const model::RecordView& record, ShopTables& tables) {
  if (record.kind != k::survey_invited && record.kind != k::survey_answered) return;
  const Parts parts = read_parts(record.clear);
  const std::uint32_t survey = tables.dictionary(DictionaryKind::words).intern(parts.survey);
  Counts& counts = counts_[survey];
  if (record.kind == k::survey_answered) {
    if (parts.response.empty() || sheets_.insert(survey_key(parts.response)).second) ++counts.answered;
    return;
  }
  ++(parts.reminder ? counts.reminders : counts.invited);
  const SurveyAsk ask{survey, survey_key(parts.invitation), record.event_time, parts.until, parts.reminder};
  std::vector<SurveyAsk>& asks = asks_[record.nodes[0].node.value];
  const auto before = [](const SurveyAsk& a, const SurveyAsk& b) {
    return std::tie(a.at, a.invitation, a.reminder) < std::tie(b.at, b.invitation, b.reminder);
  };
  asks.insert(std::upper_bound(asks.begin(), asks.end(), ask, before), ask);
  if (asks.size() > kAsksKept) asks.erase(asks.begin());
}

void Surveys::forget(NodeId node) {
  asks_.erase(node.value);
}

const std::vector<SurveyAsk>& Surveys::asks(NodeId node) const {
  static const std::vector<SurveyAsk> kNone;
  const auto found = asks_.find(node.value);
  return found == asks_.end() ? kNone : found->second;
}

Surveys::Counts Surveys::counts(std::uint32_t survey_word) const {
  const auto found = counts_.find(survey_word);
  return found == counts_.end() ? Counts{} : found->second;
}

std::size_t Surveys::memory_bytes() const {
  std::size_t bytes = sheets_.size() * 48 + counts_.size() * 72;
  for (const auto& [node, asks] : asks_) bytes += 72 + asks.capacity() * sizeof(SurveyAsk);
  return bytes;
}

void Surveys::save(ByteWriter& out) const {
  out.varint(asks_.size());
  for (const auto& [node, asks] : asks_) {
    out.varint(node);
    out.varint(asks.size());
    for (const SurveyAsk& ask : asks) {
      out.varint(ask.survey_word);
      out.u64(ask.invitation.high);
      out.u64(ask.invitation.low);
      out.i64(ask.at.ms);
      out.i64(ask.until.ms);
      out.u8(ask.reminder ? 1 : 0);
    }
  }
  out.varint(sheets_.size());
  for (const Hash128& sheet : sheets_) {
    out.u64(sheet.high);
    out.u64(sheet.low);
  }
  out.varint(counts_.size());
  for (const auto& [survey, counts] : counts_) {
    out.varint(survey);
    for (const std::uint64_t n : {counts.invited, counts.reminders, counts.answered}) out.varint(n);
  }
}

bool Surveys::load(ByteReader& in) {
  *this = Surveys();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    std::vector<SurveyAsk>& asks = asks_[static_cast<std::uint32_t>(in.varint())];
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > kAsksKept) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
      SurveyAsk ask;
      ask.survey_word = static_cast<std::uint32_t>(in.varint());
      ask.invitation.high = in.u64();
      ask.invitation.low = in.u64();
      ask.at = Instant{in.i64()};
      ask.until = Instant{in.i64()};
      ask.reminder = in.u8() != 0;
      asks.push_back(ask);
    }
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::uint64_t high = in.u64();
    sheets_.insert({high, in.u64()});
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Counts& counts = counts_[static_cast<std::uint32_t>(in.varint())];
    counts.invited = in.varint();
    counts.reminders = in.varint();
    counts.answered = in.varint();
  }
  return in.ok();
}

}  // namespace rapport::views
