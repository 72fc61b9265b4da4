#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/json_index.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_ledger.h"
#include "store/store.h"
#include "views/merkle.h"

namespace rapport::engine {
namespace {

class LedgerTest : public EngineTest {
 protected:
  Result<std::string> ask(const std::function<void(Reply<std::string>)>& door) {
    return wait<std::string>(door);
  }
  Result<std::string> status() {
    return ask([&](auto reply) { ledger_status(*engine_, shop_, reply); });
  }
  Result<std::string> receipt(EventSeq seq) {
    return ask([&](auto reply) { ledger_receipt(*engine_, shop_, seq, reply); });
  }
  Result<std::string> verify() {
    return ask([&](auto reply) { ledger_verify(*engine_, shop_, reply); });
  }
  std::string review(int n) {
    return track("u" + std::to_string(n), "Review Posted", "r" + std::to_string(n),
                 fmt::format(R"({{"review_id":"R{}","product_id":"P1","rating":{},"text":"words of {}"}})", n,
                             1 + n % 5, n));
  }
};

std::string member(const std::string& json, std::initializer_list<std::string_view> path) {
  codec::JsonIndex index;
  EXPECT_TRUE(index.parse(json).ok()) << json;
  codec::JsonValue value = index.root();
  for (const std::string_view name : path) value = value.find(name);
  if (!value.present()) return "";
  return value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
}

TEST_F(LedgerTest, AReviewIsProvedAndWhoKeptAReceiptSeesTheTreeGrow) {
  const auto empty = status();
  ASSERT_TRUE(empty.ok()) << empty.error().describe();
  EXPECT_EQ(member(*empty, {"size"}), "0");
  const std::string key = member(*empty, {"key"});
  EXPECT_EQ(member(*empty, {"origin"}), "rapport/main");
  ASSERT_TRUE(open_checkpoint(member(*empty, {"checkpoint"}), key).ok());

  ASSERT_TRUE(send(track("ada", "Product Viewed", "v1", R"({"product_id":"P1"})")).ok());
  const auto first = send(review(1));
  ASSERT_TRUE(first.ok());
  const auto told = receipt(first->offset);
  ASSERT_TRUE(told.ok()) << told.error().describe();
  EXPECT_EQ(member(*told, {"record", "event"}), "Review Posted");
  EXPECT_EQ(member(*told, {"record", "properties", "rating"}), "2");
  EXPECT_EQ(told->find("words of"), std::string::npos) << "what she wrote stays sealed";
  const auto kept = parse_receipt(member(*told, {"receipt"}));
  ASSERT_TRUE(kept.ok()) << kept.error().describe();
  EXPECT_EQ(kept->index, 0U);
  const auto old_tree = check_receipt(*kept, key);
  ASSERT_TRUE(old_tree.ok()) << old_tree.error().describe();
  EXPECT_EQ(old_tree->size, 1U);

  std::string many;
  for (int n = 2; n <= 700; ++n) many += (n == 2 ? "" : ",") + review(n);
  ASSERT_TRUE(send(many).ok());
  const auto now = status();
  EXPECT_EQ(member(*now, {"size"}), "700");
  const auto new_tree = open_checkpoint(member(*now, {"checkpoint"}), key);
  ASSERT_TRUE(new_tree.ok());
  const auto grown = ask([&](auto reply) { ledger_consistency(*engine_, shop_, 1, 0, reply); });
  ASSERT_TRUE(grown.ok());
  codec::JsonIndex index;
  ASSERT_TRUE(index.parse(*grown).ok());
  std::vector<Digest> proof;
  for (codec::JsonItems items(index.root().find("proof")); items.next();) {
    const std::string bytes = *from_base64(items.value().text());
    std::copy(bytes.begin(), bytes.end(), proof.emplace_back().begin());
  }
  EXPECT_TRUE(views::is_consistent(1, 700, old_tree->root, new_tree->root, proof));

  // Every record of it can be proved, and nothing else can.
  const std::uint64_t head = std::stoull(member(*now, {"upto"}));
  std::size_t proved = 0;
  for (std::uint64_t seq = 1; seq <= head; ++seq) {
    const auto one = receipt(EventSeq{seq});
    if (!one.ok()) {
      EXPECT_EQ(one.error().code, Errc::not_found) << one.error().describe();
      continue;
    }
    const auto parsed = parse_receipt(member(*one, {"receipt"}));
    ASSERT_TRUE(parsed.ok() && check_receipt(*parsed, key).ok());
    ++proved;
  }
  EXPECT_EQ(proved, 700U);
  EXPECT_TRUE(verify().ok());
  reopen();
  EXPECT_EQ(member(*status(), {"key"}), key);
  EXPECT_EQ(member(*status(), {"root"}), member(*now, {"root"}));
}

TEST_F(LedgerTest, AnErasedPersonsRecordsStayProvable) {
  const auto posted = send(review(1));
  ASSERT_TRUE(send(review(2)).ok());
  const std::string before = *receipt(posted->offset);
  const std::string root = member(*status(), {"root"});
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->erase(shop_, "u1", reply); }).ok());
  EXPECT_EQ(member(*status(), {"root"}), root);
  const auto kept = parse_receipt(member(before, {"receipt"}));
  EXPECT_TRUE(check_receipt(*kept, member(*status(), {"key"})).ok());
  EXPECT_EQ(member(*receipt(posted->offset), {"receipt", "leaf"}), member(before, {"receipt", "leaf"}));
  EXPECT_TRUE(verify().ok());
}

