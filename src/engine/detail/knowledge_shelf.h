#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "decide/knowledge.h"
#include "engine/detail/shop.h"

namespace rapport::engine {

/// What the shop knows as it is published now: answers, the facts of products, everyday words; and how its
/// assistant is set. An immutable value, made anew beside the requests when something was published.
class KnowledgeShelf {
 public:
  struct Policy {
    bool on = true;
    double precision = 0.9;  ///< of what is said without a person, wanted
  };
  struct Known {
    std::shared_ptr<const decide::KnowledgeBook> book;
    Policy policy;
    double match_least = 1;  ///< of book, at the policy's precision
  };
  explicit KnowledgeShelf(Shop& shop) : shop_(shop) {}
  /// Not on the shop thread; one makes it, others wait.
  Result<std::shared_ptr<const Known>> current();

 private:
  Shop& shop_;
  std::mutex making_;
  std::shared_ptr<const Known> known_;
  std::uint64_t published_ = 0;
  std::int64_t rests_until_ns_ = 0;
};

/// Whether a visitor may be led there: https with a host, or a path on the shop's own server
/// ("/media/a.jpg"). Nothing that runs, and no signs that end an attribute of a page.
bool is_media_address(std::string_view address);
/// The noun of an answer, read; of its media what is_media_address(). Errors: bad_input for what is no
/// answer.
Result<decide::KnownAnswer> answer_of(std::string_view id, std::string_view noun);
inline constexpr std::string_view kAssistantPolicy = "assistant-policy";

}  // namespace rapport::engine
