#include "http/detail/guess_guard.h"

#include <algorithm>

#include "base/random.h"

namespace rapport::http::detail {
namespace {

constexpr char kName = 'n', kAddress = 'a', kPair = 'p';
constexpr std::int64_t kSecond_ns = 1'000'000'000;

std::int64_t in_ns(Duration duration) {
  return duration.ms * 1'000'000;
}

}  // namespace

GuessGuard::GuessGuard() {
  secure_random(pepper_);
}

Hash128 GuessGuard::key_of(char kind, std::string_view name, std::string_view address) const {
  return keyed_hash(pepper_, fmt::format("{}{}\n{}", kind, name, address));
}

GuessGuard::Row& GuessGuard::row(const Hash128& key, std::int64_t now_ns) {
  const auto found = index_.find(key);
  if (found != index_.end()) {
    rows_.splice(rows_.begin(), rows_, found->second);
  } else {
    if (rows_.size() == kMost) {
      index_.erase(rows_.back().key);
      rows_.pop_back();
    }
    rows_.push_front({key});
    index_.emplace(key, rows_.begin());
  }
  Row& row = rows_.front();
  if (now_ns - row.last_ns > in_ns(kForgottenAfter) && row.shut_until_ns <= now_ns) row.failures = 0;
  row.last_ns = now_ns;
  return row;
}

void GuessGuard::fail(Row& row, int free, std::int64_t now_ns) {
  ++row.failures;
  const int over = row.failures - free;
  if (over < 0) return;
  const std::int64_t wait = in_ns(kFirstWait) << std::min(over, 16);
  row.shut_until_ns = now_ns + std::min(wait, in_ns(kLongestWait));
}

std::int64_t GuessGuard::admit(std::string_view name, std::string_view address, std::int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  Row* const by_address = address.empty() ? nullptr : &row(key_of(kAddress, "", address), now_ns);
  Row* const by_pair = name.empty() ? nullptr : &row(key_of(kPair, name, address), now_ns);
  const bool known_here = by_pair != nullptr && by_pair->came_in;
  Row* const by_name = name.empty() || known_here ? nullptr : &row(key_of(kName, name, ""), now_ns);
  std::int64_t shut_until = now_ns;
  for (const Row* const touched : {by_address, by_pair, by_name}) {
    if (touched != nullptr) shut_until = std::max(shut_until, touched->shut_until_ns);
  }
  if (shut_until > now_ns) return (shut_until - now_ns + kSecond_ns - 1) / kSecond_ns;
  if (by_address != nullptr) fail(*by_address, kFreeByAddress, now_ns);
  if (by_pair != nullptr) fail(*by_pair, kFreeByPair, now_ns);
  if (by_name != nullptr) fail(*by_name, kFreeByName, now_ns);
  return 0;
}

void GuessGuard::succeeded(std::string_view name, std::string_view address) {
  const std::lock_guard lock(mutex_);
  if (const auto found = index_.find(key_of(kPair, name, address)); found != index_.end()) {
    Row& row = *found->second;
    row.failures = 0;
    row.shut_until_ns = 0;
    row.came_in = true;
  }
  forgive(key_of(kName, name, ""), kFreeByName);
  forgive(key_of(kAddress, "", address), kFreeByAddress);
}

// The failure that admit() counted was none.
void GuessGuard::forgive(const Hash128& key, int free) {
  const auto found = index_.find(key);
  if (found == index_.end()) return;
  Row& row = *found->second;
  row.failures = std::max(0, row.failures - 1);
  if (row.failures < free) row.shut_until_ns = 0;
}

std::size_t GuessGuard::size() const {
  const std::lock_guard lock(mutex_);
  return rows_.size();
}

}  // namespace rapport::http::detail
