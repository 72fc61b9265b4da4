#include <fstream>
#include <sstream>

#include "engine/detail/test_engine.h"

namespace rapport::engine {
namespace {

using namespace std::string_literals;
namespace fs = std::filesystem;

class FilesTest : public EngineTest {
 protected:
  Result<FileKept> put(const std::string& subject, const std::string& bytes) {
    return wait<FileKept>([&](auto reply) { engine_->put_file(shop_, subject, bytes, {}, reply); });
  }
  Result<FileContent> get(const std::string& hash) {
    return wait<FileContent>([&](auto reply) { engine_->get_file(shop_, hash, reply); });
  }
  bool folder_holds(const std::string& bytes) {
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      if (text.str().find(bytes) != std::string::npos) return true;
    }
    return false;
  }
};

std::string png(const std::string& pixels, const std::string& told) {
  const auto chunk = [](const std::string& name, const std::string& body) {
    return "\0\0\0"s + static_cast<char>(body.size()) + name + body + "crc4";
  };
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string(13, '\x01')) + chunk("tEXt", told) +
         chunk("IDAT", pixels) + chunk("IEND", "");
}

TEST_F(FilesTest, APictureIsCleanedSealedAndGoesWithItsSubject) {
  EXPECT_EQ(put("ada", png("pixels of a torn seam", "place")).error().code, Errc::not_found)
      << "nobody is known yet";
  const auto ada = send(track("ada", "Product Liked", "m1", R"({"product_id":"P1"})"));
  const auto bob = send(track("bob", "Product Liked", "m2", R"({"product_id":"P1"})"));
  ASSERT_TRUE(customer("bob", bob->offset).ok() && customer("ada", ada->offset).ok());

  const auto kept = put("ada", png("pixels of a torn seam", "N 30.27 E 120.15"));
  ASSERT_TRUE(kept.ok()) << kept.error().describe();
  EXPECT_EQ(kept->type, "image/png");
  EXPECT_EQ(kept->removed, 12U + 16U);
  const auto again = put("user_id:ada", png("pixels of a torn seam", "another place"));
  EXPECT_EQ(again->hash, kept->hash) << "the same picture";
  const auto read = get(kept->hash);
  ASSERT_TRUE(read.ok()) << read.error().describe();
  EXPECT_EQ(read->type, "image/png");
  EXPECT_NE(read->bytes.find("pixels of a torn seam"), std::string::npos);
  EXPECT_EQ(read->bytes.find("30.27"), std::string::npos);

  // The same picture of somebody else stays when she goes.
  ASSERT_TRUE(put("bob", png("pixels of a torn seam", "")).ok());
  ASSERT_TRUE(put("ada", "转写：净化器很吵。").ok());
  const std::string transcript = put("ada", "转写：净化器很吵。")->hash;
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->erase(shop_, "ada", reply); }).ok());
  EXPECT_EQ(get(transcript).error().code, Errc::not_found);
  EXPECT_TRUE(get(kept->hash).ok());
  reopen();
  EXPECT_EQ(get(transcript).error().code, Errc::not_found);
  EXPECT_TRUE(get(kept->hash).ok());
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->erase(shop_, "bob", reply); }).ok());
  EXPECT_EQ(get(kept->hash).error().code, Errc::not_found);
  EXPECT_EQ(put("bob", "again").error().code, Errc::not_found);
  EXPECT_FALSE(folder_holds("torn seam")) << "it never lay there in clear";
}

TEST_F(FilesTest, HostileInputIsRefusedByName) {
  const auto known = send(track("ada", "Product Liked", "m1", R"({"product_id":"P1"})"));
  ASSERT_TRUE(customer("ada", known->offset).ok());
  EXPECT_EQ(put("ada", "GIF89a\x01\xff").error().code, Errc::unsupported);
  EXPECT_EQ(put("ada", "").error().code, Errc::unsupported);
  EXPECT_EQ(put("ada", png("x", "y").substr(0, 60)).error().code, Errc::bad_input);
  EXPECT_EQ(put("ada", std::string(Engine::kFileBytesMost + 1, 'x')).error().code, Errc::too_large);
  EXPECT_EQ(put("", "text").error().code, Errc::bad_input);
  EXPECT_EQ(get("../../etc/passwd").error().code, Errc::bad_input);
  EXPECT_EQ(get(std::string(64, '0')).error().code, Errc::not_found);
}

}  // namespace
}  // namespace rapport::engine
