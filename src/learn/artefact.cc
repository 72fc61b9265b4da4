#include "learn/artefact.h"

#include "learn/detail/model_bytes.h"

namespace rapport::learn {
namespace {

constexpr std::string_view kMagic = "RAPPMDL\n";
constexpr std::uint16_t kVersion = 2;  ///< 1 had no q of rules, and is still read
constexpr std::size_t kTextMost = 1'024;

Result<std::string> get_text(ByteReader& in, std::string_view what) {
  const std::string_view text = in.text();
  if (!in.ok() || text.empty() || text.size() > kTextMost) return detail::damaged(what);
  return std::string(text);
}

Result<KeptModel> get_model(ByteReader& in, std::size_t items) {
  KeptModel kept;
  RAPPORT_TRY(kept.spec, get_text(in, "the name of a model"));
  RAPPORT_TRY(kept.basis, get_text(in, "what a model learned from"));
  const std::string_view body = in.text();
  if (!in.ok()) return detail::damaged(kept.spec);
  const ModelKind* kind = find_model_kind(std::string_view(kept.spec).substr(0, kept.spec.find(':')));
  if (kind == nullptr || kind->load == nullptr) return detail::damaged("no such model is ever kept");
  ByteReader bytes(body);
  RAPPORT_TRY(kept.model, kind->load(bytes, items));
  if (!bytes.ok() || !bytes.at_end()) return detail::damaged(kept.spec);
  return kept;
}

}  // namespace

Result<std::string> encode_models(const ModelSet& set) {
  std::string payload;
  ByteWriter out(payload);
  out.i64(set.trained_ms);
  for (const std::uint64_t number : {set.position, set.customers, set.purchases, set.views, set.baskets})
    out.varint(number);
  out.varint(set.items.size());
  for (const std::string& item : set.items) out.text(item);
  out.varint(set.models.size());
  for (const KeptModel& kept : set.models) {
    std::string body;
    ByteWriter model(body);
    if (!kept.model->save(model))
      return Error{Errc::unsupported, "this model keeps rows of customers and is never stored", kept.spec};
    out.text(kept.spec);
    out.text(kept.basis);
    out.text(body);
  }
  std::string bytes(kMagic);
  ByteWriter head(bytes);
  head.u16(kVersion);
  head.u64(payload.size());
  head.raw(as_view(sha256(payload)));
  head.raw(payload);
  return bytes;
}

Result<ModelSet> decode_models(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.raw(kMagic.size()) != kMagic) return detail::damaged("this is no file of models");
  const std::uint16_t version = in.u16();
  if (in.ok() && (version < 1 || version > kVersion))
    return Error{Errc::unsupported, fmt::format("models of version {}", version), "model",
                 fmt::format("version {}; train again", kVersion)};
  const std::uint64_t size = in.u64();
  const std::string_view digest = in.raw(sizeof(Digest));
  if (!in.ok() || size != in.left()) return detail::damaged("its length is not what it says");
  if (digest != as_view(sha256(in.rest()))) return detail::damaged("its digest is another");
  return decode_model_payload(in.rest());
}

Result<ModelSet> decode_model_payload(std::string_view payload) {
  ByteReader in(payload);
  ModelSet set;
  set.trained_ms = in.i64();
  for (std::uint64_t* number : {&set.position, &set.customers, &set.purchases, &set.views, &set.baskets})
    *number = in.varint();
  RAPPORT_TRY(const std::size_t items, detail::get_count(in, 2, "the items"));
  set.items.reserve(items);
  for (std::size_t i = 0; i < items; ++i) {
    RAPPORT_TRY(std::string name, get_text(in, "the name of an item"));
    set.items.push_back(std::move(name));
  }
  RAPPORT_TRY(const std::size_t models, detail::get_count(in, 3, "the models"));
  for (std::size_t i = 0; i < models; ++i) {
    RAPPORT_TRY(KeptModel kept, get_model(in, items));
    set.models.push_back(std::move(kept));
  }
  if (!in.ok() || !in.at_end()) return detail::damaged("bytes are left over");
  return set;
}

}  // namespace rapport::learn
