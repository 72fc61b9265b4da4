#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "decide/assistant.h"

/// A conversation with the assistant of a shop in Shanghai that can be booked, for tests.
namespace rapport::decide {

/// 2026-11-20 is a Friday; noon in Shanghai.
inline const Instant kFridayNoon = parse_instant("2026-11-20T04:00:00Z").value();

class BookableShopTest : public ::testing::Test {
 protected:
  BookableShopTest() : zone_(*text::Zone::find("Asia/Shanghai")) {
    knows({});
    facts_.intents = &learn::IntentModel::starter();
    facts_.mine = &mine_;
    facts_.zone = &zone_;
    facts_.now = kFridayNoon;
    facts_.intent_least = facts_.intents->threshold(0.85);
    BookableService install;
    install.id = "S-install";
    install.name.by = {"上门安装", "", "Home installation"};
    install.round_the_clock = false;
    install.capacity = 1;
    // Nine to six, Monday to Saturday, of two weeks.
    for (int day = 0; day < 14; ++day) {
      const Instant nine = *parse_instant("2026-11-20T01:00:00Z") + days(day);
      if (day % 7 != 2) install.open.emplace_back(nine, nine + hours(9));
    }
    BookableService adviser;
    adviser.id = "S-adviser";
    adviser.name.by = {"选购顾问", "", "Buying adviser"};
    facts_.bookable = {install, adviser};
  }
  /// What the shop answers; nothing at first.
  void knows(std::vector<KnownAnswer> answers, std::vector<KnownProduct> products = {}) {
    book_ = KnowledgeBook::make(std::move(answers), std::move(products), {});
    facts_.book = book_.get();
    facts_.match_least = book_->answers().empty() ? 1 : book_->threshold(0.85);
  }
  AssistantReply say(const std::string& text) {
    AssistantTurn turn = answer(state_, text, facts_);
    state_ = turn.state;
    return turn.reply;
  }
  /// "2026-11-25T15:00", as clocks show it there.
  static Instant at(const std::string& shanghai) { return *parse_instant(shanghai + "+08:00"); }
  void has(const std::string& service, const std::string& when) {
    mine_.appointments.push_back({service, at(when), {}, NodeId{7}});
  }

  text::Zone zone_;
  std::shared_ptr<const KnowledgeBook> book_;
  model::VisitorAnswer mine_;
  AssistantFacts facts_;
  AssistantState state_;
};

}  // namespace rapport::decide
