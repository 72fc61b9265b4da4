#include "model/catalogue.h"

#include <gtest/gtest.h>

#include <set>

#include "model/catalogue_ids.h"

namespace rapport::model {
namespace {

TEST(Catalogue, NumbersAreThePlaceInTheTable) {
  std::uint16_t next = 1;
  for (const EventSpec& spec : event_specs()) {
    EXPECT_EQ(spec.kind.value, next++) << spec.name;
    EXPECT_EQ(find_event(spec.kind), &spec);
    EXPECT_EQ(find_event(spec.type, spec.name), &spec);
    EXPECT_FALSE(spec.doc.empty()) << spec.name;
  }
  std::set<std::uint16_t> ids;
  for (const PropertySpec& spec : property_specs()) {
    EXPECT_TRUE(ids.insert(spec.id.value).second) << spec.name;
    EXPECT_EQ(find_property(spec.id), &spec);
    EXPECT_FALSE(spec.example.empty()) << spec.name;
    EXPECT_EQ(spec.type == PropertyType::word, !spec.words.empty()) << spec.name;
  }
}

TEST(Catalogue, NoEventDeclaresOneJsonNameTwice) {
  for (const EventSpec& event : event_specs()) {
    std::set<std::string_view> names;
    for (const auto ids : {event.required, event.optional}) {
      for (const PropertyId id : ids) EXPECT_TRUE(names.insert(find_property(id)->name).second) << event.name;
    }
  }
}

TEST(Catalogue, TheSameWordMayBeClearInOneEventAndPersonalInAnother) {
  const EventSpec* page = find_event(EventType::page, "Home");
  const EventSpec* identify = find_event(EventType::identify, "");
  ASSERT_TRUE(page != nullptr && identify != nullptr);
  EXPECT_EQ(find_property(*page, "name")->sensitivity, Sensitivity::clear);
  EXPECT_EQ(find_property(*identify, "name")->sensitivity, Sensitivity::personal);
  EXPECT_EQ(find_property(*page, "absent"), nullptr);
}

TEST(Catalogue, SegmentsOwnSpellingsMeanTheSame) {
  EXPECT_EQ(find_event(EventType::track, "Signed Up")->kind, kind::user_registered);
  EXPECT_EQ(find_event(EventType::track, "No Such Event"), nullptr);
}

}  // namespace
}  // namespace rapport::model
