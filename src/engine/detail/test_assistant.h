#pragma once

#include <string>
#include <vector>

#include "engine/detail/noun_members.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_assistant.h"
#include "engine/engine_knowledge.h"

/// A shop whose assistant is asked, for the tests.
namespace rapport::engine {

inline constexpr const char* kAnna = "anna-browser-0123456789";
inline constexpr const char* kEve = "eve-browser-0123456789";

inline std::string own(const std::string& visitor, const std::string& event, const std::string& id,
                       const std::string& time, const std::string& properties) {
  return R"({"type":"track","anonymousId":")" + visitor + R"(","event":")" + event + R"(","messageId":")" +
         id + R"(","timestamp":")" + time + R"(","properties":)" + properties + "}";
}

class AssistantEngineTest : public EngineTest {
 protected:
  void fill() {
    const std::string lines =
        R"("total":"99.00","currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":"99.00"}])";
    const auto sent = send(
        track(
            "shop", "Product Published", "p1",
            R"({"product_id":"P1","name":"清风空气净化器","name_en":"Breeze purifier","price":"1299.00","currency":"CNY",)"
            R"("parameters":[{"name":"噪音","name_en":"noise","value":33,"unit":"dB"}]})") +
        "," +
        own(kAnna, "Order Completed", "o1", "2026-10-01T00:00:00Z", R"({"order_id":"D-1",)" + lines + "}") +
        "," +
        own(kAnna, "Shipment Updated", "s1", "2026-10-03T00:00:00Z",
            R"({"order_id":"D-1","node":"signed"})") +
        "," +
        own(kAnna, "Order Completed", "o2", "2026-10-05T00:00:00Z", R"({"order_id":"D-2",)" + lines + "}"));
    ASSERT_TRUE(sent.ok());
    EXPECT_EQ(sent->accepted, 4U) << sent->rejected;
    // Folded, too.
    ASSERT_TRUE(wait<std::string>([&](auto reply) { engine_->everyday(shop_, sent->offset, reply); }).ok());
  }
  Result<std::string> asked(AssistantAsk ask) {
    return wait<std::string>([&](auto reply) { assistant_turn(*engine_, shop_, std::move(ask), reply); });
  }
  AssistantAsk turn(const std::string& text, const std::string& contact = "",
                    const std::string& visitor = kAnna) {
    AssistantAsk ask;
    ask.who = *model::Identifier::parse(model::IdentifierKind::anonymous_id, visitor);
    ask.text = text;
    ask.contact_id = contact;
    return ask;
  }
  std::string member(const std::string& json, const std::string& name) {
    const auto members = NounMembers::parse(json);
    EXPECT_TRUE(members.ok());
    return members.ok() ? (*members)->text(name) : "";
  }
  std::string say(const std::string& text, const std::string& act, const std::string& contact = "") {
    const auto answer = asked(turn(text, contact));
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    if (!answer.ok()) return {};
    EXPECT_EQ(member(*answer, "act"), act) << *answer;
    return *answer;
  }
  std::vector<model::TimelineEntry> logged(const std::string& name) {
    std::vector<model::TimelineEntry> out;
    const auto tail = wait<TailAnswer>([&](auto reply) {
      engine_->tail(shop_, {EventSeq{0}, 10'000, false, true}, reply);
    });
    for (const auto& entry : tail->events) {
      if (entry.event == name) out.push_back(entry);
    }
    return out;
  }
  Result<std::string> publish(const std::string& id, const std::string& body) {
    return wait<std::string>([&](auto reply) { publish_knowledge(*engine_, shop_, id, body, reply); });
  }
};

}  // namespace rapport::engine
