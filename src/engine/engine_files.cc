#include "base/bytes.h"
#include "codec/media.h"
#include "engine/detail/impl.h"

// Files that people send: cleaned, sealed under their subject's key, referred to by hash.
namespace rapport::engine {
namespace {

/// The node under whose key a subject's files lie: the identifier that was named, or a customer's first.
Result<NodeId> node_of(ShopUnit& unit, const std::string& subject) {
  RAPPORT_TRY(const model::CustomerRef ref, model::CustomerRef::parse(subject));
  RAPPORT_TRY(const CustomerId customer, resolve(unit, subject));
  if (ref.identifier) {
    if (const auto node = unit.shop.desk().find(*ref.identifier)) return *node;
  }
  return NodeId{customer.value};
}

Result<Digest> parse_hash(const std::string& text) {
  const auto bytes = from_hex(text);
  Digest digest{};
  if (!bytes.ok() || bytes->size() != digest.size())
    return Error{Errc::bad_input, "not the hash of a file", "hash", "64 hexadecimal digits"};
  std::copy(bytes->begin(), bytes->end(), reinterpret_cast<char*>(digest.data()));
  return digest;
}

bool is_picture(codec::MediaType type) {
  using enum codec::MediaType;
  return type == jpeg || type == png || type == webp;
}

}  // namespace

void Engine::put_file(ShopNo shop, std::string subject, std::string bytes, FileLimits limits,
                      Reply<FileKept> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (bytes.size() > kFileBytesMost) {
    return reply(Error{Errc::too_large, fmt::format("a file of {} bytes", bytes.size()), "body",
                       fmt::format("at most {}", kFileBytesMost)});
  }
  auto file = std::make_shared<const std::string>(std::move(bytes));
  impl_->on_quick<FileKept>(
      std::move(reply), [this, unit, shop, limits, subject = std::move(subject), file]() -> Result<FileKept> {
        RAPPORT_TRY(const codec::CleanMedia media, codec::clean_media(*file));
        if (limits.pictures_only && !is_picture(media.type)) {
          return fail(Errc::forbidden, "{} is no picture", codec::media_type_name(media.type));
        }
        RAPPORT_TRY(const NodeId node, ask_shop<NodeId>(*unit, [&] { return node_of(*unit, subject); }));
        const Digest name = sha256(media.bytes);
        FileKept kept{digest_hex(name), codec::media_type_name(media.type), media.bytes.size(),
                      media.removed};
        RAPPORT_TRY(const auto held, impl_->store->files_of(shop, node));
        for (const store::Store::StoredFile& one : held) {
          if (one.name == name) return kept;
        }
        if (held.size() >= limits.most)
          return fail(Errc::overloaded, "{} files are kept of this subject, and no more", held.size());
        const auto key = unit->shop.keyring().find(node);
        if (!key) return Error{Errc::not_found, "no such customer", "subject"};
        std::string content(1, static_cast<char>(media.type));
        content += media.bytes;
        std::string sealed;
        codec::seal(*key, content, seal_context(SealedAs::file, node), sealed);
        RAPPORT_CHECK(impl_->store->put_file(shop, node, name, sealed));
        return kept;
      });
}

void Engine::get_file(ShopNo shop, std::string hash, Reply<FileContent> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_quick<FileContent>(
      std::move(reply), [this, unit, shop, hash = std::move(hash)]() -> Result<FileContent> {
        RAPPORT_TRY(const Digest name, parse_hash(hash));
        RAPPORT_TRY(const std::vector<NodeId> holders, impl_->store->file_holders(shop, name));
        for (const NodeId node : holders) {
          RAPPORT_TRY(const auto sealed, impl_->store->get_file(shop, node, name));
          auto content = sealed ? unit->shop.keyring().open(SealedAs::file, node, *sealed) : std::nullopt;
          if (!content || content->empty()) continue;
          const auto type = codec::media_type_from_number(static_cast<std::uint8_t>(content->front()));
          if (type) return FileContent{codec::media_type_name(*type), content->substr(1)};
        }
        return Error{Errc::not_found, "no such file", "hash"};
      });
}

}  // namespace rapport::engine