TEST_F(LedgerTest, ATokenOpensItsReceiptAndNoOther) {
  const auto posted = send(review(1));
  ASSERT_TRUE(send(review(2)).ok());
  const auto mine = ask([&](auto reply) { ledger_receipt_of(*engine_, shop_, posted->offset, "r1", reply); });
  ASSERT_TRUE(mine.ok()) << mine.error().describe();
  std::string token = member(*mine, {"token"});
  const auto by_token = [&](const std::string& text) {
    return ask([&](auto reply) { ledger_receipt_by_token(*engine_, text, reply); });
  };
  EXPECT_EQ(member(*by_token(token), {"record", "properties", "review_id"}), "R1");
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == '1' ? '2' : '1';
    EXPECT_EQ(by_token(other).error().code, Errc::not_found) << other;
  }
  for (const std::string text : {"", "1", "1.", "1.2", "1.2.", ".", "a.b.c", "0.1.00", "99999999999.1.0",
                                 "1.99999999999999999999.0", "1.-1.0"}) {
    EXPECT_EQ(by_token(text).error().code, Errc::not_found) << text;
  }
  EXPECT_EQ(
      ask([&](auto reply) { ledger_receipt_of(*engine_, shop_, posted->offset, "somebody-else's", reply); })
          .error()
          .code,
      Errc::not_found);
}

TEST_F(LedgerTest, EveryChangedByteOfAReceiptIsRejected) {
  std::string many;
  for (int n = 1; n <= 11; ++n) many += (n == 1 ? "" : ",") + review(n);
  const auto sent = send(many);
  const std::string key = member(*status(), {"key"});
  const std::string file = member(*receipt(EventSeq{sent->offset.value - 4}), {"receipt"});
  ASSERT_TRUE(check_receipt(*parse_receipt(file), key).ok());
  Random random(20261122);
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const char bits : {'\x01', '\x20', static_cast<char>(1 + random.below(255))}) {
      std::string changed = file;
      changed[at] = static_cast<char>(changed[at] ^ bits);
      const auto read = parse_receipt(changed);
      EXPECT_FALSE(read.ok() && check_receipt(*read, key).ok()) << "byte " << at << ": " << changed;
    }
    EXPECT_FALSE(parse_receipt(file.substr(0, at)).ok());
  }
  // Nor does it pass under the key of another ledger.
  const LedgerSigner stranger("rapport/main", Digest{1, 2, 3});
  EXPECT_FALSE(check_receipt(*parse_receipt(file), stranger.verifier_key()).ok());
}

// What stands in the folder is held to the log, tile by tile.
TEST_F(LedgerTest, AChangedTileIsFoundAndAnOlderFolderIsTakenAsItIs) {
  std::string many;
  for (int n = 1; n <= 600; ++n) many += (n == 1 ? "" : ",") + review(n);
  ASSERT_TRUE(send(many).ok());
  ASSERT_TRUE(verify().ok());
  engine_.reset();
  store::StoreOptions options;
  options.path = folder_.string();
  options.compression = store::Compression::off;
  {
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened.ok());
    const std::string name("t\0\0\0\0\0\0\0\0\1", 10);
    std::string tile = **(*opened)->get(store::Table::ledger, shop_, name);
    ASSERT_EQ(tile.size(), 256U * 32);
    tile[77] = static_cast<char>(tile[77] ^ 1);
    ASSERT_TRUE((*opened)->put(store::Table::ledger, shop_, name, tile).ok());
  }
  open();
  const auto wrong = verify();
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, Errc::corrupt);
  EXPECT_NE(wrong.error().message.find("tile 0/1"), std::string::npos) << wrong.error().describe();
  engine_.reset();
  {
    // As if the log had been brought back from before: the ledger knows of more records than there are.
    auto opened = store::Store::open(options);
    std::string ahead(1, '\1');
    ByteWriter out(ahead);
    out.u64(1'000'000);
    out.u64(600);
    ASSERT_TRUE((*opened)->put(store::Table::ledger, shop_, "p", ahead).ok());
  }
  open();
  const auto whole = verify();
  ASSERT_TRUE(whole.ok()) << whole.error().describe();
  EXPECT_EQ(member(*whole, {"size"}), "600");
}

TEST(LedgerReceipt, NotesAreSignedAsTheSpecificationSays) {
  const LedgerSigner signer("rapport/test", Digest{7});
  const std::string note = signer.sign(5, views::leaf_hash("x"));
  EXPECT_EQ(note, signer.sign(5, views::leaf_hash("x")));
  EXPECT_TRUE(note.starts_with("rapport/test\n5\n")) << note;
  EXPECT_NE(note.find("\n\n\xe2\x80\x94 rapport/test "), std::string::npos) << note;
  const auto opened = open_checkpoint(note, signer.verifier_key());
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->size, 5U);
  EXPECT_EQ(opened->root, views::leaf_hash("x"));
  for (const std::string key : {"", "+", "a+b+c", "rapport/test+00000000+AAAA"})
    EXPECT_EQ(open_checkpoint(note, key).error().where, "key") << key;
  for (std::string text : {std::string(), std::string("a\nb\n"), note + "x", note + note, "\n" + note})
    EXPECT_FALSE(open_checkpoint(text, signer.verifier_key()).ok()) << text;
}

}  // namespace
}  // namespace rapport::engine
