// Files that people send. Whatever comes, what is kept is of a kind that is known, is no longer than what
// came (but for the segment that tells how to turn a picture), and cleaning it again takes nothing more out.
#include <cstdlib>
#include <vector>

#include "codec/media.h"

namespace {

constexpr std::size_t kOrientationSegment = 36;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> exact(data, data + size);
  const auto media = rapport::codec::clean_media({exact.data(), exact.size()});
  if (!media.ok()) {
    require(!media.error().message.empty());
    return 0;
  }
  require(media->bytes.size() <= size + kOrientationSegment);
  require(rapport::codec::media_type_from_number(static_cast<std::uint8_t>(media->type)) == media->type);
  const auto again = rapport::codec::clean_media(media->bytes);
  require(again.ok() && again->type == media->type && again->bytes == media->bytes);
  return 0;
}
