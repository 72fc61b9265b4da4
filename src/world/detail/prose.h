#pragma once

#include <cstdint>
#include <string>

#include "world/detail/act.h"
#include "world/detail/assortment.h"
#include "world/detail/draw.h"

/// What people write, composed from a phrase grammar of our own: about this product, this trouble, this mood,
/// in Chinese or English. Appends UTF-8 to `out`.
namespace rapport::world {

struct Speech {
  const Product* product = nullptr;
  Topic topic = Topic::usage;
  int rating = 3;  ///< 1-5
  bool english = false, late = false;
  Draw draw;
};

void write_review(const Speech& speech, std::string& out);
void write_follow_up(const Speech& speech, std::string& out);
void write_reply(const Speech& speech, std::string& out);
void write_comment(const Speech& speech, std::string& out);
/// `who` 0 customer, 1 agent, 2 bot; `step` counts the messages of a conversation.
void write_message(const Speech& speech, int who, int step, std::string& out);

}  // namespace rapport::world
