#include "engine/detail/sealed_part.h"

namespace rapport::engine {

SealedPart::SealedPart(Keyring& keyring, NodeId node, std::string_view sealed) {
  if (node.value == 0 || sealed.empty()) return;
  auto text = keyring.open(SealedAs::personal, node, sealed);
  if (!text) return;
  text_ = std::move(*text);
  open_ = index_.parse(text_).ok();
}

SealedPart::SealedPart(Keyring& keyring, const model::RecordView& record)
    : SealedPart(keyring, record.nodes.empty() ? NodeId{} : record.nodes.front().node, record.personal) {}

codec::JsonValue SealedPart::properties() const {
  if (!open_) return {};
  const codec::JsonValue properties = index_.root().find("properties");
  return properties.present() ? properties : index_.root();
}

std::string SealedPart::text(std::string_view name) const {
  const codec::JsonValue own = properties();
  if (!own.present()) return {};
  const codec::JsonValue value = own.find(name);
  return value.present() && value.is(codec::JsonKind::string) ? value.text() : std::string();
}

}  // namespace rapport::engine
