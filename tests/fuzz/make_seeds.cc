#include <cstdio>
#include <filesystem>
#include <fstream>

#include "codec/properties.h"
#include "codec/record.h"
#include "learn/artefact.h"

/// make_fuzz_seeds FOLDER: the first inputs of the targets batch, control, sealed, properties and model.
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

/// One small model of each kind over the same eight baskets.
std::string models() {
  learn::InteractionsBuilder builder;
  const char* items[] = {"tea", "pot", "cup", "oil"};
  for (int customer = 0; customer < 8; ++customer) {
    for (int basket = 0; basket < 3; ++basket) {
      for (int i = 0; i < 2; ++i)
        (void)builder.add(std::to_string(customer), items[(customer % 2) * 2 + i], basket * 864'000'000LL);
    }
  }
  const learn::Interactions data = std::move(builder).build().value();
  const std::vector<std::vector<std::uint32_t>> attributes = {{0, 1}, {0}, {1}, {2}};
  learn::TrainContext context;
  context.attributes = &attributes;
  learn::ModelSet set;
  for (std::uint32_t item = 0; item < data.items(); ++item) set.items.push_back(data.item_name(item));
  for (const learn::ModelKind& kind : learn::model_kinds()) {
    learn::ModelSpec spec{std::string(kind.name), {}};
    if (kind.name == "als") spec.settings = {{"factors", 8}, {"sweeps", 1}};
    if (kind.load != nullptr)
      set.models.push_back({spec.text(), "all", learn::train_model(spec, data, context).value()});
  }
  return learn::encode_models(set).value();
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
  write(corpus / "model", "whole", models());
  write(corpus / "model", "payload", models().substr(50));
  return 0;
}
