#include "codec/event_docs.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "codec/json_index.h"

namespace rapport::codec {
namespace {

TEST(EventDocs, ThePageInDocsIsTheCatalogue) {
  const std::string path = RAPPORT_SOURCE_DIR "/docs/events.md";
  if (std::getenv("RAPPORT_WRITE_DOCS") != nullptr) std::ofstream(path) << catalogue_markdown();
  std::ifstream in(path);
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(page, catalogue_markdown()) << "run this test with RAPPORT_WRITE_DOCS=1 to write the page anew";
}

TEST(EventDocs, EverySchemaIsJsonAndNamesEachPropertyOnce) {
  std::set<std::string> names;
  for (const auto& event : model::event_specs()) {
    EXPECT_TRUE(names.insert(schema_name(event)).second) << event.name;
    const std::string schema = event_schema(event);
    JsonIndex json;
    ASSERT_TRUE(json.parse(schema).ok()) << schema;
    std::set<std::string> properties;
    for (JsonMembers members(json.root().find("properties")); members.next();) {
      EXPECT_TRUE(properties.insert(std::string(members.key())).second) << event.name << " " << members.key();
    }
    EXPECT_EQ(properties.size(), event.required.size() + event.optional.size());
  }
  EXPECT_TRUE(names.contains("OrderCompletedProperties"));
}

TEST(EventDocs, TheCatalogueAsJsonListsEveryEvent) {
  const std::string text = catalogue_json();
  JsonIndex json;
  ASSERT_TRUE(json.parse(text).ok());
  std::size_t count = 0;
  for (JsonItems items(json.root().find("events")); items.next();) ++count;
  EXPECT_EQ(count, model::event_specs().size());
}

}  // namespace
}  // namespace rapport::codec
