#include <cstdio>
#include <filesystem>
#include <fstream>

#include "codec/properties.h"
#include "codec/record.h"

/// make_fuzz_seeds FOLDER: the first inputs of the targets batch, control, sealed and properties.
namespace {

using namespace rapport;

void write(const std::filesystem::path& folder, const char* name, std::string_view bytes) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / name, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string properties() {
  std::string clear;
  codec::PropertyWriter out(clear);
  out.number(model::PropertyId{20}, -3);
  out.text(model::PropertyId{21}, "tea");
  out.texts(model::PropertyId{22}, {"a", "b"});
  out.lines(model::PropertyId{23}, {{"sku-1", 2, 1990}, {"sku-2", 1, -5}});
  out.answers(model::PropertyId{24}, {{"q1", 9000}});
  out.clauses(model::PropertyId{25}, {{"price", -500, "dear"}});
  return clear;
}

std::string batch() {
  const model::NodeRef nodes[] = {{NodeId{17}, model::IdentifierKind::user_id, false, {}},
                                  {NodeId{18}, model::IdentifierKind::anonymous_id, true, "sealed value"}};
  const std::string clear = properties();
  codec::BatchWriter writer(EventSeq{41}, Instant{1'795'316'645'678}, Digest{});
  writer.add_event({.event_time = Instant{1'795'316'643'678},
                    .kind = model::EventKind{12},
                    .message_id = "m-1",
                    .nodes = nodes,
                    .clear = clear,
                    .personal_sealed = "sealed"});
  writer.add_event({.event_time = Instant{5}, .name = "Tea Tasted", .nodes = nodes, .is_alias = true});
  writer.add_control(model::RecordType::erased, codec::encode_erased({{NodeId{17}, NodeId{18}}}));
  writer.add_control(model::RecordType::tick, "");
  return std::move(writer).finish().bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("make_fuzz_seeds FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path corpus(argv[1]);
  write(corpus / "batch", "whole", batch());
  codec::BatchWriter tick(EventSeq{1}, Instant{0}, Digest{});
  tick.add_control(model::RecordType::tick, "");
  write(corpus / "batch", "tick", std::move(tick).finish().bytes);
  write(corpus / "control", "unlinked", codec::encode_unlinked({NodeId{5}, {NodeId{1}, NodeId{300}}}));
  write(corpus / "control", "erased", codec::encode_erased({{NodeId{2}, NodeId{70'000}}}));
  write(corpus / "control", "shop_created", codec::encode_shop_created({}));
  write(corpus / "control", "import", codec::encode_import({"olist", "run 1", -86'400'000}));
  write(corpus / "control", "zone_data", codec::encode_zone_data("2024a"));
  write(corpus / "sealed", "empty", "");
  write(corpus / "sealed", "text", "{\"email\":\"ada@example.com\"}");
  write(corpus / "properties", "all", properties());
  return 0;
}
