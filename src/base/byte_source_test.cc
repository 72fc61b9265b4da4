#include <gtest/gtest.h>

#include <memory>

#include "base/bytes.h"
#include "base/random.h"

namespace rapport {
namespace {

/// Hands out a text in pieces of given sizes, and says that there may be more than there is.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string_view text, std::size_t piece) : to_come_(text), piece_(piece) {}
  std::string_view more(std::string_view rest, std::size_t least) override {
    std::string given(rest);
    while (!to_come_.empty() && (given.size() < least || given.empty())) {
      given += to_come_.substr(0, piece_);
      to_come_.remove_prefix(std::min(piece_, to_come_.size()));
    }
    if (to_come_.empty()) slack_ = 0;
    // Elsewhere than before: a view kept from an earlier read is seen by the sanitizer.
    auto fresh = std::make_unique<std::string>(std::move(given));
    given_.swap(fresh);
    return *given_;
  }
  std::size_t left() const override { return to_come_.size() + slack_; }

 private:
  std::string_view to_come_;
  std::size_t piece_, slack_ = 100;
  std::unique_ptr<std::string> given_ = std::make_unique<std::string>();
};

TEST(ByteSourceTest, PiecesReadAsTheWhole) {
  Random random(20261123);
  std::string bytes;
  ByteWriter out(bytes);
  for (int i = 0; i < 300; ++i) {
    out.u8(static_cast<std::uint8_t>(i));
    out.u16(static_cast<std::uint16_t>(random.next()));
    out.u64(random.next());
    out.varint(random.next() >> random.between(0, 63));
    out.svarint(static_cast<std::int64_t>(random.next()));
    out.text(std::string(static_cast<std::size_t>(random.between(0, 40)), 'x'));
    out.raw("end");
  }
  for (const std::size_t piece : {1U, 2U, 7U, 64U, 100'000U}) {
    ByteReader whole(bytes);
    Pieces pieces(bytes, piece);
    ByteReader in(pieces);
    for (int i = 0; i < 300; ++i) {
      ASSERT_EQ(in.u8(), whole.u8());
      ASSERT_EQ(in.u16(), whole.u16());
      ASSERT_EQ(in.u64(), whole.u64());
      ASSERT_EQ(in.varint(), whole.varint());
      ASSERT_EQ(in.svarint(), whole.svarint());
      ASSERT_EQ(in.text(), whole.text());
      ASSERT_FALSE(in.at_end());
      ASSERT_EQ(in.raw(3), whole.raw(3));
    }
    EXPECT_TRUE(in.ok() && in.at_end()) << piece;
    EXPECT_EQ(in.u8(), 0);
    EXPECT_FALSE(in.ok()) << "past the end";
  }
}

TEST(ByteSourceTest, EveryCutFailsAndNothingElse) {
  std::string bytes;
  ByteWriter out(bytes);
  out.varint(70'000);
  out.text("twelve bytes");
  out.u64(7);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    Pieces pieces(std::string_view(bytes).substr(0, cut), 3);
    ByteReader in(pieces);
    in.varint();
    in.text();
    in.u64();
    EXPECT_FALSE(in.ok()) << cut;
    EXPECT_TRUE(in.at_end()) << cut;
  }
  Pieces pieces("\xff\xff\xff\xff\x7fxyz", 3);
  ByteReader in(pieces);
  EXPECT_EQ(in.text(), "") << "a length beyond what there can be asks for no memory";
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace rapport
