#include "model/returns.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "model/catalogue.h"
#include "model/catalogue_ids.h"

namespace rapport::model {
namespace {

std::vector<ReturnState> all_states() {
  std::vector<ReturnState> states;
  for (std::size_t i = 0; i < kReturnStates; ++i) states.push_back(static_cast<ReturnState>(i));
  return states;
}

std::set<ReturnState> reachable(ReturnState from) {
  std::set<ReturnState> seen = {from};
  std::vector<ReturnState> left = {from};
  while (!left.empty()) {
    const ReturnState at = left.back();
    left.pop_back();
    for (const ReturnMove& move : return_moves()) {
      if (move.from == at && seen.insert(move.to).second) left.push_back(move.to);
    }
  }
  return seen;
}

TEST(Returns, StatesAreTheCataloguesWordsInItsOrder) {
  std::string words;
  for (const ReturnState state : all_states())
    words += (words.empty() ? "" : " ") + std::string(return_state_name(state));
  EXPECT_EQ(find_property(property::return_state)->words, words);
  for (const ReturnState state : all_states()) EXPECT_EQ(find_return_state(return_state_name(state)), state);
  EXPECT_FALSE(find_return_state("lost").has_value());
}

TEST(Returns, EveryStateComesToAnEndAndTheEndIsOne) {
  for (const ReturnState state : all_states()) {
    EXPECT_TRUE(reachable(state).contains(ReturnState::closed)) << return_state_name(state);
    EXPECT_TRUE(reachable(ReturnState::under_review).contains(state)) << return_state_name(state);
  }
  EXPECT_EQ(reachable(ReturnState::closed).size(), 1U);
}

TEST(Returns, EveryUpdateInEveryStateHasAnAnswer) {
  std::array<std::size_t, 5> answers{};
  for (const ReturnState now : all_states()) {
    for (const ReturnState told : all_states()) {
      const ReturnAnswer answer = answer_return(now, told);
      ++answers[static_cast<std::size_t>(answer)];
      EXPECT_FALSE(return_answer_name(answer).empty());
      EXPECT_EQ(answer == ReturnAnswer::repeats, now == told);
      // What changes a state never cuts off an end, and what is done stays done.
      EXPECT_FALSE(changes(answer) && now == ReturnState::closed) << return_state_name(told);
    }
  }
  EXPECT_EQ(answers[0], return_moves().size()) << "no move stands twice";
  for (const std::size_t count : answers) EXPECT_GT(count, 0U);
}

TEST(Returns, MoneyIsNeverPaidForWhatWasRejectedAndNeverTwice) {
  EXPECT_EQ(answer_return(ReturnState::rejected, ReturnState::refunded), ReturnAnswer::impossible);
  EXPECT_EQ(answer_return(ReturnState::rejected, ReturnState::refunding), ReturnAnswer::impossible);
  EXPECT_EQ(answer_return(ReturnState::refunded, ReturnState::refunding), ReturnAnswer::earlier);
  EXPECT_EQ(answer_return(ReturnState::refunded, ReturnState::refunded), ReturnAnswer::repeats);
  EXPECT_EQ(answer_return(ReturnState::closed, ReturnState::refunded), ReturnAnswer::earlier);
  EXPECT_EQ(answer_return(ReturnState::refunding, ReturnState::closed), ReturnAnswer::impossible)
      << "not while the money is on its way";
  EXPECT_EQ(answer_return(ReturnState::picked_up, ReturnState::closed), ReturnAnswer::impossible);
}

TEST(Returns, AnyRowOfUpdatesLeavesAWayToTheEnd) {
  // All rows of four updates, in any order and repeated.
  const auto states = all_states();
  for (std::size_t row = 0; row < 9 * 9 * 9 * 9; ++row) {
    ReturnState now = ReturnState::under_review;
    std::size_t rest = row;
    for (int i = 0; i < 4; ++i, rest /= 9) {
      const ReturnState told = states[rest % 9];
      if (changes(answer_return(now, told))) now = told;
    }
    ASSERT_TRUE(reachable(now).contains(ReturnState::closed)) << row;
  }
}

}  // namespace
}  // namespace rapport::model
